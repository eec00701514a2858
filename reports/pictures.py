"""The pictures of the guides: the demo's workbook and site, photographed (`make pictures`).

Needs LibreOffice, poppler's `pdftoppm` and Chromium. The day is fixed, so that the pictures change only when the program
does. A picture of a tab shows chosen rows and columns, with their letters and numbers, and the tabs below. All data is
invented. Not run by the tests.
"""

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from click.testing import CliRunner
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.pages.words import LANGUAGES, SOURCES
from sync.cli import main as relance
from sync.ledger.words import Language
from sync.workbook.contract import TABS, TABS_BY_KEY, Tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DAY = "2026-11-20"
OUT = SOURCES / "assets" / "pictures"
MOST_BYTES = 150_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Part of a tab. `columns`: {key: width in characters}. `rows`: the customers whose rows are shown (none: from the top).

    `filled` keeps rows where that column is not empty, `empty` where it is; `height` of each row in points (0: as needed).
    `tasks` keeps rows of Today whose key begins so.
    """

    name: str
    tab: str
    columns: Mapping[str, int]
    customers: Sequence[str] = ()
    filled: str = ""
    empty: str = ""
    most: int = 8
    height: int = 0
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Documents of a customer, page by page side by side. `kind` as `relance document` is told, or "dossier" for its list."""

    name: str
    kind: str
    customer: str
    pages: int = 2


SHOTS: Sequence[Shot] = (
    Shot(name="today", tab="today", columns={"priority": 9, "kind": 20, "what": 48, "outcome": 13, "note": 15}, most=9),
    Shot(
        name="invoices", tab="invoices", customers=("C0031", "C0104", "C0061", "C0077", "C0112", "C0119", "C0116"), filled="open",
        columns={"invoice": 12, "customer": 9, "issued": 11, "due": 11, "amount": 11, "reason": 12, "promised": 12, "hold": 12, "note": 20},
    ),
    Shot(
        name="answers", tab="invoices", customers=("C0147", "C0053", "C0058", "C0031", "C0012"), filled="open", most=6,
        columns={"invoice": 12, "open": 11, "days_late": 9, "step": 9, "next_action": 17, "action_date": 12, "why": 44},
    ),
    Shot(
        name="draft", tab="invoices", customers=("C0147",), filled="draft", most=1, height=300,
        columns={"invoice": 12, "send": 11, "subject": 26, "draft": 62},
    ),
    Shot(
        name="pauses", tab="invoices", customers=("C0104", "C0061", "C0056", "C0077", "C0113", "C0082"), filled="days_late", most=7,
        columns={"invoice": 12, "reason": 13, "promised": 12, "hold": 13, "action_date": 12, "why": 48},
    ),
    Shot(
        name="problems", tab="problems", most=7,
        columns={"tab": 10, "row": 7, "column": 13, "value": 13, "what": 34, "fix": 36},
    ),
    Shot(
        name="contacts", tab="contacts", customers=("C0031", "C0053", "C0099", "C0116", "C0151", "C0147"),
        columns={"name": 26, "segment": 13, "risk": 8, "open": 11, "overdue": 11, "usual_delay": 11, "advice": 36},
    ),
    Shot(
        name="payments", tab="payments", empty="invoice", filled="amount", most=7,
        columns={"paid_on": 12, "invoice": 12, "customer": 9, "amount": 11, "reference": 18, "suggested": 22},
    ),
    Shot(
        name="plans", tab="plans", most=9,
        columns={"plan": 12, "invoices": 36, "agreed_on": 12, "due": 12, "amount": 11, "state": 11},
    ),
    Shot(
        name="journal", tab="journal", filled="subject", most=8,
        columns={"when": 26, "customer": 9, "invoices": 13, "step": 7, "channel": 9, "status": 10, "subject": 36},
    ),
    Shot(
        name="cadence", tab="cadence", most=15,
        columns={"cadence": 12, "segment": 14, "step": 8, "when": 9, "channel": 26, "approval": 18},
    ),
    Shot(
        name="signs", tab="today", tasks=("review|warning|", "review|portfolio|"), most=5,
        columns={"kind": 15, "what": 36, "why": 34, "script": 50},
    ),
    Shot(
        name="cases", tab="today", tasks=("review|case|",), most=4, height=118,
        columns={"kind": 15, "invoices": 12, "what": 40, "script": 62},
    ),
    Shot(
        name="promises", tab="invoices", customers=("C0112", "C0113", "C0116"), filled="promised", most=4,
        columns={"invoice": 12, "open": 11, "reason": 12, "promised": 12, "next_action": 16, "why": 52},
    ),
    Shot(
        name="deadlines", tab="today", tasks=("review|filing|", "review|vat|", "review|rate|FR", "review|rate|ECB"), most=4,
        columns={"kind": 18, "invoices": 14, "what": 90},
    ),
    Shot(
        name="limitation", tab="invoices", customers=("P0307", "C0138", "C0136"), filled="open", most=4,
        columns={"invoice": 12, "due": 12, "open": 11, "next_action": 16, "why": 70},
    ),
    Shot(
        name="decide", tab="today", tasks=("review|decide|",), most=1,
        columns={"kind": 12, "invoices": 14, "amount": 11, "what": 36, "script": 66},
    ),
    Shot(name="settings", tab="settings", most=20, columns={"setting": 28, "value": 28, "meaning": 58}),
)  # fmt: skip
PAGES: Sequence[tuple[str, str]] = (
    ("site-overview", "index"),
    ("site-ageing", "ageing"),
    ("site-delays", "delays"),
    ("site-works", "works"),
    ("site-cost", "cost"),
)


