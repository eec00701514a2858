"""The demo's portfolio: plausible whatever the day, the same each time, and nobody real in it."""

import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.demo.book import make_demo
from sync.demo.people import CUSTOMERS
from sync.demo.portfolio import portfolio
from sync.dunning.conclude import conclude
from sync.ledger.words import WORDS, Language
from sync.run.clock import Clock
from sync.run.gathering import gather
from sync.workbook.contract import TABS_BY_KEY, Type, Who
from sync.workbook.excel.carrier import Excel

AS_OF = date(2026, 3, 18)
FRENCH = portfolio(AS_OF, "fr")
ENGLISH = portfolio(AS_OF, "en")
MISTYPED = {"C0040", "C0052", "C0066", "C0075", "C0015", "C0018"}


def _invoices(rows=FRENCH):
    return [row for row in rows["invoices"] if row]


def test_it_has_the_size_of_a_small_company() -> None:
    assert 58 <= len(FRENCH["contacts"]) <= 65
    assert 650 <= len(_invoices()) <= 780
    assert len(FRENCH["payments"]) > 500
    months = {(row["issued"].year, row["issued"].month) for row in _invoices() if isinstance(row["issued"], date)}
    assert len(months) >= 18


def test_the_same_arguments_tell_the_same_story_and_another_seed_another_one() -> None:
    assert portfolio(AS_OF, "fr") == FRENCH
    assert portfolio(AS_OF, "fr", seed=21)["payments"] != FRENCH["payments"]


@settings(max_examples=6, deadline=None)
@given(as_of=st.dates(date(2022, 1, 1), date(2032, 12, 31)), language=st.sampled_from(["fr", "en"]))
def test_on_any_day_the_rows_fit_the_contract_and_the_past_is_past(as_of: date, language: Language) -> None:
    rows = portfolio(as_of, language)
    for tab, lines in rows.items():
        for row in lines:
            for key, cell in row.items():
                column = TABS_BY_KEY[tab].column(key)
                assert tab == "journal" or column.who is not Who.RELANCE
                if column.type is Type.LIST and cell is not None:
                    assert cell in [word.fr if language == "fr" else word.en for word in WORDS[column.words]]
    known = {row["customer"] for row in rows["contacts"]}
    numbers = Counter(row["invoice"] for row in rows["invoices"] if row)
    assert [number for number, times in numbers.items() if times > 1] == [
        number for number, times in numbers.items() if times == 2
    ]
    assert sum(times == 2 for times in numbers.values()) == 1  # the copied row
    assert {str(row["customer"]).strip() for row in rows["invoices"] if row} - known == {"C0999"}
    assert all(row["issued"] < as_of for row in rows["invoices"] if row and isinstance(row["issued"], date))
    assert all(row["paid_on"] < as_of for row in rows["payments"])
    assert any(row["paid_on"] >= as_of - timedelta(days=3) for row in rows["payments"])  # money is fresh
    assert all(datetime.fromisoformat(str(row["when"])).date() < as_of for row in rows["journal"])


def test_nobody_in_it_is_real() -> None:
    """Mail goes to example.org, telephones to numbers kept for fiction, money to the documented test account."""
    everything = repr(FRENCH)
    assert set(re.findall(r"@+([\w.-]+)", everything)) == {"example.org", "plume-trombone.example.org"}
    assert set(re.findall(r"\b[A-Z]{2}\d{2}[A-Z0-9]{12,}\b", everything)) == {"FR7630006000011234567890189"}
    for row in FRENCH["contacts"]:
        assert re.fullmatch(r"01 99 00 \d\d \d\d|\+44 20 7946 0\d{3}", row["phone"])
    assert len({customer.email for customer in CUSTOMERS if customer.email}) == len(CUSTOMERS) - 1


def _acts(rows):
    return [(row["when"], row["customer"], row["invoices"], row.get("step"), row["status"]) for row in rows["journal"]]


def test_both_languages_tell_the_same_story() -> None:
    for tab in FRENCH:
        assert len(FRENCH[tab]) == len(ENGLISH[tab]), tab
    assert [row.get("invoice") for row in FRENCH["invoices"]] == [row.get("invoice") for row in ENGLISH["invoices"]]
    assert _acts(FRENCH) == _acts(ENGLISH)
    assert any(row.get("reason") == "litige" for row in FRENCH["invoices"])
    assert any(row.get("reason") == "dispute" for row in ENGLISH["invoices"])


def test_no_invoice_is_paid_more_than_it_claims() -> None:
    amounts = {row["invoice"]: row["amount"] for row in _invoices() if isinstance(row["amount"], float)}
    paid: dict[object, int] = defaultdict(int)
    for row in FRENCH["payments"]:
        paid[row.get("invoice")] += round(row["amount"] * 100)
    for row in _invoices():
        if row.get("applies_to"):
            paid[row["applies_to"]] -= round(row["amount"] * 100)
    for number, amount in amounts.items():
        if amount > 0:
            assert 0 <= paid[number] <= round(amount * 100), number


@pytest.mark.parametrize(
    ("column", "word"),
    [("reason", word.fr) for word in WORDS["reason"] if word.key not in ("promised", "other")]
    + [("status", word.fr) for word in WORDS["status"] if word.key != "open"],
)
def test_each_word_people_say_about_an_invoice_is_told(column: str, word: str) -> None:
    assert any(row.get(column) == word for row in FRENCH["invoices"])


