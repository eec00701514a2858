"""Which of our messages an answer or a bounce is about, and what the Journal gets."""

from datetime import UTC, datetime

import pytest

from sync.dunning.history import read_history
from sync.ledger.model import Contact, Invoice, JournalRow
from sync.ledger.words import Act
from sync.letters.drafts import case_mark
from sync.post.incoming import Failed, Incoming, What
from sync.post.mime import key_digest, message_id
from sync.post.replies import known, rows_of

NOW = datetime(2026, 2, 4, 10, tzinfo=UTC)
SENT = datetime(2026, 2, 2, 10, tzinfo=UTC)


def row(customer: str = "C1", invoice: str = "FA-001", to: str = "c1@example.org", **more: object) -> JournalRow:
    key = f"{customer}|EUR|standard|{invoice}|2|1"
    facts: dict[str, object] = {
        "row": 2, "when": SENT, "status": Act.SENT, "customer": customer, "invoices": (invoice,), "currency": "EUR", "step": 2,
        "cadence": "standard", "occurrence": 1, "channel": "email", "recipient": to, "key": key,
        "message_id": message_id(key, "compta@example.org"), "subject": f"Votre compte [{case_mark(customer)}]",
    }  # fmt: skip
    return JournalRow(**{**facts, **more})  # type: ignore[arg-type]


CONTACTS = [
    Contact(row=2, customer="C1", emails=("c1@example.org", "chef@example.org")),
    Contact(row=3, customer="C2", emails=("c2@example.org",)),
]
INVOICES = [
    Invoice(2, "FA-001", "C1", SENT.date(), SENT.date(), 100, "EUR"),
    Invoice(3, "FA-0011", "C1", SENT.date(), SENT.date(), 100, "EUR"),
    Invoice(4, "12", "C2", SENT.date(), SENT.date(), 100, "EUR"),
]


def reads(incoming: Incoming, journal: list[JournalRow]) -> list[JournalRow]:
    return rows_of(incoming, known(journal, CONTACTS, INVOICES), NOW, "run", "relance")


def answer(**facts: object) -> Incoming:
    return Incoming(**{"what": What.REPLY, "message_id": "<in@c>", "sender": "c1@example.org", "text": "Bonjour", **facts})  # type: ignore[arg-type]


def test_an_answer_in_the_thread_is_of_that_step_whoever_writes():
    (found,) = reads(answer(refers=(row().message_id,), sender="autre@client.example.org"), [row()])
    assert (found.status, found.customer, found.invoices, found.step, found.text, found.recipient) == (
        Act.REPLIED, "C1", ("FA-001",), 2, "Bonjour", "autre@client.example.org",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "matches"),
    [
        ({"subject": f"Votre compte [{case_mark('C1')}]"}, True),
        ({"subject": f"Tr: Votre compte [{case_mark('C1')}]", "sender": "comptable@ailleurs.example"}, True),
        ({"subject": "Votre compte [AAAA-BBBB]", "sender": "inconnu@example.org"}, False),
        ({"text": "à propos de FA-001, merci"}, True),
        ({"text": "à propos de fa-001."}, True),
        ({"text": "à propos de XFA-0012"}, False),
        ({"text": "Bonne année !"}, False),
        ({"text": "FA-001", "sender": "inconnu@example.org"}, False),
        ({"text": "FA-001", "sender": "c2@example.org"}, False),
        ({"text": "le 12 à midi", "sender": "c2@example.org"}, False),
        ({"refers": ("<forged@example.org>",)}, False),
    ],
)
def test_without_the_thread_the_sender_and_the_invoice_or_case_must_agree(facts, matches):
    assert bool(reads(answer(**facts), [row()])) is matches


def test_an_answer_to_a_test_message_concerns_no_customer():
    assert reads(answer(refers=(row().message_id,)), [row(note="test")]) == []


def test_what_the_journal_has_already_is_not_added_again():
    first = reads(answer(refers=(row().message_id,)), [row()])
    assert reads(answer(refers=(row().message_id,)), [row(), *first]) == []


def test_an_automatic_answer_pauses_nothing_and_a_human_one_does():
    (auto,) = reads(answer(what=What.AUTO, refers=(row().message_id,)), [row()])
    (human,) = reads(answer(refers=(row().message_id,)), [row()])
    assert read_history([row(), auto], NOW.date()).replies == {}
    assert read_history([row(), human], NOW.date()).replies == {"C1": NOW.date()}


def bounced(*failed: Failed, **facts: object) -> Incoming:
    return Incoming(**{"what": What.BOUNCE, "message_id": "<dsn@mx>", "failed": failed, **facts})  # type: ignore[arg-type]


def test_a_bounce_for_good_blocks_the_address_and_undoes_the_step():
    (found,) = reads(bounced(Failed("c1@example.org", True, "550"), refers=(row().message_id,)), [row()])
    history = read_history([row(), found], NOW.date())
    assert history.bounced == {"c1@example.org": NOW.date()}
    assert history.acts == {}


def test_a_bounce_of_one_recipient_of_two_blocks_that_one_and_the_step_stands():
    sent = row(to="c1@example.org, chef@example.org")
    (found,) = reads(bounced(Failed("chef@example.org", True), refers=(sent.message_id,)), [sent])
    history = read_history([sent, found], NOW.date())
    assert set(history.bounced) == {"chef@example.org"}
    assert "FA-001" in history.acts


def test_a_delay_blocks_nothing():
    (found,) = reads(bounced(Failed("c1@example.org", False), refers=(row().message_id,)), [row()])
    history = read_history([row(), found], NOW.date())
    assert (history.bounced, "FA-001" in history.acts) == ({}, True)


def test_a_bounce_is_known_by_our_own_header_when_the_id_was_rewritten():
    assert len(reads(bounced(Failed("c1@example.org", True), keys=(key_digest(row().key),)), [row()])) == 1


def test_a_bounce_about_an_address_we_did_not_write_to_is_nobodys():
    assert reads(bounced(Failed("victime@example.org", True), refers=(row().message_id,)), [row()]) == []
    assert reads(bounced(Failed("victime@example.org", True)), [row()]) == []
