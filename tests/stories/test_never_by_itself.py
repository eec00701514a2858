"""What must never happen by itself: one story at least for each line of the closed list (facts on the law, §11)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from story import Approval, Channel, DelayReason, Kind, PaymentMeans, Segment, Status, Story, day

from sync.dunning.agreements.offers import OfferDesk
from sync.dunning.configuration import read_rules
from sync.dunning.contact_limits import reachable
from sync.dunning.law.rates import RateMissing, Rates
from sync.dunning.model import Mode
from sync.dunning.reasons import State
from sync.dunning.sending import choose, may_leave
from sync.dunning.today.account_tasks import account_tasks, rate_warnings
from sync.importing.headings import Kind as ImportKind
from sync.ledger.words import Language
from sync.letters.checking import word_lists
from sync.letters.library import builtin_names, builtin_text
from sync.workbook.contract import CADENCE
from sync.workbook.tabs import RawTab

LANGUAGES: tuple[Language, ...] = ("fr", "en")
ON_PAPER = ("letter", "registered", "formal", "hand_over", "review", "call")
EVERY_TEXT = [(name, language) for language in LANGUAGES for name in sorted(builtin_names(language))]


# 1. A formal notice, a hand-over, a court file


def test_a_formal_notice_and_a_hand_over_wait_for_a_person_even_if_the_cadence_says_automatic():
    rows = [("J+1", "mise en demeure"), ("J+5", "remise à un professionnel")]
    columns: dict[str, list[object]] = {
        "cadence": ["dur", "dur"], "step": [1, 2], "when": [when for when, _ in rows],
        "channel": [channel for _, channel in rows], "approval": ["automatique", "automatique"],
    }  # fmt: skip
    rules = read_rules({"cadence": RawTab(key=CADENCE.key, title="Scénario", columns=columns)})  # type: ignore[arg-type]
    story = Story(rules=rules).invoice("F-1", due="2026-01-30")
    assert story.life("2026-01-31", "2026-06-30") == []
    decision = story.decision("2026-06-30")
    assert decision.approval is Approval.PERSON
    assert not may_leave(decision, Mode.AUTO)


def test_a_whole_year_in_automatic_mode_sends_e_mails_and_nothing_else():
    story = Story().invoice("F-1", due="2026-01-30", amount=5000)
    sent = [line for line in story.life("2026-01-01", "2026-12-31") if "skipped" not in line]
    assert sent == ["2026-01-23 email 1 F-1", "2026-02-02 email 2 F-1"]


# 2. Anything about an invoice that is disputed, under a plan, promised, insolvent, time-barred

REST = {
    "disputed": {"reason": DelayReason.DISPUTE},
    "promised": {"promised": "2026-04-30"},
    "not received": {"reason": DelayReason.NOT_RECEIVED, "reason_on": "2026-02-01"},
    "handed over": {"status": Status.HANDED_OVER, "status_on": "2026-01-31"},
    "in court": {"status": Status.COURT, "status_on": "2026-01-31"},
    "on hold": {"hold": "2026-04-30"},
}


@pytest.mark.parametrize("said", REST.values(), ids=REST.keys())
def test_what_rests_gets_nothing(said):
    story = Story().invoice("F-1", due="2026-01-30", **said)
    assert story.life("2026-02-02", "2026-02-06") == []


def test_an_insolvent_customer_and_a_time_barred_consumer_get_nothing_for_years():
    story = Story().contact("C1", insolvent_on=date(2026, 2, 1)).invoice("F-1", due="2026-01-30")
    assert story.life("2026-02-02", "2026-12-31") == []
    late = Story().contact("C1", kind=Kind.CONSUMER).invoice("F-1", due="2024-01-30", issued="2024-01-01")
    assert late.life("2026-01-05", "2026-12-31") == []


def test_a_plan_that_is_kept_gets_nothing_without_a_tick():
    story = Story(approves=False).invoice("F-1", due="2026-01-30", amount=300)
    story.plan("P1", ["F-1"], [("2026-03-27", 150), ("2026-04-27", 150)], agreed_on="2026-01-31")
    story.pays(150, on="2026-03-27", invoice="F-1").pays(150, on="2026-04-27", invoice="F-1")
    assert story.life("2026-01-31", "2026-12-31") == []


# 3. The fixed sum or a business rate on a consumer, or on somebody whose kind is unknown


@pytest.mark.parametrize(("kind", "expected"), [(Kind.CONSUMER, 0), (None, None), (Kind.BUSINESS, 4000)])
def test_the_fixed_sum_is_for_businesses_alone(kind, expected):
    claim = Story().contact("C1", kind=kind).invoice("F-1", due="2026-01-30").view("F-1", "2026-03-30").claim
    assert claim.compensation == expected
    if kind is not Kind.BUSINESS:
        assert not claim.interest


# 4 and 10. Collection costs; seizure, bailiff or listing; 9. a debt told on the envelope


@pytest.mark.parametrize(("name", "language"), EVERY_TEXT)
def test_no_text_charges_costs_threatens_or_discloses(name, language):
    disclosing, risky = word_lists(language)
    text = builtin_text(name, language)
    assert risky.search(f"{text.subject}\n{text.body}") is None
    if not name.startswith(ON_PAPER):  # inside an envelope the letter says what it is
        assert disclosing.search(text.subject) is None


# 5. A rate that is missing


def test_a_missing_rate_is_never_carried_on_and_is_asked_for_in_time():
    with pytest.raises(RateMissing):
        Rates.load().on("ECB_MRO", date(2027, 1, 1))
    story = Story().invoice("F-1", due="2026-11-30")
    assert story.view("F-1", "2026-12-31").claim.interest is not None
    claim = story.view("F-1", "2027-01-01").claim
    assert (claim.interest, claim.why_null) == (None, "rate_missing")
    warned = [one for one in rate_warnings(story.ledger(), story.rules, date(2026, 11, 20)) if one.name == "ECB_MRO"]
    assert [(one.needed_from, one.days_left) for one in warned] == [(date(2027, 1, 1), 42)]
    assert rate_warnings(story.ledger(), story.rules, date(2026, 10, 1)) == ()


# 6. An e-mail, a call note or our own proposal taken for an acknowledgement


def test_only_a_signed_plan_starts_the_limitation_again():
    story = Story().invoice("F-1", due="2026-01-30", issued="2026-01-01", amount=300)
    limit = day("2031-01-01")
    story.logs("2026-02-05", "replied").logs("2026-02-06", "done", channel="call", invoices=("F-1",), note="reconnaît devoir")
    story.logs("2026-02-20", "done", channel="registered letter", invoices=("F-1",))
    assert story.view("F-1", "2026-03-01").limitation == limit
    rows = [("2026-03-15", 150), ("2026-04-15", 150)]
    assert story.plan("P1", ["F-1"], rows, agreed_on=None).view("F-1", "2026-03-01").limitation == limit
    assert story.plan("P2", ["F-1"], rows, agreed_on="2026-03-01").view("F-1", "2026-03-02").limitation == limit
    signed = story.plan("P3", ["F-1"], rows, agreed_on="2026-03-03", signed_on="2026-03-03")
    assert signed.view("F-1", "2026-03-04").limitation == day("2031-03-03")


# 7. A limitation date from the most favourable start


def test_the_limitation_counts_from_the_earliest_day_and_says_so_when_it_is_near():
    story = Story().invoice("F-1", due="2026-03-31", issued="2026-01-01")
    assert story.view("F-1", "2026-04-15").limitation == day("2031-01-01")
    assert "2031" not in story.view("F-1", "2030-06-30").why
    assert story.view("F-1", "2030-12-01").why.endswith("Prescription le 01/01/2031, dans 31 jours.")


# 8. Bank details from imported data


def test_an_import_can_only_bring_invoices_contacts_and_payments():
    assert set(get_args(ImportKind)) == {"invoices", "contacts", "payments"}


# 9. A third party told about a debt, or several debtors in one message


def test_a_message_goes_to_its_own_customer_and_names_only_their_invoices():
    story = Story()
    for number in range(6):
        story.invoice(f"F-{number}", due="2026-01-30", customer=f"C{number % 3}")
    for decision in story.on("2026-02-02").decisions:
        assert decision.to == (f"{decision.customer.lower()}@example.org",)
        assert {story.invoices[number].customer for number in decision.invoices} == {decision.customer}


# 10. Outside the permitted hours


@pytest.mark.parametrize(("hour", "leaves"), [(9, True), (20, False), (7, False)])
def test_a_consumer_is_not_written_to_at_night_nor_on_a_sunday(hour, leaves):
    story = (
        Story(sending_days=frozenset(range(7))).contact("C1", kind=Kind.CONSUMER, country="FR").invoice("F-1", due="2026-01-30")
    )
    now = datetime(2026, 2, 2, hour, 30, tzinfo=UTC) - timedelta(hours=1)  # Paris is one hour ahead
    may_reach = reachable(story.contacts, story.rules.settings, now)
    settings = story.rules.settings
    chosen, told = choose(story.on("2026-02-02").decisions, settings, sent_today=0, window_open=True, may_reach=may_reach)
    assert (bool(chosen), [one.reason for one in told]) == (leaves, ["step_due" if leaves else "outside_window"])
    sunday = reachable(story.contacts, settings, datetime(2026, 2, 1, 10, tzinfo=UTC))
    assert choose(story.on("2026-02-02").decisions, settings, sent_today=0, window_open=True, may_reach=sunday)[0] == []


def test_a_consumer_is_called_twice_a_week_at_most_and_written_to_once():
    rows = [("J+1", "e-mail"), ("J+2", "appel"), ("J+3", "appel"), ("J+4", "appel"), ("J+5", "e-mail")]
    columns: dict[str, list[object]] = {
        "cadence": ["a"] * 5, "step": [1, 2, 3, 4, 5], "when": [when for when, _ in rows], "channel": [one for _, one in rows],
    }  # fmt: skip
    rules = read_rules({"cadence": RawTab(key=CADENCE.key, title="Scénario", columns=columns)})  # type: ignore[arg-type]

    def told(kind: Kind) -> list[str]:
        story = Story(does=["call"], rules=rules, spacing_days=3).contact("C1", kind=kind).invoice("F-1", due="2026-02-01")
        return [line[8:] for line in story.life("2026-02-02", "2026-02-28")]

    assert told(Kind.BUSINESS) == ["02 email 1 F-1", "03 call 2 F-1", "04 call 3 F-1", "05 call 4 F-1", "06 email 5 F-1"]
    assert told(Kind.CONSUMER) == ["02 email 1 F-1", "03 call 2 F-1", "04 call 3 F-1", "10 call 4 F-1", "11 email 5 F-1"]


# 11. A waiver, a discount, a write-off, the allocation of money nobody identified


def test_a_discount_is_granted_by_a_person_once_the_plan_is_kept():
    story = Story().invoice("F-1", due="2026-01-30", amount=300)
    story.plan("P1", ["F-1"], [("2026-02-15", 150), ("2026-03-15", 140)], agreed_on="2026-02-01")
    story.instalments[-1] = replace(story.instalments[-1], discount=1000)
    story.pays(150, on="2026-02-15", invoice="F-1").pays(140, on="2026-03-15", invoice="F-1")
    conclusion = story.on("2026-03-20")
    assert conclusion.balances.open["F-1"] == 1000
    assert story.why("F-1", "2026-03-20") == "plan_kept"
    (task,) = [one for one in account_tasks(story.ledger(), story.rules, conclusion) if one.key.startswith("review|discount|")]
    assert task.amount == 1000


def test_money_without_an_invoice_stays_unallocated_and_nothing_is_written_off():
    story = Story().invoice("F-1", due="2026-01-30", amount=100).pays(100, on="2026-02-01", reference="F-1")
    conclusion = story.on("2026-02-02")
    assert (conclusion.balances.open["F-1"], conclusion.balances.unallocated["C1", "EUR"]) == (10000, 10000)
    assert story.why("F-1", "2026-02-02") == "covered_by_credit"
    done = Story(does=["call", "registered letter", "formal notice", "hand over"]).invoice("F-1", due="2026-01-30")
    done.life("2026-01-31", "2026-06-30")
    assert done.view("F-1", "2026-06-30").state is State.EXHAUSTED
    assert done.on("2026-06-30").balances.open["F-1"] == 10000


# 12. A natural person scored or excluded


def test_a_natural_person_is_never_put_on_the_harsher_path():
    def payer(**facts: object) -> Story:
        story = Story().contact("C1", **facts)
        for month in range(1, 9):
            story.invoice(f"F-{month}", due=f"2025-{month:02}-28").pays(100, on=f"2025-{month + 3:02}-28", invoice=f"F-{month}")
        return story.invoice("F-9", due="2026-01-30", amount=1000)

    company, person = payer(), payer(natural_person=True)
    assert company.on("2026-02-02").profiles[0].segment is Segment.WATCH
    assert person.on("2026-02-02").profiles[0].segment is Segment.OCCASIONAL
    offers = [
        OfferDesk.of(one.ledger(), one.rules, one.on("2026-02-02")).offer("C1", "EUR")
        for one in (person, payer(segment_set=None))
    ]
    assert all(offer is not None and offer.offer.proposals for offer in offers)
    assert offers[0] is not None
    assert "risque" not in " ".join(proposal.why for proposal in offers[0].offer.proposals)


def test_a_direct_debit_is_not_chased_before_its_bank_answers():
    story = Story().contact("C1", payment_means=PaymentMeans.DIRECT_DEBIT).invoice("F-1", due="2026-01-30")
    assert story.life("2026-01-31", "2026-03-31") == []


def test_no_channel_but_e_mail_leaves_by_itself():
    story = Story(discount_immediate=Decimal(2)).invoice("F-1", due="2026-01-30")
    for number in range(90):
        for decision in story.on(day("2026-01-31") + timedelta(days=number)).decisions:
            assert decision.channel is Channel.EMAIL or not may_leave(decision, Mode.AUTO)