PAPERS: Sequence[Paper] = (
    Paper(name="notice", kind="notice", customer="C0099"),
    Paper(name="calculation", kind="interest", customer="C0119", pages=1),
    Paper(name="agreement", kind="plan", customer="C0082"),
    Paper(name="dossier", kind="dossier", customer="C0138", pages=1),
)
COMMANDS: Mapping[str, Sequence[str]] = {"propose": ("propose", "C0099"), "forget": ("forget", "C0023")}


# --- A part of a tab, as a page of its own --------------------------------------------------------------------------------


def _cut(workbook: Path, shot: Shot, language: Language, made: Path) -> None:
    """A copy of the workbook with nothing to print but the shot. Formats and colours stay the workbook's own."""
    book = openpyxl.load_workbook(workbook)
    tab = TABS_BY_KEY[shot.tab]
    sheet = book[tab.title(language)]
    assert isinstance(sheet, Worksheet)
    for other in book.worksheets:
        other.sheet_state = "visible" if other is sheet else "hidden"
        other.sheet_view.tabSelected = other is sheet
    book.active = book.worksheets.index(sheet)
    where = _columns(sheet, tab, language)
    _hide_columns(sheet, shot, where)
    kept = _rows(sheet, shot, where)
    for row in range(2, sheet.max_row + 1):
        sheet.row_dimensions[row].hidden = row not in kept
        if row in kept:
            sheet.row_dimensions[row].height = shot.height or _height(sheet, row, shot, where)
    shown = {where[key] for key in shot.columns}
    for row in {1, *kept}:
        for place in range(1, sheet.max_column + 1):
            if place in shown:
                _tidy(sheet.cell(row, place), is_heading=row == 1)
            else:
                sheet.cell(row, place).value = None  # a long text out of sight would make the row high
    sheet.print_area = f"A1:{get_column_letter(sheet.max_column)}{max(kept)}"
    sheet.print_title_rows = None
    sheet.print_options.headings = True
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8  # A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.HeaderFooter = HeaderFooter()
    book.save(made)


