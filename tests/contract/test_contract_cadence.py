"""The cadence on a workbook made by hand: steps, business days, cycles, spacing, grace, repeats, precedence, refusals."""

import pytest
from plain_book import Book, contact, day, invoice, paid

AUTO = {"mode": "auto", "language": "en", "freshness_days": None}
HOLIDAYS_OFF = {"sending_days": None}


def step(cadence="mine", number=1, when="J+1", channel="email", **more):
    return {"Cadence": cadence, "Step": number, "When": when, "Channel": channel, **more}


def plain(tmp_path, *steps, invoices=None, who=None, settings=None, **tabs):
    extra = {"Cadence": list(steps)} if steps else {}
    return Book(
        tmp_path, Invoices=invoices or [invoice()], Contacts=who or [contact()], Settings={**AUTO, **(settings or {})}, **extra, **tabs
    )  # fmt: skip


def sent(book, as_of):
    return [(one["step"], one["invoices"]) for one in book.sync(as_of)["sent"]]


def acts(book):
    """(day, step, status, note) of each act of a step."""
    return [
        (str(row["When"])[:10], row["Step"], row["Status"], row["Note"]) for row in book.rows("Journal") if row["Step"] and row["Status"] != "reserved"
    ]  # fmt: skip


# --- the default plan


def test_the_default_cadence_is_the_usual_plan(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()])
    book.run("init", "--language", "en")
    standard = [row for row in book.rows("Cadence") if row["For segment"] is None]
    assert [(row["Step"], row["When"], row["Channel"]) for row in standard] == [
        (1, "D-5", "email"), (2, "D+1", "email"), (3, "D+7", "call"), (4, "D+15", "registered letter"), (5, "D+30", "call"),
        (6, "D+45", "formal notice"), (7, "D+60", "hand over"),
    ]  # fmt: skip
    assert {row["For segment"] for row in book.rows("Cadence")} == {None, "reliable", "watch"}


def test_an_invoice_is_late_from_the_day_after_its_due_date(tmp_path):
    book = plain(tmp_path, step(when="J+1"), settings=HOLIDAYS_OFF)
    assert [book.view("F-1", on)["days_late"] for on in ("2026-01-30", "2026-01-31", "2026-02-01")] == [0, 0, 1]
    assert [book.why("F-1", on)[1] for on in ("2026-01-31", "2026-02-01")] == ["not_due", "step_due"]


def test_a_step_that_falls_on_a_weekend_moves_to_the_next_business_day(tmp_path):
    book = plain(tmp_path, step(when="J+1"), invoices=[invoice(due="2026-01-30")])
    assert book.why("F-1", "2026-01-31") == ("scheduled", "step_scheduled")
    assert book.decision("2026-01-31")["action_date"] == "2026-02-02"
    assert book.why("F-1", "2026-02-02") == ("due", "step_due")


@pytest.mark.parametrize("when", ["J+3", "j+3", "D+3", "J + 3", "d +3"])
def test_when_in_either_language(tmp_path, when):
    assert plain(tmp_path, step(when=when), settings=HOLIDAYS_OFF).decision("2026-02-03")["action_date"] == "2026-02-03"


@pytest.mark.parametrize(
    ("word", "channel"),
    [
        ("e-mail", "email"),
        ("appel", "call"),
        ("courrier", "letter"),
        ("Recommandé", "registered letter"),
        ("mise en demeure", "formal notice"),
        ("point interne", "review"),
        ("remise à un professionnel", "hand over"),
        ("registered letter", "registered letter"),
    ],
)
def test_channels_in_either_language(tmp_path, word, channel):
    assert plain(tmp_path, step(channel=word)).decision("2026-02-10")["channel"] == channel


# --- notes before the due date


def test_a_note_is_due_from_its_day_until_the_due_date(tmp_path):
    book = plain(tmp_path, step(number=1, when="J-5"), step(number=2, when="J+1"), invoices=[invoice(due="2026-03-31")])
    assert book.why("F-1", "2026-03-25") == ("scheduled", "not_due")
    assert book.decision("2026-03-26")["step"] == 1
    assert book.why("F-1", "2026-03-30") == ("due", "step_due")
    assert book.why("F-1", "2026-03-31") == ("scheduled", "not_due")  # a note on the due day or later is not sent


