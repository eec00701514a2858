"""A message as it leaves: right in every header, one text in two forms, nothing that anyone slipped in, a code that reads back."""

import email
import random
import shutil
import subprocess
from datetime import UTC, date, datetime
from email import policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_sink import mail_sink
from postal import Postal

from sync.dunning.model import Decision, Settings
from sync.dunning.reasons import Reason, State
from sync.ledger.words import Approval, Channel
from sync.letters.documents.transfer import Transfer, picture
from sync.post.mime import build, message_id
from sync.post.model import Attachment, Outgoing

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
NASTY = st.text(max_size=120) | st.sampled_from(
    [
        "x\r\nBcc: evil@example.org",
        "x\nX-Evil: 1",
        "\u2028Bcc: e@e",
        "a" * 500,
        'Léa "x" <e@e.example>, f@f.example',
        "=?utf-8?q?x?=",
        "é" * 200,
    ]
)


def outgoing(**more: object) -> Outgoing:
    decision = Decision(
        customer="C1", currency="EUR", cadence="standard", carrying="F-1", invoices=("F-1",), step=2, offset=1, channel=Channel.EMAIL,
        approval=Approval.AUTO, state=State.DUE, reason=Reason.STEP_DUE, action_date=date(2026, 2, 2), amount=100,
        to=("c1@example.org",), cc=("chef@example.org",),
    )  # fmt: skip
    facts: dict[str, object] = {
        "decision": decision,
        "subject": "Votre compte",
        "text": "Bonjour",
        "html": "<html><body><p>Bonjour</p></body></html>",
    }
    return Outgoing(**{**facts, **more})  # type: ignore[arg-type]


def sent(one: Outgoing, **settings: object) -> tuple[bytes, email.message.EmailMessage]:
    facts = {"sender_email": "compta@example.org", "sender_name": "Léa", **settings}
    data = build(one, Settings(**facts), NOW).as_bytes()  # type: ignore[arg-type]
    return data, email.message_from_bytes(data, policy=policy.default)  # type: ignore[return-value]


def told(data: bytes, header: str) -> str:
    return str(make_header(decode_header(str(email.message_from_bytes(data)[header]))))


@given(NASTY, NASTY, NASTY)
def test_no_name_subject_or_text_adds_a_header_or_a_recipient(name, subject, text):
    data, message = sent(outgoing(subject=subject, text=text), sender_name=name)
    assert set(message.keys()) <= {
        "From", "To", "Cc", "Subject", "Date", "Auto-Submitted", "X-Relance-Date", "Message-ID", "X-Relance-Key", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert [one.addr_spec for one in message["To"].addresses] == ["c1@example.org"]
    assert told(data, "From").endswith("compta@example.org>") or told(data, "From") == "compta@example.org"
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=110))
def test_our_name_is_right_in_the_header_whatever_its_length_and_accents(name):
    name = " ".join(name.split())
    if "=?" in name:
        return
    data, _ = sent(outgoing(), sender_name=name, company="")
    assert told(data, "From").replace("\\", "").strip() in (
        f"{name} <compta@example.org>".replace("\\", "").strip(),
        f'"{name}" <compta@example.org>'.replace("\\", ""),
        "compta@example.org",
    )


@given(st.integers(1, 60), st.text("abcdefghij", min_size=1, max_size=50))
def test_threads_keep_whole_ids_however_long_the_domain(count, host):
    thread = tuple(message_id(f"k{number}", f"a@{host}.{host}.example.org") for number in range(count))
    data, _ = sent(outgoing(thread=thread), sender_email=f"a@{host}.{host}.example.org")
    raw = email.message_from_bytes(data)
    kept = str(raw["References"]).split()
    assert (kept[0], kept[-1], len(kept)) == (thread[0], thread[-1], min(count, 10))
    assert str(raw["In-Reply-To"]) == thread[-1]
    assert str(raw["Message-ID"]) == message_id("C1|EUR|standard|F-1|2|1", f"a@{host}.{host}.example.org")


def test_attachments_code_text_and_html_stand_in_their_places():
    one = outgoing(
        html='<html><body><img src="cid:x"></body></html>', code=b"\x89PNG",
        attachments=(Attachment("Relevé n° 1.pdf", b"%PDF-1.7", "application/pdf"),),
    )  # fmt: skip
    _, message = sent(one)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Relevé n° 1.pdf", b"%PDF-1.7")


def test_every_message_says_that_a_machine_sent_it_and_tracks_nobody(tmp_path):
    postal = (
        Postal(tmp_path, iban="FR7630006000011234567890189", company="Atelier Brumaire")
        .contact()
        .invoice("F-1", "2026-01-30", 240)
    )
    with mail_sink() as sink:
        postal.passes(sink.url)
    (message,) = sink.messages()
    assert message["Auto-Submitted"] == "auto-generated"
    html = message.get_body(("html",)).get_content()
    assert "http" not in html.replace("http-equiv", "")
    assert html.count("<img") == html.count('src="cid:')


