"""The built site, read back: complete in both languages, every figure traced, every link leading somewhere."""

import base64
import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from raw_tabs import Row, bill, raw
from site_shop import KEY, RUN_AT, build, demo_tabs, known, page, pages, plain

from reports.build import internal_facts
from reports.measures.measure import share
from reports.pages.measured import shown, trace
from reports.pages.numbers import Numbers
from reports.pages.report import Reader
from reports.pages.words import LANGUAGES, words
from sync.errors import UsageError
from sync.ledger.words import Language

INTERNAL = {
    "index", "ageing", "delays", "recovery", "works", "segments", "promises", "forecast", "risk", "cost", "activity", "quality",
    "definitions", "customers", "segment-reliable", "segment-occasional", "segment-watch", "segment-new",
}  # fmt: skip


def _own(site: Path, language: str) -> set[str]:
    return {path.stem for path in (site / language).glob("*.html")} - {"404"}


def test_every_page_exists_in_both_languages(internal_site: Path) -> None:
    assert _own(internal_site, "fr") == _own(internal_site, "en") >= INTERNAL
    customers = {path.name for path in (internal_site / "fr" / "customers").iterdir()}
    assert customers == {path.name for path in (internal_site / "en" / "customers").iterdir()}
    assert len(customers) > 50
    assert "model.html" not in customers


def test_both_languages_have_the_same_labels() -> None:
    assert words("fr").labels.keys() == words("en").labels.keys()
    for key, text in words("fr").labels.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", words("en").labels[key])), key


def test_the_root_leads_to_the_company_s_language_without_a_script(internal_site: Path) -> None:
    first = (internal_site / "index.html").read_text(encoding="utf-8")
    assert 'url=fr/index.html"' in first
    assert 'href="en/index.html"' in first