def test_a_note_on_a_weekend_moves_to_the_business_day_before(tmp_path):
    book = plain(tmp_path, step(number=1, when="J-5"), step(number=2, when="J+1"), invoices=[invoice(due="2026-01-30")])
    assert book.decision("2026-01-23")["action_date"] == "2026-01-23"


def test_a_note_lists_the_invoices_whose_day_has_come_and_the_earliest_due_carries(tmp_path):
    rows = [invoice("F-2", "2026-03-31"), invoice("F-1", "2026-03-30"), invoice("F-3", "2026-04-30")]
    decision = plain(tmp_path, step(number=1, when="J-5"), step(number=2, when="J+1"), invoices=rows).decision("2026-03-27")
    assert (decision["carrying"], decision["invoices"], decision["step"]) == ("F-1", ["F-1", "F-2"], 1)


@pytest.mark.parametrize("more", [{}, {"Hold until": day("2026-12-31")}, {"Delay reason": "dispute"}])
def test_any_late_open_invoice_paused_or_not_silences_notes(tmp_path, more):
    rows = [invoice("F-1", "2026-03-31"), invoice("F-0", "2026-02-01", **more)]
    book = plain(tmp_path, step(number=1, when="J-5"), step(number=2, when="J+1"), invoices=rows)
    assert book.why("F-1", "2026-03-27") == ("scheduled", "not_due")
    assert 1 not in [one["step"] for one in book.plan("2026-03-27")["decisions"]]


def test_a_late_invoice_in_another_currency_silences_no_note(tmp_path):
    rows = [invoice("F-1", "2026-03-31"), invoice("F-0", "2026-02-01", Currency="USD")]
    assert plain(tmp_path, step(number=1, when="J-5"), step(number=2, when="J+1"), invoices=rows).why("F-1", "2026-03-27") == (
        "due",
        "step_due",
    )


# --- the carrier


def test_the_oldest_due_carries_and_the_largest_of_the_same_day(tmp_path):
    rows = [invoice("F-1", "2026-02-02", 50), invoice("F-2", "2026-02-02", 90), invoice("F-3", "2026-02-03", 500)]
    assert plain(tmp_path, invoices=rows).decision("2026-02-10")["carrying"] == "F-2"


def test_a_paused_invoice_does_not_carry(tmp_path):
    rows = [invoice("F-1", "2026-01-20", **{"Delay reason": "dispute"}), invoice("F-2", "2026-02-02")]
    decision = plain(tmp_path, invoices=rows).decision("2026-02-10")
    assert (decision["carrying"], decision["invoices"]) == ("F-2", ["F-2"])


def test_the_other_rows_point_to_the_carrier(tmp_path):
    book = plain(tmp_path, invoices=[invoice("F-1", "2026-01-30"), invoice("F-2", "2026-01-31")], settings={"mode": "draft"})
    book.sync("2026-02-10")
    first, second = book.rows("Invoices")
    assert (first["Next action"], second["Next action"]) == ("E-mail", "see F-1")
    assert (first["Days late"], first["Open balance"], first["Problem"]) == (11, 100, None)
    assert "F-2" in str(first["Draft"])
    assert second["Draft"] is None
    assert first["Why"]


# --- one step after the other


def test_a_late_case_starts_at_its_first_late_step_however_late(tmp_path):
    assert (
        plain(tmp_path, step(number=1, when="J+1"), step(number=2, when="J+10"), step(number=3, when="J+20")).decision(
            "2026-06-01"
        )["step"]
        == 1
    )


@pytest.mark.parametrize(("cap", "first"), [(None, 3), (2, 2)])
def test_late_entry_match_starts_at_the_step_of_its_age_but_never_at_a_persons(tmp_path, cap, first):
    steps = [
        step(number=1, when="J+1"),
        step(number=2, when="J+10"),
        step(number=3, when="J+20"),
        step(number=4, when="J+30", channel="call"),
    ]
    book = plain(tmp_path, *steps, settings={"late_entry": "match", "late_entry_cap": cap})
    assert book.decision("2026-06-01")["step"] == first


