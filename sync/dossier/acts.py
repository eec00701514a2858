"""What the Journal says about one customer: the full history, each message as sent, and the proof of sendings."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sync.dossier.sheets import sheet
from sync.dunning.history import TEST_NOTE, WRITTEN
from sync.dunning.today.outcomes import note_words
from sync.ledger.dates import format_date
from sync.ledger.model import ERASED, JournalRow, is_erased
from sync.ledger.words import WORDS, Act, Language, word_for
from sync.letters.documents.blocks import Block, blocks_of
from sync.letters.documents.call import act_words
from sync.letters.documents.materials import Materials
from sync.letters.documents.model import Document
from sync.letters.documents.parts import heading, pairs, par, small, table
from sync.letters.documents.words import words
from sync.letters.table import one_line
from sync.letters.views import long_date
from sync.post.journal import Chain

_SILENT = (Act.RESERVED,)
_TOLD_FIELDS = ("status", "reason")  # observations about the invoices; the others are the program's own memory


def rows_of(customer: str, materials: Materials) -> Sequence[JournalRow]:
    """The rows about this customer up to the day, in the order of the journal, trial messages left out."""
    return [
        row
        for row in materials.ledger.journal
        if row.customer == customer and row.when.date() <= materials.as_of and row.note != TEST_NOTE
    ]


def messages_of(rows: Sequence[JournalRow]) -> Iterator[JournalRow]:
    """What was written to the customer or came from it: e-mails that left, letters that people posted, answers with words."""
    for row in rows:
        if (
            row.status is Act.SENT
            or (row.status is Act.DONE and row.channel in WRITTEN)
            or row.status is Act.REPLIED
            and row.text
        ):
            yield row


def moment(when: datetime, language: Language) -> str:
    return f"{format_date(when.date(), language)} {when:%H:%M}"


def what_of(row: JournalRow, language: Language) -> str:
    """ "Recommandé", "E-mail"."""
    known = any(row.channel == word.key for word in WORDS["channel"])
    word = word_for("channel", row.channel, language) if known else words(language)["attachments"]["letter"]
    return word[:1].upper() + word[1:]


def message_title(row: JournalRow, language: Language) -> str:
    shown, day = words(language)["dossier"], long_date(row.when.date(), language)
    if row.status is Act.REPLIED:
        return str(shown["received"].format(day=day))
    return str(shown["message_title"].format(what=what_of(row, language), day=day))


def message_sheet(row: JournalRow, rows: Sequence[JournalRow], materials: Materials, language: Language) -> Document:
    """One message with all that the journal knows of it."""
    return sheet(message_title(row, language), row.customer, materials, language, message_blocks(row, rows, language))


def older_messages_sheet(
    title: str, old: Sequence[JournalRow], rows: Sequence[JournalRow], materials: Materials, language: Language
) -> Document:
    """Messages about invoices settled since, one after the other."""
    blocks: list[Block] = []
    for row in old:
        blocks += [heading(message_title(row, language)), *message_blocks(row, rows, language, level=3)]
    return sheet(title, old[0].customer, materials, language, blocks)


def message_blocks(row: JournalRow, rows: Sequence[JournalRow], language: Language, level: int = 2) -> list[Block]:
    """Facts then words. A later bounce of the same message is part of its outcome."""
    shown = words(language)["dossier"]["message"]
    received = row.status is Act.REPLIED
    later = [one for one in rows if one.status is Act.BOUNCED and row.message_id and one.message_id == row.message_id]
    outcome = [act_words(row, language)]
    outcome += [f"{act_words(one, language)} ({moment(one.when, language)})" for one in later]
    facts = [
        (shown["when"], f"{moment(row.when, language)} ({row.when:%z})"),
        (shown["channel"], what_of(row, language)),
        (shown["sender" if received else "to"], one_line(row.recipient)),
        (shown["subject"], _erasable(row.subject, language)),
        (shown["id"], one_line(row.message_id)),
        (shown["invoices"], ", ".join(map(one_line, row.invoices))),
        (shown["outcome"], "; ".join(outcome)),
        (shown["note"], note_of(row, language)),
        (shown["seal"], row.hash),
    ]
    blocks: list[Block] = [pairs(facts)]
    if is_erased(row.text):
        blocks.append(par(_erasable(row.text, language)))
    elif not row.text:
        blocks.append(par(shown["no_text"]))
    else:
        title = "text_received" if received else "text" if row.status is Act.SENT else "text_letter"
        blocks += [heading(shown[title], level), {"kind": "frame", "blocks": blocks_of(row.text)}]
    return blocks


def _erasable(text: str, language: Language) -> str:
    if is_erased(text):
        shown = words(language)["dossier"]["message"]
        return str(shown["erased"].format(digest=text.removeprefix(ERASED)))
    return one_line(text)


def history_sheet(customer: str, rows: Sequence[JournalRow], materials: Materials, language: Language) -> Document:
    """Everything in order: messages, calls, promises, answers, and what people wrote about the invoices."""
    shown = words(language)["dossier"]
    told = [
        (moment(row.when, language), event, ", ".join(map(one_line, row.invoices[:6])), note_of(row, language)[:200])
        for row in rows
        if (event := _event(row, language))
    ]
    blocks: list[Block] = [table(shown["history"]["head"], told, wide=(1, 3)) if told else par(shown["history"]["nothing"])]
    blocks.append(small(shown["history"]["note"]))
    return sheet(shown["history_title"], customer, materials, language, blocks)


def note_of(row: JournalRow, language: Language) -> str:
    """A note of the program in words, a person's as it stands."""
    return str(words(language)["dossier"]["notes"].get(row.note) or note_words(one_line(row.note), language))


