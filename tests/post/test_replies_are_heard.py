"""Whatever customers answer, and however often, a person sees the words of each."""

import pytest
from postal import Postal

KEY = "review|reply|C1|2026-02-03"


def owing(folder, **settings) -> Postal:
    return Postal(folder, mode="draft", **settings).contact(name="Les Ateliers Vif").invoice("F-1", "2026-01-30")


def hears(postal: Postal, text: str, at: str = "2026-02-03T09:00:00+01:00", sender: str = "c1@example.org") -> None:
    postal.add("journal", when=at, status="replied", customer="C1", invoices="F-1", recipient=sender, text=text)


def tasks(postal: Postal):
    return [row for row in postal.rows("today") if row["kind"] == "réponse"]


def test_two_answers_of_one_day_stand_in_one_task_with_the_words_of_both(tmp_path):
    postal = owing(tmp_path)
    hears(postal, "Le virement part vendredi.")
    hears(postal, "Finalement ce sera lundi.", "2026-02-03T16:30:00+01:00")
    postal.passes(at="2026-02-03 17:00")
    (task,) = tasks(postal)
    assert "Les Ateliers Vif a répondu 2 fois" in task["what"]
    assert task["script"] == (
        "— 03/02/2026, 09:00, c1@example.org\nLe virement part vendredi.\n\n"
        "— 03/02/2026, 16:30, c1@example.org\nFinalement ce sera lundi."
    )


def test_an_answer_that_comes_after_the_first_was_noted_is_a_task_of_its_own(tmp_path):
    postal = owing(tmp_path)
    hears(postal, "Le virement part vendredi.")
    postal.passes(at="2026-02-03 10:00")
    postal.types("today", KEY, outcome="fait")
    hears(postal, "Finalement ce sera lundi.", "2026-02-03T16:30:00+01:00")  # in the Journal before the outcome is read
    postal.passes(at="2026-02-03 17:00")
    (task,) = tasks(postal)
    assert (task["task"], task["script"]) == (f"{KEY}|2", "Finalement ce sera lundi.")
    postal.types("today", f"{KEY}|2", outcome="fait")
    postal.passes(at="2026-02-03 18:00")
    assert tasks(postal) == []


def test_an_answer_of_yesterday_that_nobody_noted_is_still_there_beside_that_of_today(tmp_path):
    postal = owing(tmp_path)
    hears(postal, "Où est la commande ?")
    postal.passes(at="2026-02-03 10:00")
    hears(postal, "Toujours sans nouvelles.", "2026-02-04T09:00:00+01:00")
    postal.passes(at="2026-02-04 10:00")
    (task,) = tasks(postal)
    assert "Où est la commande" in task["script"]
    assert "Toujours sans nouvelles" in task["script"]


def test_an_answer_from_an_address_nobody_knows_says_who_wrote(tmp_path):
    postal = owing(tmp_path)
    hears(postal, "Je suis leur comptable.", sender="comptable@ailleurs.example")
    postal.passes(at="2026-02-03 10:00")
    assert tasks(postal)[0]["script"] == "— 03/02/2026, 09:00, comptable@ailleurs.example\nJe suis leur comptable."


def test_an_answer_without_words_says_where_to_look(tmp_path):
    postal = owing(tmp_path)
    hears(postal, "")
    postal.passes(at="2026-02-03 10:00")
    assert tasks(postal)[0]["script"] == "(sans texte\u00a0: ouvrez la boîte)"


def test_an_answer_that_comes_with_the_money_is_still_shown(tmp_path):
    from datetime import date

    postal = owing(tmp_path)
    hears(postal, "Payé ce matin, mais deux fois : merci de rembourser.")
    postal.add("payments", invoice="F-1", amount=100, paid_on=date(2026, 2, 3))
    postal.passes(at="2026-02-03 10:00")
    assert "deux fois" in tasks(postal)[0]["script"]
    postal.passes(at="2026-02-20 10:00")
    assert tasks(postal) == []


def test_a_customer_who_writes_a_lot_fills_one_cell_with_the_latest(tmp_path):
    postal = owing(tmp_path)
    for number in range(9):
        hears(postal, f"Message {number}. " + "bla " * 900, f"2026-02-03T1{number}:00:00+01:00")
    postal.passes(at="2026-02-03 19:30")
    script = tasks(postal)[0]["script"]
    assert len(script) < 13_000
    assert "Message 8" in script
    assert script.startswith("(6 plus anciennes\u00a0: voir l’onglet Journal)")


@pytest.mark.parametrize("days", [0, 14])
def test_answers_wait_without_an_end_when_reviews_are_off(tmp_path, days):
    postal = owing(tmp_path, review_days=days)
    hears(postal, "Je paie demain.")
    postal.passes(at="2026-03-03 10:00")
    assert bool(tasks(postal)) is (days == 0)