def test_the_next_step_is_due_the_day_after_at_the_earliest(tmp_path):
    steps = [step(number=1, when="J+1", Approval="auto"), step(number=2, when="J+2", Approval="auto")]
    book = plain(tmp_path, *steps, settings={"spacing_days": None})
    assert sent(book, "2026-03-02") == [(1, ["F-1"])]
    assert sent(book, "2026-03-02") == []
    assert sent(book, "2026-03-03") == [(2, ["F-1"])]


@pytest.mark.parametrize(("spacing", "on"), [(7, "2026-03-09"), (3, "2026-03-05"), (None, "2026-03-03")])
def test_spacing_is_in_calendar_days_and_equality_is_enough(tmp_path, spacing, on):
    steps = [step(number=1, when="J+1", Approval="auto"), step(number=2, when="J+2", Approval="auto")]
    book = plain(tmp_path, *steps, settings={"spacing_days": spacing})
    book.sync("2026-03-02")
    assert book.decision("2026-03-02")["action_date"] == on
    if spacing:
        assert book.why("F-1", "2026-03-04" if spacing == 7 else "2026-03-03") == ("waiting", "spacing")
    assert book.why("F-1", on) == ("due", "step_due")


def test_spacing_never_delays_a_call(tmp_path):
    book = plain(tmp_path, step(number=1, when="J+1"), step(number=2, when="J+2", channel="call"))
    book.sync("2026-03-02")
    assert book.decision("2026-03-03")["reason"] == "for_a_person"


def test_spacing_is_per_currency(tmp_path):
    rows = [invoice("F-1"), invoice("F-2", Currency="USD")]
    assert len(plain(tmp_path, invoices=rows).sync("2026-02-10")["sent"]) == 2


def test_two_cadences_of_one_customer_the_older_carrier_goes_first(tmp_path):
    rows = [invoice("F-1", "2026-01-31", Cadence="b"), invoice("F-2", "2026-01-20", Cadence="a")]
    book = plain(tmp_path, step("a"), step("b"), invoices=rows)
    plan = {one["cadence"]: (one["state"], one["reason"]) for one in book.plan("2026-02-10")["decisions"]}
    assert plan == {"a": ("due", "step_due"), "b": ("waiting", "spacing")}


def test_a_call_left_undone_is_skipped_after_its_days_of_grace_and_the_plan_goes_on(tmp_path):
    steps = [step(number=1, when="J+1"), step(number=2, when="J+7", channel="call"), step(number=3, when="J+20")]
    book = plain(tmp_path, *steps, settings={**HOLIDAYS_OFF, "spacing_days": None})
    book.sync("2026-02-01")
    assert book.decision("2026-02-07")["action_date"] == "2026-02-07"
    book.sync("2026-02-12")  # five days after: still to be done
    assert (book.decision("2026-02-12")["step"], acts(book)[-1][2]) == (2, "sent")
    book.sync("2026-02-13")
    assert acts(book)[-1][:3] == ("2026-02-13", 2, "skipped")
    assert book.decision("2026-02-20")["step"] == 3


def test_the_step_after_a_skipped_call_may_be_due_in_the_same_run(tmp_path):
    steps = [step(number=1, when="J+1"), step(number=2, when="J+3", channel="call"), step(number=3, when="J+5", Approval="auto")]
    book = plain(tmp_path, *steps, settings={**HOLIDAYS_OFF, "spacing_days": None})
    book.sync("2026-02-01")
    assert sent(book, "2026-02-09") == [(3, ["F-1"])]
    assert [(number, status) for _, number, status, _ in acts(book)] == [(1, "sent"), (2, "skipped"), (3, "sent")]


def test_without_grace_the_plan_waits_for_the_person(tmp_path):
    steps = [step(number=1, when="J+1"), step(number=2, when="J+7", channel="call"), step(number=3, when="J+20")]
    book = plain(tmp_path, *steps, settings={"person_grace_days": None})
    book.sync("2026-02-02")
    assert book.decision("2026-06-01")["step"] == 2


@pytest.mark.parametrize("channel", ["formal notice", "hand over"])
def test_a_formal_notice_and_a_hand_over_are_never_skipped(tmp_path, channel):
    book = plain(tmp_path, step(number=1, when="J+1"), step(number=2, when="J+7", channel=channel), step(number=3, when="J+20"))
    book.sync("2026-02-02")
    book.sync("2026-04-01")
    assert (book.decision("2026-06-01")["step"], book.decision("2026-06-01")["approval"]) == (2, "person")