@pytest.mark.parametrize("edition", ["internal_site", "public_site"])
def test_nothing_is_asked_of_the_outside(edition: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(edition)
    for path in pages(site):
        text = path.read_text(encoding="utf-8")
        asked = re.findall(r"""(?:src|srcset|action|poster)=["']?(?:https?:)?//[^"'\s>]+""", text)
        asked += re.findall(r"""<link[^>]+href=["'](?:https?:)?//[^"']+""", text)
        assert not asked, (path, asked)
    for sheet in [*site.glob("assets/*.css"), *site.glob("fr/assets/stylesheets/*.css")]:
        assert not re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet


@pytest.mark.parametrize("edition", ["internal_site", "public_site"])
def test_every_link_of_our_pages_leads_to_a_file_and_a_place_on_it(edition: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(edition)
    places: dict[Path, set[str]] = {}
    for path in pages(site):
        document = html.fromstring(path.read_text(encoding="utf-8"))
        for link in document.xpath("//a[@href]"):
            parts = urlsplit(link.get("href"))
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), (path.relative_to(site), link.get("href"))
            if parts.fragment and target.suffix == ".html":
                if target not in places:
                    places[target] = set(html.fromstring(target.read_text(encoding="utf-8")).xpath("//@id"))
                assert parts.fragment in places[target], (path.relative_to(site), link.get("href"))


def test_the_language_switch_keeps_the_page(internal_site: Path) -> None:
    for path in pages(internal_site):
        (other,) = html.fromstring(path.read_text(encoding="utf-8")).xpath(
            "//nav[@class='languages']/a[not(@aria-current)]/@href"
        )
        language = "en" if path.relative_to(internal_site).parts[0] == "fr" else "fr"
        target = (path.parent / other).resolve().relative_to(internal_site)
        assert target.parts == (language, *path.relative_to(internal_site).parts[1:])


@pytest.mark.parametrize("edition", ["internal_site", "public_site"])
@pytest.mark.parametrize(("language", "separator"), [("fr", ";"), ("en", ",")])
def test_the_table_the_csv_and_the_chart_hold_the_same_figures(
    edition: str, language: str, separator: str, request: pytest.FixtureRequest
) -> None:
    """Everything a page draws comes from one table: the CSV equals it cell by cell, Plotly's lists number by number."""
    site: Path = request.getfixturevalue(edition)
    compared = tables = 0
    for path in pages(site, language):
        for figure in html.fromstring(path.read_text(encoding="utf-8")).xpath("//figure[@class='figure']"):
            key = figure.get("id")[2:]
            text = csv_of(figure, path)
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
            shown = [[cell.text_content() for cell in row.xpath("./th|./td")] for row in figure.xpath(".//tr")]
            if not shown:  # nothing to list: the sentence says so, and the CSV has its headings, and a total of nothing
                assert {row[0] for row in rows[1:]} <= {"Total"}, key
                continue
            tables += 1
            assert len(shown) == len(rows), key
            for shown_row, row in zip(shown[1:], rows[1:], strict=True):
                assert [_same(a, b) for a, b in zip(shown_row, row, strict=True)] == row, key
            for script in figure.xpath(".//script[@type='application/json']"):
                compared += _compare_chart(json.loads(script.text), rows)
    assert tables > 10
    assert compared > (200 if edition == "internal_site" else 50)


def csv_of(figure: html.HtmlElement, page: Path) -> str:
    """What the CSV link of a figure gives, from a file or from the link itself; without a link, the file that is not offered."""
    found = figure.xpath(".//a[@download]/@href")
    if found and found[0].startswith("data:text/csv;charset=utf-8;base64,"):
        return base64.b64decode(found[0].partition(",")[2]).decode("utf-8-sig")
    beside = page.parent / (found[0] if found else f"data/{figure.get('id')[2:]}.csv")
    return beside.read_text(encoding="utf-8-sig") if beside.exists() else "\n"


def _same(shown: str, cell: str) -> str:
    """The page's text in the CSV's form, when both say the same thing."""
    if plain(shown) in (cell, cell.replace(".", ",")) or plain(shown).replace(",", "") == cell or shown == cell.removeprefix("'"):
        return cell
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        day = date.fromisoformat(cell)
        return cell if shown == f"{day:%d/%m/%Y}" or shown.endswith(f" {day.year}") else shown
    return shown


def _compare_chart(document: dict[str, list[dict[str, list[float | None]]]], rows: list[list[str]]) -> int:
    columns = {tuple(_number(row[place]) for row in rows[1:]) for place in range(len(rows[0]))}
    compared = 0
    for drawn in document["data"]:
        values = drawn["x"] if drawn.get("orientation") == "h" else drawn["y"]
        assert any(column[: len(values)] == tuple(values) for column in columns), drawn["name"]
        compared += len(values)
    return compared


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def test_every_chart_has_a_drawing_a_finding_a_table_and_a_csv(internal_site: Path) -> None:
    for path in pages(internal_site, "fr"):
        for figure in html.fromstring(path.read_text(encoding="utf-8")).xpath("//figure[@class='figure']"):
            assert figure.xpath(".//span[@class='finding']")[0].text_content().strip(), (path.name, figure.get("id"))
            if not figure.xpath(".//table"):
                assert not figure.xpath(".//a|.//script|.//button"), (path.name, figure.get("id"))  # nothing to show: no frame
                continue
            assert figure.xpath(".//table/caption")
            assert figure.xpath(".//table/tbody/tr|.//table/tfoot/tr")
            assert len(figure.xpath(".//a[@download]/@href")) == 1
            if figure.xpath(".//script"):
                drawings = figure.xpath(".//*[local-name()='svg']")
                assert len(drawings) == 2
                for drawing in drawings:
                    assert drawing.get("role") == "img"
                    assert drawing.xpath("./*[local-name()='title']")[0].text_content()


def test_french_pages_are_typeset_as_french(internal_site: Path) -> None:
    """No plain space before high punctuation, % or €; no decimal point in a number."""
    for path in sorted((internal_site / "fr").glob("*.html")):
        document = html.fromstring(path.read_text(encoding="utf-8"))
        for node in document.xpath("//script|//style|//code|//*[@class='table-scroll']"):
            node.drop_tree()
        text = document.xpath("//article")[0].text_content()
        assert not re.findall(r".{10} [;:!?%€»].{5}", text), path.name
        assert not re.findall(r"« .{10}", text), path.name
        assert not re.findall(r"\d+\.\d+ ?[%€j]", text), path.name
        assert not re.findall(r"\d \d{3}[  ]", text), path.name


@pytest.mark.parametrize(
    ("cases", "french", "english"),
    [
        (1, "Données insuffisantes (1 cas)", "Not enough data (1 case)"),
        (3, "Données insuffisantes (3 cas)", "Not enough data (3 cases)"),
        (5, "20,0\u00a0%", "20.0%"),
    ],
)
def test_a_rate_on_a_handful_of_cases_is_not_a_percentage(cases: int, french: str, english: str) -> None:
    measure = share(1, cases, why_null="no_promise_judged").to_json()
    assert [shown(_reader(language), measure) for language in LANGUAGES] == [french, english]


def test_a_figure_says_what_it_was_divided_by_its_cases_its_days_and_its_interval() -> None:
    measure = share(3, 8, why_null="", window=(date(2026, 1, 1), date(2026, 3, 31))).to_json()
    told = trace(_reader("fr"), measure)
    assert (told.formula, told.cases, told.window) == ("3 ÷ 8", "Sur 8 cas", "Du 01/01/2026 au 31/03/2026")
    assert list(told.warnings) == ["Intervalle de confiance à 95\u00a0%\u00a0: 14\u00a0% à 69\u00a0%", "Peu de cas"]


def _reader(language: Language) -> Reader:
    of = known({"invoices": raw("invoices", [])})
    facts = internal_facts(
        ledger=of.ledger, rules=of.rules, conclusion=of.conclusion, problems=of.problems, run_at=RUN_AT, key=KEY
    )
    return Reader(facts=facts, language=language, words=words(language), numbers=Numbers(language))


def test_currencies_are_never_added(internal_site: Path) -> None:
    document = page(internal_site, "fr/index.html")
    assert [node.get("id") for node in document.xpath("//h2[@class='currency']")] == ["eur", "gbp"]
    figures = json.loads((internal_site / "data" / "kpis.json").read_text(encoding="utf-8"))
    shown = [plain(node.text_content()) for node in document.xpath("//div[@id='k-open']//span[@class='tile-value']")]
    assert shown == [str(round(figures["currencies"][currency]["open"]["value"])) for currency in ("EUR", "GBP")]


def test_the_search_of_the_internal_edition_finds_pages_customers_and_invoices(internal_site: Path) -> None:
    for language in ("fr", "en"):
        folder = internal_site / language / "search"
        index = json.loads((folder / "search_index.json").read_text(encoding="utf-8"))
        assert (folder / "search_index.js").read_text(encoding="utf-8").startswith("var __index = {")
        found = {entry["location"].split("#")[0] for entry in index["docs"]}
        assert {"ageing.html", "definitions.html", "works.html"} <= found
        customers = [entry for entry in index["docs"] if entry["location"].startswith("customers/")]
        assert len(customers) == len(list((internal_site / language / "customers").iterdir()))
        assert any("F2026-" in entry["text"] for entry in customers)


def test_pages_of_customers_stay_out_of_the_navigation(internal_site: Path) -> None:
    assert not page(internal_site, "fr/index.html").xpath("//nav//a[contains(@href, 'customers/')]")


def test_the_first_view_is_light(internal_site: Path) -> None:
    """What a browser loads before anybody asks for a chart: well under 120 KB compressed, Plotly not among it."""
    import gzip

    source = internal_site / "fr" / "index.html"
    document = page(internal_site, "fr/index.html")
    needed = {source}
    for asset in document.xpath("//link[@rel='stylesheet']/@href|//script/@src"):
        needed.add((source.parent / asset).resolve())
    needed.add(internal_site / "assets" / "vendor" / "relance-sans.woff2")
    assert not any("plotly" in path.name for path in needed)
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in needed) <= 110_000