def _event(row: JournalRow, language: Language) -> str:
    if row.status in _SILENT:
        return ""
    if row.status is not Act.OBSERVED:
        return act_words(row, language)
    shown = words(language)["dossier"]["history"]
    if row.field not in _TOLD_FIELDS:
        return ""
    if row.field == "reason" and not row.new:
        return str(shown["reason_lifted"].format(old=_word("reason", row.old, language)))
    return str(shown[row.field].format(new=_word(row.field, row.new, language)))


def _word(name: str, key: str, language: Language) -> str:
    known: Mapping[str, str] = {word.key: word.fr if language == "fr" else word.en for word in WORDS[name]}
    return known.get(key, key)


_ATTEMPTS = (Act.SENT, Act.FAILED, Act.UNCERTAIN, Act.BOUNCED, Act.WITHHELD)


def proof_sheet(
    customer: str, rows: Sequence[JournalRow], chain: Chain, has_key: bool, materials: Materials, language: Language
) -> Document:
    """Each sending with its time, identifier and seal, what became of it, and what the seals are worth."""
    shown = words(language)["dossier"]["proof"]
    lines = [
        (
            moment(row.when, language), what_of(row, language), one_line(row.recipient), words(language)["acts"][str(row.status)],
            one_line(row.message_id or row.note)[:120], row.hash[:12],
        )
        for row in rows
        if row.status in _ATTEMPTS or (row.status is Act.DONE and row.channel in WRITTEN)
    ]  # fmt: skip
    blocks: list[Block] = [par(shown["intro"]), table(shown["head"], lines, wide=(2, 4)) if lines else par(shown["nothing"])]
    blocks += [heading(shown["seals"]), par(shown["seals_text"]), *_verdict(chain, has_key, materials, language)]
    return sheet(words(language)["dossier"]["proofs"], customer, materials, language, blocks)


def _verdict(chain: Chain, has_key: bool, materials: Materials, language: Language) -> list[Block]:
    shown = words(language)["dossier"]["proof"]
    day = long_date(materials.as_of, language)
    told = []
    if chain.first_altered is not None:
        told.append(shown["altered"].format(day=day, row=chain.first_altered))
    else:
        told.append(shown["sound"].format(day=day, count=chain.rows - chain.unsealed))
    if chain.unsealed:
        told.append(shown["unsealed"].format(count=chain.unsealed))
    if not has_key:
        told.append(shown["no_key"])
    if chain.head:
        told.append(shown["head_seal"].format(head=chain.head))
    return [par(*told)]