def test_repeats_count_all_sendings_and_each_is_so_many_days_after_the_last(tmp_path):
    steps = [step(number=1, when="J+1", Approval="auto", **{"Repeat every (days)": 10, "At most": 3})]
    book = plain(tmp_path, *steps, settings=HOLIDAYS_OFF)
    book.sync("2026-02-01")
    assert book.why("F-1", "2026-02-10") == ("scheduled", "step_scheduled")
    assert (sent(book, "2026-02-11"), sent(book, "2026-02-22"), sent(book, "2026-03-30")) == ([(1, ["F-1"])], [(1, ["F-1"])], [])
    assert [row["Occurrence"] for row in book.rows("Journal") if row["Status"] == "sent"] == [1, 2, 3]


def test_after_the_last_step_it_waits_then_a_person_decides(tmp_path):
    book = plain(tmp_path, step(), settings=HOLIDAYS_OFF)
    book.sync("2026-02-01")
    assert book.why("F-1", "2026-02-15") == ("waiting", "plan_exhausted")
    assert book.why("F-1", "2026-02-16") == ("exhausted", "plan_exhausted")
    book.sync("2026-02-16")
    assert [row["Invoices"] for row in book.rows("Today") if row["Customer"]] == ["F-1"]


# --- who is claimed


def test_from_the_registered_letter_up_only_invoices_already_claimed_are_claimed(tmp_path):
    steps = [step(number=1, when="J+1"), step(number=2, when="J+15", channel="registered letter")]
    book = plain(tmp_path, *steps)
    book.sync("2026-02-02")
    book.add("Invoices", invoice("F-2", "2026-02-10"))
    decision = book.decision("2026-02-16")
    assert (decision["invoices"], decision["also_open"], decision["amount"]) == (["F-1"], ["F-2"], "100.00")


def test_a_cycle_ends_without_a_late_invoice_and_the_next_one_starts_again(tmp_path):
    steps = [step(number=1, when="J+1"), step(number=2, when="J+5", Approval="auto")]
    book = plain(tmp_path, *steps, settings={"spacing_days": None})
    book.sync("2026-02-02")
    book.sync("2026-02-06")
    book.add("Payments", paid("2026-02-09", 100, "F-1"))
    book.add("Invoices", invoice("F-2", "2026-02-20"))
    assert book.decision("2026-03-20")["step"] == 1


def test_within_a_cycle_a_new_late_invoice_starts_at_most_where_the_customer_is(tmp_path):
    steps = [
        step(number=1, when="J+1"),
        step(number=2, when="J+5", Approval="auto"),
        step(number=3, when="J+10", Approval="auto"),
    ]
    book = plain(
        tmp_path, *steps, settings={**HOLIDAYS_OFF, "spacing_days": None}, invoices=[invoice("F-1"), invoice("F-2", "2026-02-10")]
    )
    book.sync("2026-02-01")
    book.sync("2026-02-05")  # step 2 is the highest that the customer has reached
    book.add("Payments", paid("2026-02-12", 100, "F-1"))
    assert book.decision("2026-02-12")["step"] == 1  # its age matches the first step
    assert book.decision("2026-02-25")["step"] == 2  # and later the second, not the third


def test_a_payment_returned_gives_the_step_a_new_occurrence(tmp_path):
    book = plain(tmp_path, step())
    book.sync("2026-02-02")
    book.add("Payments", paid("2026-02-03", 100, "F-1"), paid("2026-02-10", -100, "F-1"))
    decision = book.decision("2026-02-12")
    assert (decision["step"], decision["occurrence"], decision["state"]) == (
        1,
        2,
        "waiting" if decision["reason"] == "spacing" else "due",
    )


def test_what_was_done_before_relance_seeds_the_level(tmp_path):
    steps = [step(number=1, when="J+1"), step(number=2, when="J+5"), step(number=3, when="J+10")]
    rows = [invoice(**{"Last step (before)": 2, "Last contact (before)": day("2026-02-06")})]
    book = plain(tmp_path, *steps, invoices=rows)
    assert book.why("F-1", "2026-02-12") == ("waiting", "spacing")
    decision = book.decision("2026-02-13")
    assert (decision["step"], decision["action_date"]) == (3, "2026-02-13")