def test_no_subject_names_a_debt(tmp_path):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink() as sink:
        postal.passes(sink.url)
    subject = str(sink.messages()[0]["Subject"]).casefold()
    assert not any(word in subject for word in ("relance", "impayé", "retard", "dette", "facture", "240"))


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        (
            {},
            ["BCD", "002", "1", "SCT", "", "Éclairage & Fils", "FR7630006000011234567890189", "EUR240", "", "", "FA-2026-001"],
        ),
        (
            {"invoice": "RF30FA20260123"},
            ["BCD", "002", "1", "SCT", "", "Éclairage & Fils", "FR7630006000011234567890189", "EUR240", "", "RF30FA20260123"],
        ),
        ({"iban": "FR7630006000011234567890188"}, None),
        ({"iban": ""}, None),
        ({"company": ""}, None),
        ({"currency": "CHF"}, None),
    ],
    ids=["reference", "creditor reference", "wrong account", "no account", "no name", "not in euros"],
)
def test_the_transfer_code_reads_back_exactly_or_is_absent(tmp_path, facts, lines):
    known = {
        "iban": "FR7630006000011234567890189",
        "company": "Éclairage & Fils",
        "currency": "EUR",
        "invoice": "FA-2026-001",
        **facts,
    }
    postal = Postal(tmp_path, iban=known["iban"], company=known["company"], country="FR").contact()
    postal.invoice(known["invoice"], "2026-01-30", 240, currency=known["currency"])
    with mail_sink() as sink:
        postal.passes(sink.url)
    pictures = [
        part.get_content() for message in sink.messages() for part in message.walk() if part.get_content_type() == "image/png"
    ]
    if lines is None:
        assert pictures == []
        assert (
            sink.messages() or known["iban"]
        )  # a wrong account in the settings stops everything; the others leave without a code
        return
    (picture,) = pictures
    assert decoded(picture, tmp_path) == lines
    html = sink.messages()[0].get_body(("html",)).get_content()
    assert "FR76 3000 6000 0112 3456 7890 189" in html
    assert 'alt="' in html


def decoded(picture: bytes, folder) -> list[str]:  # type: ignore[no-untyped-def]
    program = shutil.which("zbarimg")
    assert program, "zbarimg is not installed (.ci/run installs zbar-tools)"
    path = folder / "code.png"
    path.write_bytes(picture)
    return (
        subprocess.run([program, "-q", "--raw", "-Sbinary", path], capture_output=True, check=True)
        .stdout.decode()
        .rstrip("\n")
        .split("\n")
    )


def test_hundreds_of_codes_are_all_read_back(tmp_path):
    """One mask serves them all, so a reader must take each, whatever name, sum and reference it holds."""
    chance = random.Random(20)
    wanted = set()
    for number in range(200):
        name = "".join(chance.choice("AEÉéèàçœ &-bcdn") for _ in range(chance.randint(1, 80))).strip() or "A"
        reference = "".join(chance.choice("FA-0123456789 /") for _ in range(chance.randint(1, 60))).strip() or "X"
        transfer = Transfer(name, "FR7630006000011234567890189", "", chance.randint(1, 10**9), "EUR", reference)
        code = transfer.code()
        assert code is not None
        (tmp_path / f"{number:03}.png").write_bytes(picture(code.matrix))
        wanted.add((" ".join(name.split())[:70].strip(), " ".join(reference.split())))
    program = shutil.which("zbarimg")
    assert program, "zbarimg is not installed (.ci/run installs zbar-tools)"
    read = subprocess.run([program, "-q", "--raw", "-Sbinary", *sorted(tmp_path.glob("*.png"))], capture_output=True, check=True)
    found = read.stdout.decode().split("BCD\n")[1:]
    assert len(found) == 200
    lines = [one.rstrip("\n").split("\n") for one in found]
    assert {(one[4], one[-1]) for one in lines} == wanted


@pytest.mark.parametrize(
    "name",
    [
        "{{ 7*7 }}",
        "{% for x in range(9) %}x{% endfor %}",
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "A\r\nBcc: e@e.example",
        "x" * 5000,
    ],
)
def test_a_customers_name_is_only_ever_a_name(tmp_path, name):
    postal = Postal(tmp_path).contact(name=name, person=name).invoice("F-1", "2026-01-30")
    with mail_sink() as sink:
        postal.passes(sink.url)
    for message in sink.messages():
        assert [one.addr_spec for one in message["To"].addresses] == ["c1@example.org"]
        html = message.get_body(("html",)).get_content()
        assert "<script" not in html
        assert "49" not in message.get_body(("plain",)).get_content() or "49" in name
    assert set(sink.recipients()) <= {"c1@example.org"}
