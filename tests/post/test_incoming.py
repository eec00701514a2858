"""What comes in, told apart and survived: answers, automatic answers, bounces of several makes, and hostile mail."""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.post.incoming import Failed, What, understand
from sync.post.quotes import new_words, text_of_html

OURS = "<0eab8a0a3380abf4c7d1fb0b43b66aaf@example.org>"
QUOTE = "> Bonjour,\n> la facture F-1 est échue."


def mail(text: str = "Bonjour", html: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = headers.pop("sender", "Jean <jean@client.example.org>")
    message["Message-ID"] = "<in@client.example.org>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def bounce(address: str, action: str = "failed", status: str = "5.1.1", returned: str = f"Message-ID: {OURS}\n") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.org\nReturn-Path: <>\nSubject: Mail delivery failed\nMessage-ID: <dsn@mx.example.org>\n"
        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nA message could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822;{address}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 no such user\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{returned}Subject: x\n\nbody\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    "text",
    [
        f"Virement fait hier.\n\nLe lun. 2 févr. 2026 à 10:00, Atelier <compta@example.org> a écrit :\n{QUOTE}",
        f"Virement fait hier.\n\nLe lun. 2 févr. 2026 à 10:00, Atelier Brumaire\n<compta@example.org> a\u00a0écrit\u00a0:\n\n{QUOTE}",
        f"Virement fait hier.\n\nOn Mon, 2 Feb 2026 at 10:00, Atelier <compta@example.org>\nwrote:\n{QUOTE}",
        "Virement fait hier.\n\n-----Message d'origine-----\nDe : compta@example.org\nEnvoyé : lundi\nObjet : F-1\n\nBonjour",
        "Virement fait hier.\n\nDe : Compta <compta@example.org>\nEnvoyé : lundi 2 février 2026\nÀ : Jean\nObjet : F-1\n\nBonjour",
        "Virement fait hier.\n\n-- \nJean Martin\nComptable\n01 99 00 00 00",
        "Virement fait hier.\n\nEnvoyé de mon iPhone\n\n> la facture",
        f"Virement fait hier.\n{QUOTE}",
        "Virement fait hier.",
    ],
)
def test_only_the_new_words_are_kept(text):
    assert new_words(text) == "Virement fait hier."


def test_an_answer_below_the_quote_is_not_lost():
    assert "payé le 3" in new_words(f"Le lun. 2 févr. 2026, Atelier <c@example.org> a écrit :\n{QUOTE}\n\nC'est payé le 3.")


def test_html_alone_is_read_without_its_quote_and_its_scripts():
    html = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>Virement&nbsp;fait<br>hier.</p><script>alert(1)</script>"
        "<div class='gmail_quote'>Le lundi, Atelier a écrit :<blockquote>la facture</blockquote></div></body></html>"
    )
    assert text_of_html(html) == "Virement fait\nhier."
    raw = f"From: j@client.example.org\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{html}".encode()
    assert understand(raw).text == "Virement fait\nhier."


def test_an_answer_names_what_it_answers():
    seen = understand(
        mail("Bonjour", In_Reply_To=OURS, References=f"<a@b.example> {OURS}", Subject="Re: =?utf-8?q?Votre_compte?=")
    )
    assert (seen.what, seen.refers, seen.subject, seen.sender) == (
        What.REPLY, (OURS, "<a@b.example>"), "Re: Votre compte", "jean@client.example.org",
    )  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (out of office)"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"Subject": "Réponse automatique : Votre compte"},
        {"Subject": "Out of office: Votre compte"},
        {"Subject": "Absence du bureau"},
    ],
)
def test_automatic_answers_are_told_apart(headers):
    assert understand(mail("Je suis absent.", **headers)).what is What.AUTO


def test_auto_submitted_no_is_a_person():
    assert understand(mail("Bonjour", Auto_Submitted="no")).what is What.REPLY


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [("failed", "5.1.1", True), ("failed", "4.4.7", False), ("delayed", "4.2.2", False), ("failed", "", True)],
)
def test_a_standard_bounce_names_the_address_and_whether_it_is_for_good(action, status, permanent):
    seen = understand(bounce("faux@example.org", action, status))
    assert (seen.what, [(one.address, one.permanent) for one in seen.failed]) == (What.BOUNCE, [("faux@example.org", permanent)])
    assert seen.refers == (OURS,)