# --- precedence


def test_the_cadence_of_the_invoice_wins_over_the_customers_the_segments_and_the_first(tmp_path):
    steps = [step("first"), step("own"), step("theirs"), step("for new", **{"For segment": "new"})]
    named = [
        invoice("F-1", customer="C1", Cadence="OWN"),
        invoice("F-2", customer="C2"),
        invoice("F-3", customer="C3"),
        invoice("F-4", customer="C4"),
    ]
    who = [
        contact("C1", Cadence="theirs"),
        contact("C2", Cadence="theirs"),
        contact("C3"),
        contact("C4", **{"Segment (set)": "reliable"}),
    ]
    book = plain(tmp_path, *steps, invoices=named, who=who)
    assert {one["customer"]: one["cadence"] for one in book.plan("2026-02-10")["decisions"]} == {
        "C1": "own",
        "C2": "theirs",
        "C3": "for new",
        "C4": "first",
    }


def test_a_segment_without_any_cadence_is_told(tmp_path):
    book = plain(tmp_path, step(**{"For segment": "watch"}))
    assert [(place[0], place[2]) for place in book.codes("2026-02-10")] == [("cadence", "segment")]
    assert book.why("F-1", "2026-02-10") == ("blocked", "settings_problem")
    assert "new" in book.run("check", "--as-of", "2026-02-10", status=1).stdout
    book.sync("2026-02-10", status=2)


def test_a_cadence_that_does_not_exist_is_a_problem_of_its_cell(tmp_path):
    book = plain(tmp_path, step(), invoices=[invoice(Cadence="unheard of")])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("invoices", 2, "cadence")]
    assert book.why("F-1", "2026-02-10") == ("blocked", "row_problem")


def test_a_cadence_that_changes_inside_a_cycle_makes_the_next_step_ask(tmp_path):
    steps = [step("a", 1, "J+1"), step("a", 2, "J+5", Approval="auto"), step("b", 1, "J+1"), step("b", 2, "J+8", Approval="auto")]
    book = plain(tmp_path, *steps, settings={"spacing_days": None})
    book.sync("2026-02-02")
    book.type("Invoices", 2, "Cadence", "b")
    decision = book.decision("2026-02-12")
    assert (decision["step"], decision["approval"], decision["reason"]) == (2, "ask", "cadence_changed")


def test_a_segment_that_changes_inside_a_cycle_makes_the_next_step_ask_and_only_that_one(tmp_path):
    steps = [step(number=number, when=f"J+{5 * number}", Approval="auto") for number in (1, 2, 3)]
    book = plain(tmp_path, *steps, who=[contact(**{"Segment (set)": "reliable"})], settings={"spacing_days": None})
    book.sync("2026-02-05")
    book.type("Contacts", 2, "Segment (set)", "watch")
    assert book.sync("2026-02-10")["sent"] == []  # the very run that sees the change asks
    assert book.decision("2026-02-11")["reason"] == "cadence_changed"
    book.type("Invoices", 2, "Send?", "yes")
    assert sent(book, "2026-02-11") == [(2, ["F-1"])]
    assert sent(book, "2026-02-16") == [(3, ["F-1"])]


# --- refusals

REFUSED = {
    "numbers with a gap": [step(number=1, when="J+1"), step(number=3, when="J+5")],
    "a number twice": [step(number=1, when="J+1"), step(number=1, when="J+5")],
    "from two": [step(number=2, when="J+1")],
    "days that fall": [step(number=1, when="J+5"), step(number=2, when="J+1")],
    "the same day": [step(number=1, when="J+5"), step(number=2, when="J+5")],
    "no such channel": [step(channel="pigeon")],
    "no such day": [step(when="soon")],
    "the due day": [step(when="J+0")],
    "no channel": [step(channel=None)],
    "no number": [step(number=None)],
    "a bad minimum": [step(Minimum="1,234")],
}


