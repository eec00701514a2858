"""A letter as it is posted: the text of the draft, a person's words first, on the company's paper.

The text decides. What it already says (its date, the mention of registered post, the bank details) takes its place on
the page; what it leaves out and a letter needs (address, references, code to pay) is added; nothing is taken out.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from sync.dunning.model import Decision
from sync.ledger.cells import CellError
from sync.ledger.dates import parse_date
from sync.ledger.money import format_money
from sync.ledger.words import Channel, Language
from sync.letters.desk import Text
from sync.letters.documents.blocks import Block, blocks_of
from sync.letters.documents.frame import frame, place_and_date, recipient
from sync.letters.documents.model import Document, decision_file
from sync.letters.documents.transfer import Transfer
from sync.letters.documents.words import words
from sync.letters.facts import MOST_LISTED, Sources, facts_of, spaced_iban
from sync.letters.table import one_line
from sync.letters.views import MOST_LINES, Interest, Invoices, ListedInvoice, long_date

_REGISTERED = (Channel.REGISTERED_LETTER, Channel.FORMAL_NOTICE)


def letter(decision: Decision, text: Text, sources: Sources) -> Document:
    """The PDF of a written step, dated the day of the run unless its own text bears a date.

    A letter to a professional is addressed by hand: the Contacts tab holds customers only.
    """
    language, settings = decision.language, sources.rules.settings
    shown = words(language)["letter"]
    contact = sources.contacts.get(decision.customer)
    body = blocks_of(text.text)
    registered = decision.channel in _REGISTERED
    body, registered = _lifted(body, shown["registered"], registered)
    body, date = _dated(body, long_date(sources.as_of, language), language)
    handed = decision.channel is Channel.HAND_OVER
    body = _signed(_with_payment(body, decision, sources, language), one_line(settings.company))
    notes: list[dict[str, Any]] = []
    if registered and not handed:
        notes.append({"text": shown["registered"], "strong": True})
        notes.append({"label": shown["registered_number"], "text": ""})
    notes.append({"label": shown["our_reference"] + _colon(language), "text": one_line(decision.customer)})
    if settings.sender_name:
        notes.append({"label": shown["contact"] + _colon(language), "text": one_line(settings.sender_name)})
    return Document(
        name=decision_file(decision, settings.language),
        page="letter.typ",
        title=one_line(text.subject),
        language=language,
        day=sources.as_of,
        data={
            **frame(settings, language),
            "to": [] if handed else recipient(decision.customer, contact, settings, language),
            "to_write": 4 if handed else 0 if contact is not None and contact.address else 3,
            "place_and_date": place_and_date(settings, date, language),
            "notes": notes,
            "subject": one_line(text.subject),
            "blocks": body,
            "annex": _annex(decision, sources, language),
        },
    )


def _colon(language: Language) -> str:
    return "\u00a0:" if language == "fr" else ":"


def _lifted(body: list[Block], mention: str, registered: bool) -> tuple[list[Block], bool]:
    """The body without a first paragraph that only says "registered", and whether the letter is."""
    if body and body[0] == {"kind": "par", "lines": [mention]}:
        return body[1:], True
    return body, registered


def _dated(body: list[Block], today: str, language: Language) -> tuple[list[Block], str]:
    """A first paragraph that is only a date is the date of the letter, wherever its figures stop."""
    if body and body[0]["kind"] == "par" and len(body[0]["lines"]) == 1:
        line = str(body[0]["lines"][0])
        date = line.removeprefix("Le ") if language == "fr" else line
        with suppress(CellError):
            parse_date(line, language)
            return body[1:], date
    return body, today


def date_of(text: Text, language: Language) -> date | None:
    """The date that a letter's own text bears; None where it bears none and the day of the run is put."""
    body, _ = _lifted(blocks_of(text.text), words(language)["letter"]["registered"], registered=False)
    _, told = _dated(body, "", language)
    return parse_date(told, language) if told else None