def _height(sheet: Worksheet, row: int, shot: Shot, where: Mapping[str, int]) -> float:
    """Points for the longest text of the row: a line is 13 points, and holds a sixth more letters than its column is wide."""
    lines = [1]
    for key, width in shot.columns.items():
        value = sheet.cell(row, where[key]).value
        lines += [-(-len(value) // int(width * 7 / 6)) + value.count("\n")] if isinstance(value, str) else []
    return 6 + 13 * max(lines)


def _tidy(cell: Cell | MergedCell, *, is_heading: bool) -> None:
    """The same letters and lines on every machine, and the whole text."""
    font, place = cell.font, cell.alignment
    cell.font = Font(name="Liberation Sans", size=10, bold=font.bold, italic=font.italic, color=font.color)
    line = Side(style="thin", color="D0D7DA")
    cell.border = Border(left=line, right=line, top=line, bottom=line)
    vertical = "center" if is_heading else "top"
    cell.alignment = Alignment(wrap_text=True, vertical=vertical, horizontal=place.horizontal, indent=place.indent)


def _columns(sheet: Worksheet, tab: Tab, language: Language) -> Mapping[str, int]:
    places = {str(sheet.cell(1, place).value): place for place in range(1, sheet.max_column + 1)}
    return {column.key: places[column.heading(language)] for column in tab.columns}


def _hide_columns(sheet: Worksheet, shot: Shot, where: Mapping[str, int]) -> None:
    wanted = {where[key]: width for key, width in shot.columns.items()}
    for place in range(1, sheet.max_column + 1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.hidden = place not in wanted
        if place in wanted:
            dimension.width = wanted[place]


def _rows(sheet: Worksheet, shot: Shot, where: Mapping[str, int]) -> frozenset[int]:
    """The first rows of the tab that fit, of the Journal the last."""
    fits = [
        row
        for row in range(2, sheet.max_row + 1)
        if (not shot.filled or sheet.cell(row, where[shot.filled]).value not in (None, "", 0))
        and (not shot.empty or sheet.cell(row, where[shot.empty]).value in (None, ""))
        and sheet.cell(row, 1).value not in (None, "")
    ]
    if shot.tasks:
        fits = [row for row in fits if str(sheet.cell(row, where["task"]).value).startswith(shot.tasks)]
    if shot.customers:
        fits = [row for row in fits if sheet.cell(row, where["customer"]).value in shot.customers]
    chosen = fits[-shot.most :] if shot.tab == "journal" else fits[: shot.most]
    return frozenset(chosen)


# --- From a page to a picture ---------------------------------------------------------------------------------------------

_LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item>
</oor:items>
"""


def _print(workbooks: Sequence[Path], language: Language, folder: Path) -> None:
    """Workbooks -> PNG beside them, through LibreOffice, with numbers written as in the language."""
    profile = folder / f"profile-{language}"
    (profile / "user").mkdir(parents=True)
    locale = "fr-FR" if language == "fr" else "en-GB"
    (profile / "user" / "registrymodifications.xcu").write_text(_LOCALE.format(locale=locale), encoding="utf-8")
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "pdf", "--outdir", str(folder),
         *map(str, workbooks)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for workbook in workbooks:
        pdf = workbook.with_suffix(".pdf")
        subprocess.run(["pdftoppm", "-png", "-r", "170", "-singlefile", str(pdf), str(pdf.with_suffix(""))], check=True)


_FRAME = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; font: 13px Carlito, Calibri, "Source Sans 3", sans-serif; background: #fff; }}
#frame {{ width: 900px; border: 1px solid #b9c4c8; border-radius: 8px; overflow: hidden; }}
canvas {{ display: block; width: 100%; }}
nav {{ display: flex; background: #eef2f3; border-top: 1px solid #b9c4c8; padding: 0 10px; }}
nav span {{ padding: 7px 9px; color: #51636a; white-space: nowrap; }}
nav b {{ padding: 7px 9px; color: #143b45; background: #fff; box-shadow: 0 -3px #1e7a8c inset; }}
</style><div id="frame"><canvas></canvas><nav>{tabs}</nav></div>
<script>{{
const image = new Image();
image.onload = () => {{  // the sheet without the white of its page
  const probe = document.createElement("canvas");
  probe.width = image.width; probe.height = image.height;
  const ink = probe.getContext("2d"); ink.drawImage(image, 0, 0);
  const data = ink.getImageData(0, 0, image.width, image.height).data;
  let [left, top, right, bottom] = [image.width, image.height, 0, 0];
  for (let y = 0; y < image.height; y++) for (let x = 0; x < image.width; x++) {{
    const at = 4 * (y * image.width + x);
    if (data[at] + data[at + 1] + data[at + 2] < 740) {{
      left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
    }}
  }}
  const canvas = document.querySelector("canvas");
  canvas.width = right - left + 1; canvas.height = bottom - top + 1;
  canvas.getContext("2d").drawImage(image, -left, -top);
  document.body.dataset.ready = "yes";
}};
image.src = "data:image/png;base64,{image}";
}}</script>"""


def _frame(png: Path, tab: str, language: Language) -> str:
    tabs = "".join(
        f"<{'b' if one.key == tab else 'span'}>{escape(one.title(language))}</{'b' if one.key == tab else 'span'}>"
        for one in TABS
    )
    return _FRAME.format(tabs=tabs, image=base64.b64encode(png.read_bytes()).decode())


def _save(page: "Page", path: Path, clip: Mapping[str, float], scale: float = 1) -> None:
    """A WebP of part of a page, `scale` times as large. Raises ValueError when it is heavier than the guides allow."""
    session = page.context.new_cdp_session(page)
    taken = session.send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": 82, "captureBeyondViewport": True, "clip": {**clip, "scale": scale}},
    )
    data = base64.b64decode(taken["data"])
    if len(data) > MOST_BYTES:
        raise ValueError(f"{path.name}: {len(data)} bytes; show fewer rows")
    path.write_bytes(data)
    print(f"{path.relative_to(SOURCES.parent)}  {len(data) // 1000} KB")


def _photograph_tabs(browser: "Browser", workbook: Path, language: Language, folder: Path) -> None:
    cuts = {shot.name: folder / f"{shot.name}-{language}.xlsx" for shot in SHOTS}
    for shot in SHOTS:
        _cut(workbook, shot, language, cuts[shot.name])
    _print(list(cuts.values()), language, folder)
    page = browser.new_page(viewport={"width": 920, "height": 900})
    for shot in SHOTS:
        page.set_content(_frame(cuts[shot.name].with_suffix(".png"), shot.tab, language))
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        _save_frame(page, OUT / f"{shot.name}-{language}.webp", scale=1.6)
    page.close()


def _photograph_site(browser: "Browser", site: Path, language: Language) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
    for name, of in PAGES:
        page.goto((site / language / f"{of}.html").as_uri())
        page.evaluate("document.fonts.ready")
        _save(page, OUT / f"{name}-{language}.webp", {"x": 0, "y": 0, "width": 1280, "height": 860}, scale=1.25)
    page.close()


_DESK = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fff; }}
#frame {{ display: inline-flex; gap: 24px; padding: 24px; background: #dfe6e8; border-radius: 8px; }}
img {{ width: 560px; box-shadow: 0 2px 12px #0003; }}
</style><div id="frame">{pages}</div>"""


def _photograph_papers(browser: "Browser", workbook: Path, language: Language, folder: Path) -> None:
    """Documents made by the commands on the demo, as they print."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    for paper in PAPERS:
        made = folder / f"{paper.name}-{language}"
        if paper.kind == "dossier":
            arguments = ["dossier", paper.customer, str(workbook), "--folder", str(made)]
        else:
            arguments = ["document", paper.kind, paper.customer, str(workbook), "--documents", str(made)]
        relance([*arguments, "--as-of", DAY], standalone_mode=False)
        pdf = sorted(made.rglob("*.pdf"))[0]
        subprocess.run(["pdftoppm", "-png", "-r", "110", "-l", str(paper.pages), str(pdf), str(made / "page")], check=True)
        shown = [base64.b64encode(png.read_bytes()).decode() for png in sorted(made.glob("page-*.png"))]
        page.set_content(_DESK.format(pages="".join(f'<img src="data:image/png;base64,{one}">' for one in shown)))
        page.wait_for_load_state("load")
        _save_frame(page, OUT / f"{paper.name}-{language}.webp", scale=1.25)
    page.close()


_SCREEN = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fff; }}
#frame {{ display: inline-block; width: 900px; padding: 18px 22px; box-sizing: border-box; border-radius: 8px; background: #17242a; }}
pre {{ margin: 0; font: 13px/1.5 "DejaVu Sans Mono", monospace; color: #e8eef0; white-space: pre-wrap; }}
b {{ color: #8fd3c1; font-weight: normal; }}
</style><div id="frame"><pre><b>$ {command}</b>
{output}</pre></div>"""


def _photograph_commands(browser: "Browser", workbook: Path, language: Language) -> None:
    """What a command says, as a terminal shows it."""
    page = browser.new_page(viewport={"width": 920, "height": 900})
    for name, arguments in COMMANDS.items():
        done = CliRunner().invoke(relance, [*arguments, str(workbook), "--as-of", DAY], catch_exceptions=False)
        command = " ".join(("relance", *arguments, workbook.name))
        page.set_content(_SCREEN.format(command=escape(command), output=escape(done.output.strip())))
        _save_frame(page, OUT / f"{name}-{language}.webp", scale=1.6)
    page.close()


def _save_frame(page: "Page", path: Path, scale: float) -> None:
    box = page.locator("#frame").bounding_box()
    assert box is not None
    _save(page, path, {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}, scale=scale)


_COVER = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #eef2f3; }}
#cover {{ position: relative; width: 1280px; height: 665px; overflow: hidden; }}
img {{ position: absolute; border-radius: 8px; box-shadow: 0 4px 24px #0003; }}
</style><div id="cover"><img src="{site}" style="width: 900px; left: 350px; top: 30px"><img src="{sheet}" style="width: 720px; left: 30px; top: 330px"></div>"""


def _cover(browser: "Browser", language: Language) -> None:
    """The picture of the README: the sheet before the site."""
    page = browser.new_page(viewport={"width": 1280, "height": 665})
    shown = {
        key: "data:image/webp;base64," + base64.b64encode((OUT / f"{name}-{language}.webp").read_bytes()).decode()
        for key, name in (("site", "site-overview"), ("sheet", "answers"))
    }
    page.set_content(_COVER.format(**shown))
    page.wait_for_load_state("load")
    _save(page, OUT / f"demo-{language}.webp", {"x": 0, "y": 0, "width": 1280, "height": 665})
    page.close()


def main(arguments: Sequence[str]) -> int:
    """Photograph again; `fr` or `en` for one language only."""
    from playwright.sync_api import sync_playwright

    missing = [tool for tool in ("soffice", "pdftoppm") if shutil.which(tool) is None]
    if missing:
        print(json.dumps(missing), "must be installed: LibreOffice and poppler-utils.", file=sys.stderr)
        return 2
    wanted = [language for language in LANGUAGES if not arguments or language in arguments]
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="relance-pictures-") as name, sync_playwright() as player:
        folder = Path(name)
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for language in wanted:
            demo = folder / f"demo-{language}"
            relance(["demo", "--folder", str(demo), "--language", language, "--as-of", DAY], standalone_mode=False)
            book = demo / ("relance-demo.xlsx" if language == "fr" else "relance-demo-en.xlsx")
            _photograph_tabs(browser, book, language, folder)
            _photograph_papers(browser, book, language, folder)
            _photograph_commands(browser, book, language)
            _photograph_site(browser, demo / "site", language)
        for language in wanted:
            _cover(browser, language)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