def test_a_report_that_a_message_arrived_is_no_bounce():
    assert understand(bounce("c1@example.org", "delivered", "2.0.0")).failed == ()


def test_a_rewritten_message_id_is_made_up_for_by_our_own_header():
    seen = understand(bounce("faux@example.org", returned="Message-ID: <other@relay.example>\nX-Relance-Key: " + "a" * 32 + "\n"))
    assert seen.keys == ("a" * 32,)


def test_a_bounce_in_plain_words_is_understood():
    text = (
        "Your message to faux@example.org couldn't be delivered.\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n"
        f"Original message headers:\nMessage-ID: {OURS}\n"
    )
    seen = understand(mail(text, sender="postmaster@tenant.example.org", Subject="Undeliverable: Votre compte"))
    assert (seen.what, seen.failed[0]) == (What.BOUNCE, Failed("faux@example.org", True))
    assert OURS in seen.refers


def test_a_delay_in_plain_words_is_no_failure_for_good():
    text = "Delivery to faux@example.org has been delayed. 450 4.2.0 mailbox busy. We will keep trying."
    seen = understand(mail(text, sender="MAILER-DAEMON@mx.example.org", Subject="Warning: message delayed"))
    assert [one.permanent for one in seen.failed] == [False]


def test_an_answer_that_quotes_a_failure_is_an_answer():
    assert understand(mail("Votre message à x@example.org : 550 5.1.1 ?", Subject="Re: delivery failure")).what is What.REPLY


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 5000,
        b"From: a@b.example\nContent-Type: text/plain; charset=klingon\n\nBonjour \xe9t\xe9",
        b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nBonjour \xe9t\xe9 \xff\xfe",
        b"From: a@b.example\nContent-Type: text/plain; charset=\"\x00\"\nContent-Transfer-Encoding: base64\n\n!!!not base64",
        b"From: =?utf-8?b?////?= <a@b.example>\nSubject: =?x?q?=ff?=\n\nx",
        b"From: " + b"a" * 100_000 + b"\n\nx",
        b"Subject: x\n" * 20_000 + b"\nx",
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 4000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
        b"Content-Type: message/rfc822\n\n" * 3000,
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" + b"Final-Recipient: x\nAction: failed\n\n" * 5000,
        b"From: a@b.example\nContent-Type: text/html\n\n" + b"<div>" * 50_000 + b"hello",
        b"From: a@b.example\nContent-Type: text/html\n\n" + b"</div>" * 50_000,
        b"From: a@b.example\n\n" + b"Le " * 80_000,
        b"From: a@b.example\n\n" + b"On a, b wrote\n" * 20_000,
        b"From: a@b.example\n\n" + b">" * 250_000,
        b"From: a@b.example\n\n" + b"-- \n" * 60_000,
        b"From: a@b.example\n\n" + b"a@" * 100_000,
        b"From: a@b.example\n\n" + b" \t\n" * 80_000,
        b"From: a@b.example\n\nThis e-mail " + b"mail " * 50_000,
        b"References: " + b"<a@b> " * 40_000 + b"\n\nx",
    ],
)  # fmt: skip
def test_hostile_mail_is_survived_and_quickly(raw):
    start = time.process_time()
    seen = understand(raw[:262_144])
    assert len(seen.text) <= 4000
    assert time.process_time() - start < 2.0


def test_an_attachment_is_never_opened():
    message = EmailMessage()
    message["From"] = "a@client.example.org"
    message.set_content("Voir la pièce.")
    message.add_attachment(b"PK\x03\x04" + b"\x00" * 1000, maintype="application", subtype="zip", filename="bomb.zip")
    message.add_attachment("never shown", filename="note.txt")
    assert understand(message.as_bytes()).text == "Voir la pièce."


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"From: a@b.example\n\n", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"Subject: "]),
)
def test_nothing_that_arrives_raises(noise, start):
    understand(start + noise)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="Leonwrtéaci :>\n-_\u00a0a@<", max_size=300))
def test_new_words_are_words_of_the_text(text):
    kept = new_words(text)
    assert all(line.strip() in text for line in kept.split("\n"))
