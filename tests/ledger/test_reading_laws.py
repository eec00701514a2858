"""Laws of reading: it never raises, never loses a row, and neither the order of rows nor of columns matters."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_tabs import AS_OF, bill, paid, raw, read

from sync.dunning.configuration import read_rules
from sync.ledger.cells import CellError
from sync.ledger.problems import PROBLEMS
from sync.ledger.reading import read_ledger
from sync.workbook.contract import TABS, TABS_BY_KEY
from sync.workbook.tabs import RawTab

WORDS = [
    "F-1", "C1", "C2", "EUR", "oui", "litige", "standard", "J+7", "1", "2", "e-mail", "31/03/2026", "03/04/2026", "1 234,56 €", "1,234",
    "-5", "#REF!", "Loading...", "a@example.org", "https://example.org", "fr", "mode", "auto", "language", "en", "", " ", "ECB_MRO",
]  # fmt: skip
CELLS = st.one_of(
    st.none(), st.sampled_from(WORDS), st.text(max_size=12), st.booleans(), st.integers(-5, 60_000), st.integers(), st.floats(),
    st.dates(), st.datetimes(), st.times(), st.timedeltas(),
)  # fmt: skip


@st.composite
def tabs(draw):
    """Any cells anywhere in any tabs, whole columns missing, columns of uneven length."""
    found = {}
    for tab in draw(st.lists(st.sampled_from(TABS), unique=True, max_size=4)):
        keys = draw(st.lists(st.sampled_from([column.key for column in tab.columns]), unique=True, min_size=1))
        columns = {key: draw(st.lists(CELLS, max_size=4)) for key in keys}
        found[tab.key] = RawTab(key=tab.key, title=tab.en, columns=columns)
    return found


LANGUAGES = st.sampled_from(["fr", "en"])


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tabs(), LANGUAGES, st.booleans())
def test_reading_never_raises_and_each_problem_can_be_told(tabs, language, checked):
    real_today = AS_OF if checked else None
    ledger, problems = read_ledger(tabs, language=language, currency="EUR", terms="30", as_of=AS_OF, real_today=real_today)
    rules = read_rules(tabs)
    for problem in [*problems, *rules.problems]:
        assert problem.what(language)
        assert problem.fix(language)
        assert problem.tab in tabs
        assert problem.row >= 2
        TABS_BY_KEY[problem.tab].column(problem.column)
    assert len({invoice.number for invoice in ledger.invoices}) == len(ledger.invoices)
    assert all(invoice.number and invoice.customer and invoice.currency for invoice in ledger.invoices)
    assert all(payment.customer for payment in ledger.payments)


def _described(ledger):
    """The ledger without its rows' places."""
    return (
        {replace(invoice, row=0) for invoice in ledger.invoices},
        sorted(map(repr, (replace(payment, row=0) for payment in ledger.payments))),
        {key: replace(contact, row=0) for key, contact in ledger.contacts.items()},
        ledger.doubtful_customers,
        ledger.rows_rejected,
        ledger.payments_as_of,
    )


NUMBERS = st.sampled_from(["F-1", "F-2", "F-3", "A-1", "", None])
BILLS = st.builds(
    bill, NUMBERS, st.sampled_from(["C1", "C2", "C9", None]), st.sampled_from(["01/01/2026", "bof", 46100]),
    st.sampled_from(["100", "-40", "1,234", 25.5, None]), applies_to=NUMBERS, paid_on=st.sampled_from([None, "02/02/2026"]),
    status=st.sampled_from([None, "litige", "annulée"]), currency=st.sampled_from([None, "CHF"]),
)  # fmt: skip
PAID = st.builds(
    paid, st.sampled_from(["02/02/2026", "x"]), NUMBERS, st.sampled_from(["100", "-40", "z"]),
    customer=st.sampled_from([None, "C1", "C2"]), currency=st.sampled_from([None, "CHF"]),
)  # fmt: skip


@given(st.lists(BILLS, max_size=8), st.lists(PAID, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(bills, payments, random):
    contacts = [{"customer": "C1"}, {"customer": "C2", "terms": "45 FM"}]
    before, told_before = read(invoices=bills, payments=payments, contacts=contacts)
    for rows in (bills, payments, contacts):
        random.shuffle(rows)
    after, told_after = read(invoices=bills, payments=payments, contacts=contacts)
    assert _described(before) == _described(after)
    codes = [sorted((problem.tab, problem.column, problem.code) for problem in told) for told in (told_before, told_after)]
    assert codes[0] == codes[1]


@given(st.lists(BILLS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(bills, random):
    tab = raw("invoices", bills)
    keys = list(tab.columns)
    random.shuffle(keys)
    other = replace(tab, columns={key: tab.columns[key] for key in keys})
    common = {"language": "fr", "currency": "EUR", "terms": "30", "as_of": AS_OF}
    assert read_ledger({"invoices": tab}, **common) == read_ledger({"invoices": other}, **common)


@given(st.lists(BILLS, max_size=8))
def test_each_filled_row_is_an_invoice_or_rejected(bills):
    ledger, problems = read(invoices=bills)
    assert len(ledger.invoices) + ledger.rows_rejected == len(bills)
    assert bool(ledger.rows_rejected) <= bool(problems)


def test_unusual_cells_of_a_carrier_are_told_not_raised():
    odd = [time(8, 30), timedelta(hours=30), datetime.fromisoformat("2026-01-01T00:00:00+02:00"), date.max, 10**400, -(10**400)]
    for cell in odd:
        ledger, problems = read(invoices=[bill(amount=cell)])
        assert (len(ledger.invoices), len(problems)) == (0, 1)


def test_every_sentence_is_complete_in_both_languages():
    for code, text in PROBLEMS.items():
        for sentence in text:
            assert sentence.endswith((".", "…", "?", "!")), (code, sentence)
        for sentence in (text.what_fr, text.fix_fr):
            assert "'" not in sentence, (code, sentence)
            for mark in (" :", " ;", " ?", " !", "« ", " »"):
                assert mark not in sentence, (code, sentence)


def test_every_refusal_has_its_sentence():
    def classes(parent):
        return {parent, *(each for child in parent.__subclasses__() for each in classes(child))}

    assert {each.code for each in classes(CellError)} <= PROBLEMS.keys()