def test_the_habits_of_real_customers_are_all_there() -> None:
    contacts = {row["customer"]: row for row in FRENCH["contacts"]}
    kinds = Counter(row.get("kind") for row in contacts.values())
    assert kinds["particulier"] >= 3
    assert kinds["public"] >= 2
    assert kinds[None] >= 1
    assert {"LCR", "prélèvement", "chèque", "carte", "virement"} <= {row.get("payment_means") for row in contacts.values()}
    assert any(row.get("do_not_contact") == "oui" for row in contacts.values())
    assert any(row.get("insolvent_on") for row in contacts.values())
    assert any("email" not in row for row in contacts.values())
    assert {row.get("currency") for row in _invoices()} == {None, "GBP"}
    assert any(row["customer"].startswith("00") for row in contacts.values())
    assert any(row["amount"] < 0 for row in FRENCH["payments"])
    assert any("invoice" not in row for row in FRENCH["payments"])
    assert sum(isinstance(row["amount"], float) and row["amount"] < 0 for row in _invoices()) >= 14
    assert sum("paid_on" in row for row in _invoices()) >= 40


@pytest.mark.parametrize("as_of", [date(2026, 11, 20), date(2027, 3, 10), date(2026, 7, 1)])
def test_some_promises_are_kept_some_in_part_and_some_broken(as_of: date, tmp_path: Path) -> None:
    make_demo(tmp_path / "demo.xlsx", "fr", as_of)
    clock = Clock(utc_now=lambda: datetime.now(UTC), as_of=as_of)
    gathered = gather(Excel(tmp_path / "demo.xlsx"), clock)
    states = Counter(str(one.state) for one in conclude(gathered.ledger, gathered.rules, as_of).promises)
    assert states["kept"] >= 3
    assert states["broken"] >= 2
    assert states["partly kept"] >= 1
    assert states["open"] >= 2


def test_one_agreement_is_kept_one_is_broken_and_one_only_proposed() -> None:
    paid: dict[str, int] = defaultdict(int)
    numbers: dict[str, str] = {}
    for row in FRENCH["plans"]:
        numbers[row["plan"]] = row["invoices"]
    for row in FRENCH["payments"]:
        for plan, invoices in numbers.items():
            if row.get("invoice") in invoices.split(", "):
                paid[plan] += round(row["amount"] * 100)
    due = {
        plan: sum(round(row["amount"] * 100) for row in FRENCH["plans"] if row["plan"] == plan and row["due"] < AS_OF)
        for plan in numbers
    }
    assert paid["ECH-1"] == due["ECH-1"] == 240_000
    assert paid["ECH-2"] < due["ECH-2"]
    assert all("agreed_on" not in row for row in FRENCH["plans"] if row["plan"] == "ECH-3")
    for plan, invoices in numbers.items():
        claimed = sum(round(row["amount"] * 100) for row in _invoices() if row["invoice"] in invoices.split(", "))
        assert claimed == sum(round(row["amount"] * 100) for row in FRENCH["plans"] if row["plan"] == plan)


def test_sheets_are_messy() -> None:
    cells = [cell for row in _invoices() for cell in (row["amount"], row["issued"], row.get("due"))]
    typed = {cell for cell in cells if isinstance(cell, str)}
    assert "#REF!" in typed
    assert "1.234" in typed
    assert any("\u00a0" in cell or "\u202f" in cell for cell in typed)
    assert any(re.fullmatch(r"\d\d/\d\d/\d{4}", cell) for cell in typed)
    assert any(row["customer"] != row["customer"].strip() for row in _invoices())
    assert sum(not row for row in FRENCH["invoices"]) == 3


def test_the_journal_keeps_relance_s_own_rules() -> None:
    """A message is reserved before it is sent, seven days lie between two, and no step is skipped on the way up."""
    journal = FRENCH["journal"]
    assert [row["when"] for row in journal] == sorted(row["when"] for row in journal)
    reserved: set[str] = set()
    written: dict[tuple[str, str], date] = {}
    steps: dict[str, list[int]] = defaultdict(list)
    dues = {row["invoice"]: row["due"] for row in _invoices() if isinstance(row.get("due"), date)}
    for row in journal:
        when = datetime.fromisoformat(row["when"])
        assert when.utcoffset() is not None
        key = row.get("key", "")
        if row["status"] == "reserved":
            assert key not in reserved
            reserved.add(key)
        if row["status"] == "sent":
            assert key in reserved
        if row["status"] in ("sent", "done", "skipped"):
            customer, currency, cadence, carrying, step, occurrence = key.split("|")
            assert (customer, currency, cadence) == (row["customer"], row["currency"], row["cadence"])
            assert (carrying, int(step), int(occurrence)) == (row["invoices"].split(", ")[0], row["step"], row["occurrence"])
            steps[carrying].append(row["step"])
            is_written = row["channel"] in ("e-mail", "recommandé", "mise en demeure") and row["status"] != "skipped"
            if is_written and carrying in dues and when.date() > dues[carrying]:
                before = written.get((customer, currency))
                assert before is None or (when.date() - before).days >= 7, row
                written[customer, currency] = when.date()
    assert sum(len(done) > 3 for done in steps.values()) >= 20
    for carrying, done in steps.items():
        assert all(later > earlier for earlier, later in zip(done, done[1:], strict=False)), (carrying, done)


def test_stages_have_enough_to_say() -> None:
    counts = Counter(row["step"] for row in FRENCH["journal"] if row["status"] in ("sent", "done"))
    assert all(counts[step] >= least for step, least in ((1, 150), (2, 120), (3, 60), (4, 25), (5, 12)))
    statuses = Counter(row["status"] for row in FRENCH["journal"])
    assert all(statuses[status] >= 1 for status in ("promised", "replied", "skipped", "bounced", "uncertain"))