def test_a_past_month_end_can_be_built_from_todays_facts(internal_site: Path, tmp_path: Path) -> None:
    then = date(2025, 12, 31)
    tabs = demo_tabs()
    site = build(known(tabs, then), tmp_path / "site")
    figures = json.loads((site / "data" / "kpis.json").read_text(encoding="utf-8"))
    now = json.loads((internal_site / "data" / "kpis.json").read_text(encoding="utf-8"))
    assert figures["as_of"] == "2025-12-31"
    (entry,) = [entry for entry in now["currencies"]["EUR"]["months"] if entry["month"] == "2025-12"]
    assert entry["open"]["value"] == figures["currencies"]["EUR"]["open"]["value"]
    assert "31 décembre 2025" in page(site, "fr/index.html").text_content().replace("\u00a0", " ")


def test_a_workbook_with_one_invoice_and_nothing_else_has_a_whole_site(tmp_path: Path) -> None:
    site = build(known({"invoices": raw("invoices", [bill()])}), tmp_path / "site")
    assert _own(site, "fr") >= INTERNAL
    assert "None" not in page(site, "fr/index.html").xpath("//article")[0].text_content()


def test_a_step_closed_by_an_answer_has_no_channel_and_the_site_is_whole(tmp_path: Path) -> None:
    """“Hardship” answered to a message that waits for approval: the step is done, and nothing was sent by any channel."""
    act: Row = {
        "when": "2026-03-02T09:00:00+01:00", "customer": "C1", "invoices": "F-1", "currency": "EUR",
        "cadence": "standard", "step": 2, "occurrence": 1, "status": "done", "note": "hardship", "key": "C1|EUR|standard|F-1|2|1",
    }  # fmt: skip
    tabs = {"invoices": raw("invoices", [bill()]), "contacts": raw("contacts", [{"customer": "C1", "name": "Un"}])}
    site = build(known({**tabs, "journal": raw("journal", [act])}), tmp_path / "site")
    assert "autrement" in page(site, "fr/works.html").text_content()
    (entry,) = json.loads((site / "data" / "kpis.json").read_text(encoding="utf-8"))["currencies"]["EUR"]["stages"]
    assert entry["channel"] == "other"


