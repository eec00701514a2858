"""The public edition gives nobody away: no name, no small cell, and nothing from which one could be worked out."""

import contextlib
import io
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st
from lxml import html
from scale import scaled
from site_shop import RUN_AT, build, demo_tabs, known, pages

from reports.build import internal_facts, slug_of
from reports.portfolio import BUCKETS
from reports.publication import FEWEST, LARGEST_SHARE, hidden_with, last_month_end, may_show, step_of
from sync.workbook.tabs import RawTab

IBAN = "FR7612345987650123456789014"
PLANTED = {
    "invoices": {"invoice": "ZQ-INV-{n}", "note": "zqnote{n}", "cadence": "Zqcadence"},
    "contacts": {
        "name": "Zqname{n} Frères", "person": "Mme Zqperson{n}", "email": "zq{n}@zqmail.example", "phone": "+33 9 87 65 4{n}",
        "address": "{n} rue Zqstreet", "note": "zqcontactnote{n} " + IBAN, "company_id": "98765432{n}", "manager": "zqmanager@example.org",
    },
    "payments": {"reference": "ZQREF{n}", "note": "zqpaid{n}", "method": "zqmethod"},
    "journal": {"recipient": "zq{n}@zqmail.example", "subject": "zqsubject{n}", "text": "zqtext{n}", "actor": "Zqactor", "note": "zqact{n}"},
}  # fmt: skip


def _planted() -> dict[str, RawTab]:
    """The demo's portfolio with every word that people typed replaced by one found nowhere else."""
    tabs = demo_tabs()
    renamed = {cell: f"ZQC{place:03d}" for place, cell in enumerate(tabs["contacts"].columns["customer"])}
    numbers = {cell: f"ZQ-INV-{place}" for place, cell in enumerate(tabs["invoices"].columns["invoice"]) if cell}
    found: dict[str, RawTab] = {}
    for key, tab in tabs.items():
        columns = dict(tab.columns)
        for column, text in PLANTED.get(key, {}).items():
            if column != "invoice":
                columns[column] = [text.format(n=place) for place in range(len(tab))]
        if "customer" in columns:
            columns["customer"] = [renamed.get(cell, cell) for cell in columns["customer"]]
        for column in ("invoice", "applies_to"):
            if column in columns:
                columns[column] = [numbers.get(cell, cell) for cell in columns[column]]
        if "invoices" in columns:
            columns["invoices"] = [
                ", ".join(str(numbers.get(one.strip(), one.strip())) for one in str(cell).split(",")) if cell else cell
                for cell in columns["invoices"]
            ]
        found[key] = replace(tab, columns=columns)
    settings = dict(found["settings"].columns)
    settings["value"] = [
        {"company": "Zqcompany", "sender_email": "zqsender@example.org", "iban": IBAN}.get(str(name), value)
        for name, value in zip(settings["setting"], settings["value"], strict=True)
    ]
    found["settings"] = replace(found["settings"], columns=settings)
    return found