@pytest.mark.parametrize("steps", REFUSED.values(), ids=REFUSED)
def test_a_cadence_with_a_wrong_step_is_refused_and_the_others_go_on(tmp_path, steps):
    rows = [invoice("F-1", customer="C1", Cadence="mine"), invoice("F-2", customer="C2")]
    book = plain(tmp_path, step("sound"), *steps, invoices=rows, who=[contact("C1"), contact("C2")])
    assert {one["tab"] for one in book.plan("2026-02-10")["problems"]} == {"cadence"}
    assert book.why("F-1", "2026-02-10") == ("blocked", "settings_problem")
    assert book.why("F-2", "2026-02-10") == ("due", "step_due")


def test_a_refused_cadence_that_keeps_everything_from_leaving_ends_sync_with_2(tmp_path):
    book = plain(tmp_path, step(when="soon"))
    found = book.sync("2026-02-10", status=2)
    assert (found["sent"], bool(found["error"])) == ([], True)
    assert book.rows("Invoices")[0]["Open balance"] == 100
    assert book.rows("Cadence")[0]["Problem"]


def test_a_refused_cadence_beside_a_sound_one_ends_sync_with_0(tmp_path):
    book = plain(tmp_path, step("sound"), step("broken", when="soon"), settings={"mode": "auto"})
    assert len(book.sync("2026-02-10")["sent"]) == 1


# --- approvals


def test_in_mode_approve_everything_waits_for_a_tick(tmp_path):
    book = plain(tmp_path, step(Approval="auto"), settings={"mode": "approve"})
    assert book.why("F-1", "2026-02-10") == ("due", "awaiting_approval")
    assert book.sync("2026-02-10")["sent"] == []
    book.type("Invoices", 2, "Send?", "yes")
    assert len(book.sync("2026-02-11")["sent"]) == 1
    assert book.rows("Invoices")[0]["Send?"] is None


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("auto", "step_due"),
        ("automatique", "step_due"),
        ("ask", "awaiting_approval"),
        ("à valider", "awaiting_approval"),
        ("person", "for_a_person"),
        ("par une personne", "for_a_person"),
    ],
)
def test_approvals_in_either_language(tmp_path, word, reason):
    assert plain(tmp_path, step(Approval=word)).why("F-1", "2026-02-10") == ("due", reason)


def test_a_tick_on_a_row_that_does_not_carry_is_a_problem_and_no_approval(tmp_path):
    rows = [invoice("F-1", "2026-01-30"), invoice("F-2", "2026-01-31")]
    book = plain(tmp_path, step(Approval="ask"), invoices=rows)
    book.sync("2026-02-10")
    book.type("Invoices", 3, "Send?", "yes")
    assert [place[:3] for place in book.codes("2026-02-10")] == [("invoices", 3, "send")]
    assert book.sync("2026-02-10")["sent"] == []


def test_skip_on_another_row_leaves_that_invoice_out_once(tmp_path):
    book = plain(
        tmp_path,
        step(Approval="auto", **{"Repeat every (days)": 10, "At most": 2}),
        invoices=[invoice("F-1", "2026-01-30"), invoice("F-2", "2026-01-31", **{"Send?": "passer"})],
    )
    assert sent(book, "2026-02-10") == [(1, ["F-1"])]
    assert book.rows("Invoices")[1]["Send?"] is None
    assert sent(book, "2026-02-20") == [(1, ["F-1", "F-2"])]


def test_skip_on_the_carrying_row_passes_the_step(tmp_path):
    steps = [step(number=1, when="J+1"), step(number=2, when="J+5", Approval="auto")]
    book = plain(tmp_path, *steps, invoices=[invoice(**{"Send?": "skip"})])
    assert sent(book, "2026-02-10") == []
    assert acts(book) == [("2026-02-10", 1, "skipped", None)]
    assert book.rows("Invoices")[0]["Send?"] is None
    assert sent(book, "2026-02-11") == [(2, ["F-1"])]


def test_the_minimum_of_a_step_makes_it_wait(tmp_path):
    assert plain(tmp_path, step(Minimum=100.01)).why("F-1", "2026-02-10") == ("waiting", "below_minimum")
    assert plain(tmp_path, step(Minimum=100)).why("F-1", "2026-02-10") == ("due", "step_due")


def test_the_segment_set_by_a_person_stands(tmp_path):
    book = plain(tmp_path, who=[contact(**{"Segment (imposé)": "à surveiller"})])
    assert book.plan("2026-02-10")["customers"][0]["segment"] == "watch"
    assert book.decision("2026-02-10")["cadence"] == "firm"