def test_an_empty_workbook_has_a_site_that_says_so(tmp_path: Path) -> None:
    site = build(known({"invoices": raw("invoices", [])}), tmp_path / "site")
    assert page(site, "fr/index.html").xpath("//article")


def test_a_folder_that_is_not_a_site_of_ours_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    with pytest.raises(UsageError, match="mine"):
        build(known({"invoices": raw("invoices", [bill()])}), tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep me"


def test_a_new_site_replaces_the_old_one_whole(tmp_path: Path) -> None:
    of = known({"invoices": raw("invoices", [bill()])})
    site = build(of, tmp_path / "site")
    (site / "fr" / "customers" / "gone.html").write_text("an old customer")
    build(of, site)
    assert not (site / "fr" / "customers" / "gone.html").exists()


def test_a_long_build_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.stamping.EVERY", 25)  # five hundred customers would make a long test
    said: list[str] = []
    site = build(known(demo_tabs()), tmp_path / "site", said=said)
    customers = len(list((site / "fr" / "customers").glob("*.html")))
    assert said[0] == "Pages en français…"
    assert f"Fiches clients\u00a0: 25 sur {customers}" in said
    assert said.count(f"Fiches clients\u00a0: 50 sur {customers}") == 2  # once for each language


def test_names_from_the_sheet_are_text_everywhere(tmp_path: Path) -> None:
    """Markup, Markdown, formulas and Jinja in a name stay what they are."""
    name = "=1+1 <script>alert(1)</script> [x](javascript:alert(2)) {{ 7*7 }} **bold**"
    tabs = {
        "invoices": raw("invoices", [bill(number="<b>F</b>-1", customer="C<i>1")]),
        "contacts": raw("contacts", [{"customer": "C<i>1", "name": name, "email": "a@example.org"}]),
    }
    site = build(known(tabs), tmp_path / "site")
    for path in pages(site):
        document = html.fromstring(path.read_text(encoding="utf-8"))
        assert not document.xpath("//article//script[not(@type='application/json')]"), path
        assert not document.xpath("//article//*[starts-with(@href, 'javascript')]"), path
        assert not document.xpath("//article//i[not(@class)]|//article//b"), path
    assert name in page(site, "fr/customers.html").text_content()
    cells = (site / "fr" / "data" / "eur-customers.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1" in cells
