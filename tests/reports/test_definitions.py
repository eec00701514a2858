"""The definitions page can be trusted: every figure of kpis.json is defined, in both languages, and its code cites it."""

import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from portfolio_builders import act, day, invoice, ledger, payment

import reports.measures
from reports.cash import forecasts
from reports.definitions import BY_KEY, DEFINITIONS, REASONS, Definition, Text
from reports.kpis import kpis_document
from sync.dunning.model import Settings
from sync.ledger.words import Act

AS_OF = day("2026-02-10")
NOT_FIGURES = {"segments", "months", "stages", "days_late"}


@pytest.fixture(scope="module")
def panel() -> dict[str, Any]:
    held = ledger(
        invoice("F", "2025-11-05", "2025-12-05", 100), payment("2025-12-20", "F", 100),
        journal=(act("2025-12-07", Act.SENT, "F", step=1, key="K"),),
    )  # fmt: skip
    written: Any = kpis_document(
        held, {}, held.journal, AS_OF, datetime(2026, 2, 10, tzinfo=UTC), forecasts=forecasts(held, {}, AS_OF, Settings())
    )
    return written["currencies"]["EUR"]  # type: ignore[no-any-return]


def test_every_figure_is_defined_once(panel: dict[str, Any]) -> None:
    keys = panel.keys() - NOT_FIGURES
    keys |= {f"days_late.{key}" for key in panel["days_late"]}
    keys |= panel["months"][0].keys() - {"month", "as_of", "to_date"}
    keys |= {key for key in panel["stages"][0] if key.endswith("_14")}
    assert keys == set(BY_KEY)
    assert len(BY_KEY) == len(DEFINITIONS)


def test_units_are_those_of_the_figures(panel: dict[str, Any]) -> None:
    for key, one in {**panel["months"][0], **panel}.items():
        if isinstance(one, dict) and "unit" in one:
            assert one["unit"] == ("EUR" if BY_KEY[key].unit == "currency" else BY_KEY[key].unit), key


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: one.key)
def test_the_code_cites_the_section(one: Definition) -> None:
    module, _, function = one.source.rpartition(".")
    room = "reports" if module == "cash" else "reports.measures"
    text = (getattr(import_module(f"{room}.{module}"), function).__doc__ or "") + (
        import_module(f"{room}.{module}").__doc__ or ""
    )
    assert re.search(rf"§{one.section}\b", text)


@pytest.mark.parametrize("one", [*DEFINITIONS, *REASONS.values()], ids=lambda one: getattr(one, "key", "reason"))
def test_french_typography(one: Definition | Text) -> None:
    texts = [one] if isinstance(one, Text) else [text for text in (one.title, one.formula, one.caution) if text]
    for text in texts:
        assert text.en
        assert text.fr
        assert not re.search(r"[^\u202f][;!?]|[^\u00a0][:%]|['\"]|« | »", text.fr), text.fr


def test_every_reason_and_warning_the_code_can_give_has_words() -> None:
    """Each upper-case constant of the measures that is a code word is explained to people."""
    folder = Path(reports.measures.__path__[0])
    codes = set()
    for path in [*folder.glob("*.py"), folder.parent / "cash.py", folder.parent / "kpis.py"]:
        codes |= set(re.findall(r'^[A-Z_0-9]+ = "([a-z_0-9]{4,})"(?:  #.*)?$', path.read_text(encoding="utf-8"), re.MULTILINE))
    codes -= {"days", "ratio", "points", "test", "auto", "temporary", "other"}
    assert codes == set(REASONS)
