"""The site in a real browser, opened from a folder: nothing fetched, readable without script, usable by hand and by ear."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from site_shop import pages

pytestmark = pytest.mark.browser

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PAGES = ("index", "ageing", "delays", "recovery", "works", "segments", "promises", "forecast", "risk", "cost", "activity", "quality",
         "definitions", "customers")  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    assert found, "These tests need Chromium: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that remembers what it asked for and what went wrong."""
    made = context.new_page()
    made.asked = []  # type: ignore[attr-defined]
    made.wrong = []  # type: ignore[attr-defined]
    made.on("request", lambda request: _note(made, request))
    made.on("console", lambda message: made.wrong.append(message.text) if message.type == "error" else None)  # type: ignore[attr-defined]
    made.on("pageerror", lambda error: made.wrong.append(str(error)))  # type: ignore[attr-defined]
    return made


def _note(page: Page, request: Request) -> None:
    if not request.url.startswith(("file://", "data:", "blob:")):
        page.asked.append(request.url)  # type: ignore[attr-defined]


def _open(page: Page, site: Path, name: str, language: str = "fr") -> None:
    """`name` "customer": the page of a customer that owes something."""
    if name == "customer":
        found = sorted((site / language / "customers").glob("*.html"))
        name = next(f"customers/{path.stem}" for path in found if "data-interactive" in path.read_text(encoding="utf-8"))
    page.goto((site / language / f"{name}.html").as_uri())


@pytest.mark.parametrize("name", PAGES)
def test_from_a_folder_each_page_opens_without_error_and_without_asking_the_outside(
    page: Page, internal_site: Path, name: str
) -> None:
    _open(page, internal_site, name)
    expect(page.locator("h1")).to_be_visible()
    assert page.wrong == []  # type: ignore[attr-defined]
    assert page.asked == []  # type: ignore[attr-defined]


DRAWN = (*PAGES, "segment-watch", "customer")


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_draws_when_asked_and_every_table_sorts(page: Page, internal_site: Path, name: str) -> None:
    _open(page, internal_site, name, "en")
    page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
    buttons = page.locator("[data-interactive]")
    for place in range(buttons.count()):
        buttons.nth(place).click()
    expect(page.locator(".plot .main-svg:first-of-type")).to_have_count(buttons.count(), timeout=30_000)
    drawn = page.evaluate("[...document.querySelectorAll('.plot')].map((one) => one.data.length)")
    assert all(number > 0 for number in drawn)
    assert page.locator(".modebar").count() == 0 or page.locator(".modebar:visible").count() == 0
    for table in page.locator("table.data:has(.sorter)").all():
        rows = table.locator("tbody tr").count()
        for place in range(table.locator(".sorter").count()):
            table.locator(".sorter").nth(place).click()
            told = table.evaluate(SORTED, place)
            assert told == "ascending" or told == "descending", (name, table.get_attribute("id"), place, told)
        assert table.locator("tbody tr").count() == rows
    assert page.wrong == []  # type: ignore[attr-defined]
    assert page.asked == []  # type: ignore[attr-defined]


# The order in which a column's known values stand, after its heading was pressed; what is missing stays last.
SORTED = """(table, place) => {
  const cells = [...table.tBodies[0].rows].map((row) => row.cells[place]);
  const known = cells.filter((cell) => cell.dataset.v !== undefined).map((cell) => cell.dataset.v);
  const numbers = known.map((text) => (/^-?[0-9.]+$/.test(text) ? Number(text) : Date.parse(text)));
  const wanted = table.tHead.rows[0].cells[place].getAttribute("aria-sort");
  const right = numbers.every((one, at) => at === 0 || (wanted === "ascending" ? numbers[at - 1] <= one : numbers[at - 1] >= one));
  const last = cells.findIndex((cell) => cell.dataset.v === undefined);
  const gaps = table.tHead.rows[0].cells[place].classList.contains("num") ? last < 0 || last === known.length : true;
  return right && gaps ? wanted : `not ${wanted}: ${numbers.slice(0, 5)}`;
}"""


def test_a_chart_becomes_interactive_on_request_has_no_share_button_and_goes_back(page: Page, internal_site: Path) -> None:
    _open(page, internal_site, "index")
    figure = page.locator("#f-eur-overview-trend")
    assert page.evaluate("typeof window.Plotly") == "undefined"
    button = figure.get_by_role("button", name="Version interactive")
    button.click()
    expect(figure.locator(".plot .main-svg").first).to_be_visible()
    expect(figure.locator("svg.drawing.wide")).to_be_hidden()
    assert page.locator(".modebar-btn").count() == 0
    assert "plotly.com" not in figure.inner_html().lower()
    assert page.evaluate("document.querySelector('.plot').data.length") == 5
    table = figure.locator("table.data")
    first = page.evaluate("[...document.querySelector('.plot').data[0].y]")
    shown = table.evaluate("(table) => [...table.tBodies[0].rows].map((row) => Number(row.cells[1].dataset.v))")
    assert first == shown
    figure.get_by_role("button", name="Version fixe").click()
    expect(figure.locator("svg.drawing.wide")).to_be_visible()
    assert page.asked == []  # type: ignore[attr-defined]
    assert page.wrong == []  # type: ignore[attr-defined]


