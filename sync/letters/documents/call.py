"""The call sheet: whom to call about what, what was said before, the words to say, and room to write the answer."""

from collections.abc import Sequence
from datetime import date

from sync.dunning.history import TEST_NOTE
from sync.dunning.model import Decision
from sync.dunning.today.outcomes import note_words
from sync.ledger.dates import format_date
from sync.ledger.model import JournalRow
from sync.ledger.money import format_money
from sync.ledger.words import WORDS, Act, Language, word_for
from sync.letters.documents.blocks import Block, blocks_of
from sync.letters.documents.frame import frame
from sync.letters.documents.materials import Account
from sync.letters.documents.model import Document, file_name
from sync.letters.documents.parts import checks, heading, pairs, par, ruled, table
from sync.letters.documents.words import words
from sync.letters.table import one_line

MOST_ACTS = 10
_TOLD = (Act.SENT, Act.DONE, Act.PROMISED, Act.REPLIED, Act.BOUNCED, Act.FAILED)


def call_sheet(decision: Decision, script: str, account: Account) -> Document:
    """`script` is the text of the call, in the language of the customer; the sheet is in the same one."""
    materials, language = account.materials, account.language
    settings, contact = materials.rules.settings, account.contact
    shown = words(language)["call"]
    name = one_line(contact.name or account.customer) if contact is not None else one_line(account.customer)
    facts = [
        (shown["customer"], f"{name} ({one_line(account.customer)})"),
        (shown["person"], one_line(contact.person) if contact is not None else ""),
        (shown["phone"], one_line(contact.phone) if contact is not None else ""),
        (shown["amount"], account.money(decision.amount)),
        (shown["to_pay"], account.money(decision.to_pay) if decision.to_pay != decision.amount else ""),
        (shown["note"], one_line(contact.note)[:300] if contact is not None else ""),
    ]
    return Document(
        name=file_name("call", (account.customer, decision.carrying), settings.language, decision.key),
        page="sheet.typ",
        title=shown["title"].format(name=name),
        language=language,
        day=materials.as_of,
        data={
            **frame(settings, language),
            "subtitle": shown["subtitle"].format(day=account.long(materials.as_of)),
            "blocks": [
                pairs(facts),
                *_before(account),
                heading(shown["script"]),
                *_script(script),
                *_answer(language),
            ],
        },
    )


def _script(script: str) -> list[Block]:
    """A line in capitals is the title of the lines under it."""
    found: list[Block] = []
    for block in blocks_of(script):
        first = str(block["lines"][0]) if block["kind"] == "par" else ""
        if len(first) > 3 and first.isupper():
            found.append(heading(first.capitalize(), 3))
            found += [par(*block["lines"][1:])] if block["lines"][1:] else []
        else:
            found.append(block)
    return found


def _before(account: Account) -> list[Block]:
    shown = words(account.language)["call"]
    rows = [
        (
            account.short(row.when.date()),
            act_words(row, account.language),
            ", ".join(row.invoices[:4]),
            note_words(one_line(row.note), account.language)[:120],
        )
        for row in acts_of(account)[-MOST_ACTS:]
    ]
    return [heading(shown["before"]), table(shown["before_head"], rows, wide=(1, 3)) if rows else par(shown["nothing_before"])]


def acts_of(account: Account) -> Sequence[JournalRow]:
    """What happened with this customer, oldest first: no reservation, no observation, no trial message."""
    return [
        row
        for row in account.materials.ledger.journal
        if row.customer == account.customer
        and row.currency in ("", account.currency)
        and row.status in _TOLD
        and row.note != TEST_NOTE
        and row.when.date() <= account.materials.as_of
        and not (row.status is Act.DONE and not row.channel)
    ]


def act_words(row: JournalRow, language: Language) -> str:
    """ "Recommandé – parti", "Promesse pour le 12/03/2026"."""
    shown = words(language)["acts"]
    channel = row.channel if any(row.channel == word.key for word in WORDS["channel"]) else ""
    parts = [word_for("channel", channel, language).capitalize() if channel else "", shown[str(row.status)]]
    if row.status is Act.PROMISED and row.new:
        parts.append(_promised(row, language))
    return " – ".join(part for part in parts if part)


def _promised(row: JournalRow, language: Language) -> str:
    """ "12/03/2026, 700,00 €" """
    try:
        day = format_date(date.fromisoformat(row.new), language)
    except ValueError:
        day = row.new
    return day if row.amount is None else f"{day}, {format_money(row.amount, row.currency, language)}"


def _answer(language: Language) -> list[Block]:
    shown = words(language)["call"]
    return [heading(shown["answer"]), checks(shown["outcomes"]), ruled(shown["date_and_amount"]), ruled(shown["notes"], 4)]