def _with_payment(body: list[Block], decision: Decision, sources: Sources, language: Language) -> list[Block]:
    """The bank details of the text in a frame with the code to pay; added at the end where the text has none."""
    settings = sources.rules.settings
    if not settings.iban or decision.channel is Channel.HAND_OVER:
        return body
    spaced = spaced_iban(settings.iban)
    for place, block in enumerate(body):
        if block["kind"] == "list" and any(spaced in item for item in block["items"]):
            start, title = place, words(language)["letter"]["pay"]
            before = body[place - 1] if place else None
            if before is not None and before["kind"] == "par" and len(before["lines"]) == 1 and before["lines"][0].endswith(":"):
                start, title = place - 1, before["lines"][0].rstrip(": \u00a0\u202f")
            rows = [_row(item) for item in block["items"]]
            return [*body[:start], _payment(title, rows, decision, sources, language, body), *body[place + 1 :]]
    facts = facts_of(decision, sources, language)
    shown = words(language)["letter"]
    rows = [[shown["holder"], one_line(settings.company)], ["IBAN", spaced]]
    rows += [["BIC", facts.payment.bic]] if facts.payment.bic else []
    rows += [[shown["reference"], facts.payment.reference]]
    return [*body, _payment(shown["pay"], rows, decision, sources, language, body)]


def _row(item: str) -> list[str]:
    label, colon, value = item.partition(":")
    if not colon:
        return ["", item]
    label = label.strip()
    return [label[:1].upper() + label[1:], value.strip()]


def _payment(
    title: str, rows: list[list[str]], decision: Decision, sources: Sources, language: Language, body: Sequence[Block]
) -> Block:
    """The sum stands in the frame, and in the code, only if the text asks for that very sum."""
    settings = sources.rules.settings
    shown = words(language)["letter"]
    to_pay = format_money(decision.to_pay, decision.currency, language)
    asked = any(to_pay in line for line in _all_lines(body))
    reference = facts_of(decision, sources, language).payment.reference
    code = ""
    if asked:
        rows = [*rows, [shown["amount"], to_pay]]
        transfer = Transfer(settings.company, settings.iban, settings.bic, decision.to_pay, decision.currency, reference)
        code = transfer.svg()
    alt = shown["code_alt"].format(amount=to_pay, name=one_line(settings.company), reference=reference)
    return {"kind": "payment", "title": title, "rows": rows, "code": code, "alt": alt, "note": shown["code"]}


def _all_lines(body: Sequence[Block]) -> list[str]:
    found: list[str] = []
    for block in body:
        match block["kind"]:
            case "par":
                found += block["lines"]
            case "list":
                found += block["items"]
            case "table":
                found += [cell for row in (*block["rows"], *block["sums"]) for cell in row]
    return found


def _signed(body: list[Block], company: str) -> list[Block]:
    """Room for a hand under the last paragraph that ends with the company's name; what follows it is small print.

    The last words before the closing go with it: a signature alone on a page signs nothing.
    """
    places = [i for i, one in enumerate(body) if one["kind"] == "par" and company and one["lines"][-1].endswith(company)]
    if not places or places[-1] < len(body) // 2:
        return body
    place = places[-1]
    closing = body[place - 1]["lines"] if body[place - 1]["kind"] == "par" else []
    after: list[Block] = [{**one, "kind": "small"} if one["kind"] == "par" else one for one in body[place + 1 :]]
    start = place - 1 if closing else place
    before = [one["lines"] for one in body[start - 1 : start] if one["kind"] == "par"] if closing else []
    return [*body[: start - len(before)], {**body[place], "kind": "sign", "closing": closing, "before": before}, *after]


def _annex(decision: Decision, sources: Sources, language: Language) -> list[Block]:
    """Everything that the text could only sum up: a letter of two hundred invoices lists them all here."""
    found: list[Block] = []
    if len(decision.invoices) > MOST_LISTED:
        listed = [_line(number, sources, decision.currency, language) for number in decision.invoices]
        found += blocks_of(Invoices(listed, language).detail)
    if len(decision.interest_lines) > MOST_LINES and facts_of(decision, sources, language).interest:
        for start in range(0, len(decision.interest_lines), MOST_LINES):
            part = decision.interest_lines[start : start + MOST_LINES]
            found += blocks_of(Interest("", True, False, part, decision.currency, language).detail)
    return found


def _line(number: str, sources: Sources, currency: str, language: Language) -> ListedInvoice:
    invoice, view = sources.invoices[number], sources.views[number]
    return ListedInvoice(
        one_line(number), invoice.issued, invoice.due, view.open, invoice.amount, view.days_late, "", "", currency, language
    )