def test_a_chart_follows_the_dark_scheme(page: Page, internal_site: Path) -> None:
    _open(page, internal_site, "index")
    page.locator("#f-eur-overview-trend").get_by_role("button", name="Version interactive").click()
    page.wait_for_selector(".plot .main-svg")
    colour = "document.querySelector('.plot').data[0].marker.color"
    light = page.evaluate(colour)
    page.evaluate("document.body.setAttribute('data-md-color-scheme', 'slate')")
    page.wait_for_function(f"{colour} !== {json.dumps(light)}")


def test_without_any_script_the_figures_the_drawings_and_the_tables_are_there(browser: Browser, internal_site: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    _open(page, internal_site, "index")
    expect(page.locator("#k-open .tile-value").first).to_be_visible()
    expect(page.locator("#f-eur-overview-trend svg.wide")).to_be_visible()
    page.locator("#f-eur-overview-trend summary").click()
    expect(page.locator("#f-eur-overview-trend table")).to_be_visible()
    assert page.get_by_role("button", name="Version interactive").count() == 0
    context.close()


def test_a_table_sorts_by_its_headings_with_the_keyboard_and_keeps_its_total_last(page: Page, internal_site: Path) -> None:
    _open(page, internal_site, "ageing")
    table = page.locator("#t-eur-ageing-customers")
    values = "(table) => [...table.tBodies[0].rows].map((row) => Number(row.cells[1].dataset.v))"
    heading = table.get_by_role("button", name="À échoir")
    heading.focus()
    page.keyboard.press("Enter")
    falling = table.evaluate(values)
    assert falling == sorted(falling, reverse=True)
    assert table.locator("th[aria-sort='descending']").count() == 1
    page.keyboard.press("Enter")
    assert table.evaluate(values) == sorted(falling)
    assert table.locator("tfoot").inner_text().startswith("Total")


def test_a_filter_narrows_the_customers_forgives_accents_and_stays_in_the_address(page: Page, internal_site: Path) -> None:
    _open(page, internal_site, "customers")
    table = page.locator("#t-eur-customers")
    name = table.locator("tbody tr th").first.inner_text()
    page.locator("#filter-t-eur-customers").fill(name[:8].upper())
    shown = table.locator("tbody tr:visible")
    expect(shown.first).to_contain_text(name)
    assert shown.count() < table.locator("tbody tr").count()
    page.reload()
    assert page.locator("#filter-t-eur-customers").input_value() == name[:8].upper()


@pytest.mark.parametrize("wanted", ["Définitions", "Ambulances"])
def test_the_search_works_from_a_folder(page: Page, internal_site: Path, wanted: str) -> None:
    _open(page, internal_site, "index")
    page.locator("input[name=query]").click()
    page.keyboard.type(wanted)
    expect(page.locator(".md-search-result__link").first).to_be_visible(timeout=15_000)
    expect(page.locator(".md-search-result__list")).to_contain_text(wanted)
    page.locator(".md-search-result__link").first.click()
    expect(page.locator("h1")).to_contain_text(wanted)


def test_the_language_switch_keeps_the_page(page: Page, internal_site: Path) -> None:
    _open(page, internal_site, "cost")
    page.get_by_role("link", name="EN – English").click()
    expect(page.locator("h1")).to_have_text("Cost of arrears")
    page.get_by_role("link", name="FR – Français").click()
    expect(page.locator("h1")).to_have_text("Coût des retards")


@pytest.mark.parametrize("name", DRAWN)
def test_a_phone_shows_each_page_without_scrolling_sideways(browser: Browser, internal_site: Path, name: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    _open(page, internal_site, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for drawing in page.locator("svg.wide").all():
        expect(drawing).to_be_hidden()
    context.close()


@pytest.mark.parametrize(
    ("name", "scheme"),
    [(name, scheme) for name in DRAWN for scheme in ("light", "dark")],
)
def test_assistive_technology_finds_nothing_in_its_way(browser: Browser, internal_site: Path, name: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    _open(page, internal_site, name, "en")
    page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
    results = Axe().run(page)
    wrong = [(one["id"], [node["target"] for node in one["nodes"]][:4]) for one in results.response["violations"]]
    assert wrong == []
    context.close()


def test_on_paper_tables_are_open_and_the_frame_is_gone(page: Page, internal_site: Path) -> None:
    _open(page, internal_site, "ageing")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#f-eur-ageing-months table")).to_be_visible()
    expect(page.locator(".md-header")).to_be_hidden()
    expect(page.locator(".stamp")).to_be_visible()
    expect(page.locator("#f-eur-ageing-months svg.wide")).to_be_visible()


def test_the_public_edition_opens_the_same_way(page: Page, public_site: Path) -> None:
    for path in pages(public_site):  # the guides too
        page.goto(path.as_uri())
        expect(page.locator("h1")).to_be_visible()
    assert page.wrong == []  # type: ignore[attr-defined]
    assert page.asked == []  # type: ignore[attr-defined]