def test_no_byte_of_the_public_output_its_search_or_its_log_names_anybody(tmp_path: Path) -> None:
    of = known(_planted())
    assert sum(invoice.number.startswith("ZQ-INV-") for invoice in of.ledger.invoices) > 500  # the plants did take
    assert of.ledger.contacts["ZQC003"].name == "Zqname3 Frères"
    printed, logged = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(logged)
    logging.getLogger().addHandler(handler)
    said: list[str] = []
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            site = build(of, tmp_path / "site", "public", said=said)
    finally:
        logging.getLogger().removeHandler(handler)
    everything = {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    everything |= {"log": logged.getvalue().encode(), "printed": printed.getvalue().encode(), "said": "\n".join(said).encode()}
    everything["names of files"] = "\n".join(everything).encode()
    assert "fr/search/search_index.json" in everything
    secrets = [b"zq", IBAN.encode(), IBAN[-8:].encode()]
    secrets += [contact.phone.encode() for contact in of.ledger.contacts.values() if contact.phone]
    for name, content in everything.items():
        if name.startswith(("assets/", "fr/assets/", "en/assets/")):
            assert content in {path.read_bytes() for path in _sources()}, f"{name} is not ours to publish as it is"
            continue
        low = content.lower()
        assert [secret for secret in secrets if secret.lower() in low] == [], name


def _sources() -> Sequence[Path]:
    import material

    from reports.pages.words import SOURCES

    folders = [SOURCES / "assets", Path(material.__file__).parent / "templates" / "assets"]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_the_internal_edition_does_name_them_so_that_the_search_above_would_have_found_them(tmp_path: Path) -> None:
    site = build(known(_planted()), tmp_path / "site")
    assert b"Zqname3" in (site / "fr" / "customers.html").read_bytes()
    assert b"ZQ-INV-" in (site / "fr" / "search" / "search_index.json").read_bytes()


def test_names_of_customers_pages_need_the_key() -> None:
    of = known(demo_tabs())
    one, again, other, none = (
        {slug_of(key, secret) for key in of.ledger.contacts} for secret in (b"one", b"one", b"another", b"")
    )
    assert one == again
    assert len(one) == len(of.ledger.contacts)
    assert not one & other
    assert not (one | other) & none
    without = [
        internal_facts(ledger=of.ledger, rules=of.rules, conclusion=of.conclusion, problems=(), run_at=RUN_AT, key="").slugs
        for _ in range(2)
    ]
    assert not set(without[0].values()) & set(without[1].values())  # no key: a new secret each time, never none


def test_it_has_no_page_of_names_and_says_which_edition_it_is(public_site: Path) -> None:
    names = {path.relative_to(public_site / "fr").as_posix() for path in pages(public_site, "fr")}
    assert not any(name.startswith("customers") for name in names)
    assert not names & {"activity.html", "promises.html", "cost.html", "forecast.html"}
    assert not (public_site / "fr" / "customers").exists()
    for path in public_site.glob("fr/*.html"):
        document = html.fromstring(path.read_text(encoding="utf-8"))
        for mark in document.xpath("//span[@class='edition']"):
            assert mark.text_content().startswith("Édition publique")
        assert document.xpath("//meta[@name='robots' and @content='noindex']")


def test_it_stops_at_the_last_month_end_whatever_the_day(public_site: Path) -> None:
    document = json.loads((public_site / "data" / "kpis.json").read_text(encoding="utf-8"))
    assert document["as_of"] == "2026-02-28"
    for panel in document["currencies"].values():
        assert all(date.fromisoformat(entry["as_of"]).day >= 28 for entry in panel["months"])
        assert not any(entry.get("to_date") for entry in panel["months"])


@pytest.mark.parametrize(
    ("day", "end"),
    [("2026-03-18", "2026-02-28"), ("2026-02-28", "2026-02-28"), ("2024-03-01", "2024-02-29"), ("2025-12-31", "2025-12-31")],
)
def test_the_last_month_end(day: str, end: str) -> None:
    assert last_month_end(date.fromisoformat(day)).isoformat() == end


def test_every_published_amount_is_rounded_and_no_numerator_is_given(public_site: Path) -> None:
    document = json.loads((public_site / "data" / "kpis.json").read_text(encoding="utf-8"))
    for currency, panel in document["currencies"].items():
        step = step_of(panel["open"]["value"])
        measures = list(_measures(panel))
        assert len(measures) > 100
        for measure in measures:
            assert measure["numerator"] is None
            assert measure["denominator"] is None
            assert "interval" not in measure
            assert measure["n"] % 5 == 0
            if measure["unit"] == currency and measure["value"] is not None:
                assert measure["value"] % step == 0


def _measures(node: object):  # type: ignore[no-untyped-def]
    if isinstance(node, dict):
        if "why_null" in node:
            yield node
        else:
            for child in node.values():
                yield from _measures(child)
    elif isinstance(node, list):
        for child in node:
            yield from _measures(child)


def test_a_currency_of_two_customers_is_left_out(public_site: Path) -> None:
    document = json.loads((public_site / "data" / "kpis.json").read_text(encoding="utf-8"))
    assert list(document["currencies"]) == ["EUR"]
    assert "GBP" not in (public_site / "fr" / "index.html").read_text(encoding="utf-8")


amounts = st.dictionaries(st.sampled_from([f"C{n}" for n in range(12)]), st.integers(1, 1_000_000), max_size=12)


@trials(max_examples=scaled(150))
@given(st.lists(amounts, min_size=1, max_size=5))
def test_what_is_hidden_in_a_sum_is_itself_a_safe_group_or_everything(cells: list[dict[str, int]]) -> None:
    hidden = hidden_with(cells)
    shown = [cell for place, cell in enumerate(cells) if place not in hidden]
    assert all(may_show(cell) for cell in shown if cell)
    if hidden and shown:
        together: dict[str, int] = {}
        for place in hidden:
            for customer, cents in cells[place].items():
                together[customer] = together.get(customer, 0) + cents
        assert len(hidden) > 1
        assert may_show(together)


@given(amounts)
def test_a_cell_shown_has_five_customers_and_none_above_sixty_percent(cell: dict[str, int]) -> None:
    if may_show(cell):
        assert len(cell) >= FEWEST
        assert max(cell.values()) <= LARGEST_SHARE * sum(cell.values())
    else:
        assert len(cell) < FEWEST or max(cell.values()) > LARGEST_SHARE * sum(cell.values())


def test_hidden_buckets_cannot_be_worked_out_from_the_totals(public_site: Path) -> None:
    """A single hidden bucket beside a shown total would be a subtraction away."""
    document = json.loads((public_site / "data" / "kpis.json").read_text(encoding="utf-8"))
    panel = document["currencies"]["EUR"]
    partly = 0
    for entry in [panel, *panel["months"]]:
        amounts_ = [entry["ageing"][bucket]["amount"] for bucket in BUCKETS]
        if entry["overdue"]["value"] is not None:
            assert sum(amount is None for amount in amounts_[1:]) != 1
            partly += None in amounts_
        else:
            assert entry["overdue_rate"]["value"] is None
            assert entry["dso_best_possible_90"]["value"] is None
        if None in amounts_:
            assert entry["overdue_90"]["value"] is None
        assert entry["unapplied"]["value"] is None
    assert partly  # the demo does have such months


def test_segments_are_hidden_at_least_two_at_a_time(public_site: Path) -> None:
    document = json.loads((public_site / "data" / "kpis.json").read_text(encoding="utf-8"))
    segments = document["currencies"]["EUR"]["segments"]
    for key in ("open", "overdue"):
        hidden = [name for name, measures in segments.items() if measures[key]["value"] is None]
        assert len(hidden) != 1, key
    assert any(measures["open"]["value"] is not None for measures in segments.values())
    for measures in segments.values():
        if measures["overdue"]["value"] is None:
            assert measures["overdue_rate"]["value"] is None
