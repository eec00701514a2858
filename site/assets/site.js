// What the pages add once loaded: sorting, filtering, and Plotly when a reader asks for it. Nothing is fetched
// elsewhere, and everything is readable without this file.
(() => {
  "use strict";
  const { assets, ui } = JSON.parse(document.getElementById("site-words").textContent);
  const page = document.querySelector("article");
  const say = (text, named) => text.replace(/\{(\w+)\}/g, (_, name) => named[name]);

  // The menu is longer than the window: the page one is on is in sight.
  const menu = document.querySelector(".md-sidebar--primary .md-sidebar__scrollwrap");
  const here = menu?.querySelector("[aria-current]");
  if (here) menu.scrollTop = here.getBoundingClientRect().top - menu.getBoundingClientRect().top - menu.clientHeight / 2;

  // --- tables ----------------------------------------------------------------------------------------------------
  const french = document.documentElement.lang === "fr";
  const collator = new Intl.Collator(french ? "fr" : "en", { numeric: true, sensitivity: "base" });
  const valueOf = (cell) => cell.dataset.v ?? (cell.classList.contains("num") ? null : cell.textContent.trim());

  const compare = (a, b) => {
    if (a === b) return 0;
    if (a === null || a === "") return 1; // what is missing stays at the end
    if (b === null || b === "") return -1;
    const x = Number(a), y = Number(b);
    return Number.isNaN(x) || Number.isNaN(y) ? collator.compare(a, b) : x - y;
  };

  const sortBy = (table, place, descending) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [valueOf(row.cells[place]), row]);
    const missing = rows.filter(([value]) => value === null || value === "");
    const known = rows.filter(([value]) => value !== null && value !== "").sort((a, b) => compare(a[0], b[0]));
    if (descending) known.reverse();
    body.append(...[...known, ...missing].map(([, row]) => row));
    [...table.tHead.rows[0].cells].forEach((head, number) => {
      if (number === place) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };

  for (const table of document.querySelectorAll("table.data")) {
    if (table.tBodies[0].rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sorter";
      button.append(...head.childNodes);
      button.title = say(ui.sort, { column: button.textContent });
      head.append(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        sortBy(table, place, now ? now === "ascending" : head.classList.contains("num"));
      });
    });
  }

  // A filter is kept in the address, so that a narrowed page can be sent to a colleague.
  const address = new URLSearchParams(location.search);
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  for (const table of document.querySelectorAll("table.data[data-filters]")) {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 8) continue;
    const box = document.createElement("div");
    box.className = "table-filter";
    const label = document.createElement("label");
    const input = document.createElement("input");
    const told = document.createElement("output");
    input.type = "search";
    input.id = `filter-${table.id}`;
    label.htmlFor = input.id;
    label.textContent = ui.filter;
    box.append(label, input, told);
    table.parentElement.before(box);
    const name = `q-${table.id.slice(2)}`;
    const texts = rows.map((row) => plain(row.textContent));
    const narrow = () => {
      const wanted = plain(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, number) => {
        row.hidden = !wanted.every((word) => texts[number].includes(word));
        shown += !row.hidden;
      });
      told.textContent = wanted.length ? (shown ? say(ui.rows, { n: shown, all: rows.length }) : ui.no_row) : "";
      if (input.value) address.set(name, input.value);
      else address.delete(name);
      const query = address.toString();
      try { history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash); } catch { /* a folder */ }
    };
    input.addEventListener("input", narrow);
    if (address.get(name)) {
      input.value = address.get(name);
      narrow();
    }
  }

  // --- paper: tables open ----------------------------------------------------------------------------------------
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details.figures:not([open])")) {
      details.open = true;
      details.dataset.opened = "print";
    }
  });
  addEventListener("afterprint", () => {
    for (const details of document.querySelectorAll("details[data-opened]")) details.open = false;
  });

  // --- charts on request -----------------------------------------------------------------------------------------
  let library;
  const plotly = () => (library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${assets}vendor/plotly-basic-4.1.1.min.js`;
    script.onload = () => done(window.Plotly);
    script.onerror = failed;
    document.head.append(script);
  }));
  const token = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const drawn = new Map();

  const coloured = (document_) => {
    const copy = structuredClone(document_);
    for (const trace of copy.data) {
      const colour = token(`--chart-${trace.meta.role}`);
      const hollow = new Set(trace.meta.hollow);
      const size = (trace.orientation === "h" ? trace.y : trace.x).length;
      const opacity = Array.from({ length: size }, (_, place) => (hollow.has(place) ? 0.4 : 1));
      const colours = trace.meta.roles.length ? trace.meta.roles.map((role) => token(`--chart-${role}`)) : colour;
      if (trace.type === "bar") trace.marker = { color: colours, opacity, line: { color: token("--card"), width: 1 } };
      else Object.assign(trace, { line: { ...trace.line, color: colour, width: 2.4 }, marker: { color: colour, opacity, size: 7 } });
      if (trace.error_y) Object.assign(trace.error_y, { color: token("--ink"), thickness: 1.3, width: 4 });
    }
    const rule = token("--rule-soft");
    Object.assign(copy.layout, {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", height: 340,
      font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: token("--ink") },
      hoverlabel: { bgcolor: token("--card"), bordercolor: token("--rule"), font: { color: token("--ink") } },
    });
    for (const axis of ["xaxis", "yaxis"]) Object.assign(copy.layout[axis], { gridcolor: rule, zerolinecolor: token("--chart-line"), linecolor: rule });
    for (const shape of copy.layout.shapes ?? []) shape.line.color = token("--ink");
    return copy;
  };

  // The modebar's links have no names, and its share button would send figures outside: neither is ever shown.
  const config = { displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", responsive: true };

  const draw = async (key) => {
    const library_ = await plotly();
    const { plot, figure } = drawn.get(key);
    const { data, layout } = coloured(figure);
    await library_.react(plot, data, layout, config);
  };

  for (const button of document.querySelectorAll("[data-interactive]")) {
    const key = button.dataset.interactive;
    const chart = document.querySelector(`[data-chart="${CSS.escape(key)}"]`);
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", async () => {
      if (drawn.has(key)) {
        drawn.get(key).plot.remove();
        drawn.delete(key);
        button.textContent = ui.interactive;
        button.setAttribute("aria-pressed", "false");
        return;
      }
      button.textContent = ui.loading;
      button.disabled = true;
      try {
        await plotly();
        const plot = document.createElement("div");
        plot.className = "plot";
        plot.setAttribute("role", "group");
        plot.setAttribute("aria-label", chart.querySelector("svg title").textContent);
        chart.prepend(plot);
        drawn.set(key, { plot, figure: JSON.parse(document.getElementById(`d-${key}`).textContent) });
        await draw(key);
        button.textContent = ui.static;
        button.setAttribute("aria-pressed", "true");
      } catch {
        drawn.get(key)?.plot.remove();
        drawn.delete(key);
        button.textContent = ui.interactive;
      } finally {
        button.disabled = false;
      }
    });
  }

  // Light or dark is chosen while charts are open: they follow.
  new MutationObserver(() => { for (const key of drawn.keys()) draw(key); })
    .observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
})();
