"""Bounces, absences and receipts as the usual programs write them, on a story's own message."""

from datetime import UTC, datetime

import pytest

from sync.ledger.model import Contact, Invoice, JournalRow
from sync.ledger.words import Act
from sync.post.incoming import What, understand
from sync.post.mime import key_digest, message_id
from sync.post.replies import known, rows_of

KEY = "C1|EUR|standard|F-1|2|1"
SENT = datetime(2026, 2, 2, 10, tzinfo=UTC)
OURS = JournalRow(
    row=2, when=SENT, status=Act.SENT, customer="C1", invoices=("F-1",), currency="EUR", cadence="standard", step=2, occurrence=1,
    channel="email", recipient="c1@example.org", key=KEY, message_id=message_id(KEY, "compta@example.org"), subject="Votre compte",
)  # fmt: skip
ABOUT = known(
    [OURS],
    [Contact(row=2, customer="C1", emails=("c1@example.org",))],
    [Invoice(2, "F-1", "C1", SENT.date(), SENT.date(), 1, "EUR")],
)


def rows(raw: str) -> list[JournalRow]:
    return rows_of(understand(raw.encode()), ABOUT, SENT, "run", "relance")


def report(sender: str, subject: str, words: str, status: str, returned: str) -> str:
    return (
        f"From: {sender}\nTo: compta@example.org\nReturn-Path: <>\nSubject: {subject}\nMessage-ID: <dsn@mx.example.net>\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{words}\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n{status}\n{returned}--b--\n"
    )


