"""What the law says beside a case: terms too long, hours of calls, rates that leave a gap, a formal notice logged by hand."""

from datetime import date

import pytest
from story import Kind, Story

from sync.dunning.configuration import read_rules
from sync.dunning.contact_limits import contact_hours_text, zones_of
from sync.ledger.words import Channel
from sync.workbook.contract import RATES
from sync.workbook.tabs import RawTab


def rates(*rows: tuple[str, date, float]) -> list[tuple[int, str, str]]:
    """(row, column, code) of what is wrong with a Rates tab."""
    columns: dict[str, list[object]] = {
        "rate": [name for name, _, _ in rows], "from": [start for _, start, _ in rows], "percent": [percent for _, _, percent in rows],
    }  # fmt: skip
    tab = RawTab(key=RATES.key, title="Taux", columns=columns)  # type: ignore[arg-type]
    return [(one.row, one.column, one.code) for one in read_rules({"rates": tab}).problems]


def test_the_next_rate_is_fine_and_one_that_starts_no_period_or_leaves_a_gap_is_told():
    assert rates(("ECB_MRO", date(2027, 1, 1), 2.4)) == []
    assert rates(("ECB_MRO", date(2027, 1, 1), 2.4), ("ECB_MRO", date(2027, 3, 15), 2.5)) == [(3, "from", "not_a_period_start")]
    assert rates(("ECB_MRO", date(2027, 7, 1), 2.4)) == [(2, "from", "rate_gap")]


def test_a_term_beyond_the_legal_maximum_is_advice_and_stops_nothing():
    story = (
        Story()
        .invoice("F-1", issued="2026-01-05", due="2026-05-31", amount=500)
        .invoice("F-2", issued="2026-01-05", due="2026-03-06")
    )
    (profile,) = story.on("2026-02-02").profiles
    assert "F-1" in profile.advice
    assert "F-2" not in profile.advice
    assert story.due("2026-03-09") == ["email 2 F-2"]
    consumer = Story().contact("C1", kind=Kind.CONSUMER).invoice("F-1", issued="2026-01-05", due="2026-05-31")
    assert "F-1" not in consumer.on("2026-02-02").profiles[0].advice


@pytest.mark.parametrize(
    ("country", "language", "told"),
    [
        ("FR", "fr", "lun.–ven., 8\u00a0h–20\u00a0h, hors jours fériés, 2 fois au plus en 7\u00a0jours"),
        ("BE", "en", "Mon–Fri, 08:00–20:00, no public holiday, at most 2 times in 7 days"),
    ],
)
def test_the_hours_of_calls_are_the_strictest_of_all_rules(country, language, told):
    assert contact_hours_text(country, Kind.CONSUMER, Channel.CALL, language) == told


def test_the_time_of_a_country_with_many_zones_is_the_company_s():
    assert zones_of("BE", "Europe/Paris") == ["Europe/Brussels"]
    assert zones_of("US", "Europe/Paris") == ("Europe/Paris",)


def test_a_formal_notice_logged_by_hand_starts_the_interest_of_a_consumer():
    story = Story().contact("C1", kind=Kind.CONSUMER).invoice("F-1", due="2026-01-30", amount=1000)
    assert story.view("F-1", "2026-06-30").claim.interest == 0
    story.logs("2026-03-02", channel="formal notice", invoices=("F-1",))
    assert story.view("F-1", "2026-06-30").claim.interest == round(100000 * 0.0262 * 120 / 365)