RETURNED = f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {OURS.message_id}\nSubject: Votre compte\n\n"
BOUNCES = {
    "postfix, as large providers run it": report(
        "MAILER-DAEMON@mx.example.net (Mail Delivery System)", "Undelivered Mail Returned to Sender",
        "I'm sorry to have to inform you that your message could not be delivered.\n<c1@example.org>: host mx.example.org said: 550 5.1.1 unknown user",
        "Final-Recipient: rfc822; c1@example.org\nOriginal-Recipient: rfc822;c1@example.org\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <c1@example.org>: user unknown\n", RETURNED,
    ),
    "Exchange in French, without our headers": report(
        "Microsoft Outlook <postmaster@tenant.example.net>", "Non remis : Votre compte",
        "Échec de la remise à ces destinataires ou groupes :\nc1@example.org\nL'adresse de courrier est introuvable.",
        "Final-Recipient: rfc822;c1@example.org\nAction: failed\nStatus: 5.1.10\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound\n", "",
    ),
    "Exim": (
        "From: Mail Delivery System <Mailer-Daemon@mx.example.net>\nX-Failed-Recipients: c1@example.org\nAuto-Submitted: auto-replied\n"
        "Subject: Mail delivery failed: returning message to sender\nMessage-ID: <e@mx.example.net>\n\nThis message was created automatically.\n"
        f"  c1@example.org\n    Unrouteable address\n\n------ This is a copy of the message ------\nMessage-ID: {OURS.message_id}\n"
    ),
    "qmail": (
        "From: MAILER-DAEMON@mx.example.net\nReturn-Path: <>\nSubject: failure notice\nMessage-ID: <q@mx.example.net>\n\nHi. This is the qmail-send program.\n"
        "<c1@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        f"Message-ID: {OURS.message_id}\n"
    ),
    "one that rewrote the Message-ID": report(
        "postmaster@relay.example.net", "Delivery Status Notification (Failure)", "No.",
        "Final-Recipient: rfc822; c1@example.org\nAction: failed\nStatus: 5.1.1\n",
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: <changed@relay.example.net>\nX-Relance-Key: {key_digest(KEY)}\nSubject: x\n\nbody\n",
    ),
    "HTML alone": (
        "From: postmaster@tenant.example.net\nReturn-Path: <>\nSubject: Undeliverable: Votre compte\nMessage-ID: <h@mx.example.net>\nMIME-Version: 1.0\n"
        "Content-Type: text/html; charset=utf-8\n\n<html><body><p>Your message to <b>c1@example.org</b> couldn't be delivered.</p>"
        "<p>550 5.1.1 mailbox unavailable</p></body></html>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("make", sorted(BOUNCES))
def test_a_bounce_of_any_make_stops_the_address(make):
    (row,) = rows(BOUNCES[make])
    assert (row.status, row.recipient, row.customer, row.note, row.key) == (Act.BOUNCED, "c1@example.org", "C1", "", KEY)
    assert "@" not in row.new  # the diagnosis outlives the address


FULL = report(
    "MAILER-DAEMON@mx.example.net", "Undelivered Mail", "over quota",
    "Final-Recipient: rfc822; c1@example.org\nAction: delayed\nStatus: 4.2.2\nWill-Retry-Until: Fri, 6 Feb 2026\n", RETURNED,
)  # fmt: skip


def test_a_mailbox_that_is_full_for_now_stops_nothing():
    (row,) = rows(FULL)
    assert (row.status, row.note, row.key) == (Act.BOUNCED, "temporary", "")


def test_a_report_that_it_arrived_is_no_bounce():
    arrived = report(
        "MAILER-DAEMON@mx.example.net", "Successful Mail Delivery Report", "c1@example.org: delivered (250 2.0.0 ok)",
        "Final-Recipient: rfc822; c1@example.org\nAction: delivered\nStatus: 2.0.0\n", RETURNED,
    )  # fmt: skip
    assert all(row.status is not Act.BOUNCED for row in rows(arrived))


def answer(subject: str, text: str = "Bonjour, je reviens le 12.", headers: str = "") -> str:
    return (
        f"From: C. Martin <c1@example.org>\nMessage-ID: <a@client.example.org>\nIn-Reply-To: {OURS.message_id}\nReferences: {OURS.message_id}\n"
        f"Subject: {subject}\n{headers}Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Réponse automatique : Votre compte", "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n"),
        ("Réponse automatique : Votre compte", ""),
        ("Message automatique", ""),
        ("Réponse d’absence : Votre compte", ""),
        ("Notification d'absence", ""),
        ("Absente jusqu’au 12 février", ""),
        ("Absence Re: Votre compte", ""),
        ("En congés Re: Votre compte", ""),
        ("Indisponible", ""),
        ("Automatic reply: Votre compte", ""),
        ("Out of Office: Votre compte", ""),
        ("Re: Votre compte", "Auto-Submitted: auto-replied (vacation)\n"),
        ("Re: Votre compte", "Precedence: bulk\n"),
        ("Lu : Votre compte", ""),
        ("Read: Votre compte", ""),
    ],
)
def test_an_absence_is_no_answer(subject, headers):
    (row,) = rows(answer(subject, headers=headers))
    assert (row.status, row.note) == (Act.REPLIED, "auto")


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Re: Votre compte", ""),
        ("RE: Votre compte", "List-Id: <compta.example.org>\nPrecedence: list\n"),  # a mailbox behind a group
        ("Absolument d’accord", ""),
        ("Lundi prochain", ""),
        ("Ready to pay", ""),
        ("Re: Votre compte", "Auto-Submitted: no\n"),
        ("Re: Votre compte", "X-Priority: 1\nImportance: high\n"),
    ],
)
def test_a_person_is_never_taken_for_a_machine(subject, headers):
    (row,) = rows(answer(subject, headers=headers))
    assert (row.status, row.note) == (Act.REPLIED, "")


def test_a_read_receipt_is_no_answer():
    receipt = (
        f"From: C. Martin <c1@example.org>\nMessage-ID: <r@client.example.org>\nIn-Reply-To: {OURS.message_id}\nSubject: Votre compte\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: text/plain\n\nVotre message a été lu.\n"
        "--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    )
    assert understand(receipt.encode()).what is What.AUTO


def test_a_list_that_nobody_asked_for_is_no_answer():
    news = "From: c1@example.org\nMessage-ID: <n@client.example.org>\nList-Id: <news.example.org>\nSubject: Nos offres F-1\n\nOffres F-1\n"
    (row,) = rows(news)
    assert row.note == "auto"
