"""Which documents a run, a message or a person's request calls for, and putting them into their folder.

Nothing leaves from here: a document waits in its folder, or goes with an e-mail whose step says so.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from sync.dunning.conclude import conclude
from sync.dunning.model import Cadence, Decision, InterestUse, Settings
from sync.dunning.reasons import Reason, State
from sync.ledger.words import Attach, Channel, Language
from sync.letters.desk import Text
from sync.letters.documents.agreement import agreement
from sync.letters.documents.call import call_sheet
from sync.letters.documents.interest import interest_statement
from sync.letters.documents.letter import date_of, letter
from sync.letters.documents.materials import Account, Materials, materials_of, only_of
from sync.letters.documents.mentions import missing_mentions
from sync.letters.documents.model import LETTERS, Document, DocumentError, decision_file, plain_name
from sync.letters.documents.press import Press, can_print
from sync.letters.documents.statement import statement
from sync.letters.documents.words import said, words
from sync.letters.drafts import Draft, draft_for

Kind = Literal["letter", "registered", "notice", "hand-over", "statement", "interest", "plan", "settlement", "call"]

KINDS: tuple[Kind, ...] = get_args(Kind)

_CHANNELS: Mapping[str, tuple[Channel, str]] = {
    "letter": (Channel.LETTER, "letter_1"),
    "registered": (Channel.REGISTERED_LETTER, "registered_1"),
    "notice": (Channel.FORMAL_NOTICE, "formal_notice"),
    "hand-over": (Channel.HAND_OVER, "hand_over"),
    "call": (Channel.CALL, "call_1"),
}
_CLAIMABLE = (Reason.NO_ADDRESS, Reason.BOUNCED)  # of the blocked ones: paper and telephone need no e-mail address


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a folder received. `failed` are sentences, one for each document that could not be set."""

    written: Sequence[Path] = ()
    unchanged: int = 0
    failed: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asks for. `language` and `currency` None = the customer's own; `plan` "" = the only one."""

    kind: Kind
    customer: str
    plan: str = ""
    language: Language | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """The decisions of the run and the words that stand for them, by decision key."""

    decisions: Sequence[Decision] = ()
    texts: Mapping[str, Text] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)


def file_of(decision: Decision, language: Language) -> str:
    """The name that the Today tab shows: "" for steps without paper, and where nothing can be printed."""
    return decision_file(decision, language) if decision.reason is Reason.FOR_A_PERSON and can_print() else ""


def documents_of_run(desks: Desks, materials: Materials) -> list[Document]:
    """The letters that wait for a person today; beside a formal notice, the calculation that it encloses."""
    found = []
    for decision in desks.decisions:
        if decision.channel in LETTERS and decision.reason is Reason.FOR_A_PERSON and decision.key in desks.texts:
            found.append(letter(decision, desks.texts[decision.key], materials.sources))
            if decision.channel is Channel.FORMAL_NOTICE and has_calculation(decision, materials.rules.settings):
                found.append(_calculation(decision, desks.texts[decision.key], materials))
    return found


def has_calculation(decision: Decision, settings: Settings) -> bool:
    """Whether a formal notice speaks of interest, which its enclosure then shows in full."""
    return settings.interest is not InterestUse.NEVER and bool(decision.interest)


def _calculation(notice: Decision, text: Text, materials: Materials) -> Document:
    """On the notice's own day: its words stay as they are while they wait, and so do its figures."""
    day = date_of(text, notice.language) or materials.as_of
    if day < materials.as_of:
        ledger = only_of(notice.customer, materials.ledger)
        materials = materials_of(ledger, materials.rules, conclude(ledger, materials.rules, day))
    account = Account(customer=notice.customer, currency=notice.currency, language=notice.language, materials=materials)
    return interest_statement(account, notice)


def to_check(desks: Desks, materials: Materials) -> list[str]:
    """One sentence for each formal notice of today whose words, edited, have lost something they must say."""
    language = materials.rules.settings.language
    found = []
    for one in desks.decisions:
        if one.channel is Channel.FORMAL_NOTICE and one.reason is Reason.FOR_A_PERSON and one.key in desks.texts:
            what = missing_mentions(one, desks.texts[one.key], materials.sources)
            if what:
                title = words(language)["mentions"]["title"]
                found.append(title.format(name=decision_file(one, language), what=", ".join(what)))
    return found


def write_all(documents: Iterable[Document], folder: Path, press: Press) -> Made:
    """Each document whole or not at all, and only where its bytes differ from what is there. Raises DocumentError without
    the library; a document that cannot be set leaves the others alone."""
    written: list[Path] = []
    failed: list[str] = []
    unchanged = 0
    for document in documents:
        try:
            content = press.print(document)
        except DocumentError as error:
            if not can_print():
                raise
            failed.append(str(error))
            continue
        try:
            new = write_file(folder / document.name, content)
        except OSError as error:
            failed.append(said("not_written", document.language, name=document.name, why=error.strerror or str(error)))
            continue
        if new:
            written.append(folder / document.name)
        else:
            unchanged += 1
    return Made(written=written, unchanged=unchanged, failed=list(dict.fromkeys(failed)))


def write_file(path: Path, content: bytes) -> bool:
    """Whether the file was missing or different."""
    with suppress(OSError):
        if path.read_bytes() == content:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)
    return True


class Enclosures:
    """What goes with the e-mails of a run. `materials` is called at the first one, for most runs have none."""

    def __init__(self, press: Press, cadences: Sequence[Cadence], materials: Callable[[], Materials]) -> None:
        self._press, self._cadences, self._make = press, cadences, materials
        self._materials: Materials | None = None

    def of(self, decision: Decision, text: Text) -> tuple[str, bytes] | None:
        """(name, PDF) of a statement, or of the very words of the e-mail on paper; None where the step says nothing."""
        what = attached(decision, self._cadences)
        if what is None:
            return None
        if self._materials is None:
            self._materials = self._make()
        materials, language = self._materials, decision.language
        if what is Attach.LETTER:
            document = letter(decision, text, materials.sources)
        else:
            account = Account(
                customer=decision.customer, currency=decision.currency, language=language, materials=materials
            )  # fmt: skip
            document = statement(account)
        name = words(language)["attachments"][what.value]
        return f"{name}-{materials.as_of.isoformat()}.pdf", self._press.print(document)


def attached(decision: Decision, cadences: Sequence[Cadence]) -> Attach | None:
    """What the step of this decision attaches, None for nothing."""
    for cadence in cadences:
        if cadence.name == decision.cadence:
            return next((step.attach for step in cadence.steps if step.number == decision.step), None)
    return None


# --- what a person asks for


def documents_for(request: Request, desks: Desks, materials: Materials) -> list[Document]:
    """The documents of a request, one for each currency (or one plan). Raises DocumentError, a sentence."""
    language = materials.rules.settings.language
    known = request.customer in materials.ledger.contacts or any(
        one.customer == request.customer for one in materials.ledger.invoices
    )
    if not known:
        raise DocumentError(said("unknown_customer", language, customer=request.customer))
    currencies = [one for one in materials.currencies_of(request.customer) if request.currency in (None, one)]
    accounts = [
        Account(
            customer=request.customer, currency=one, materials=materials,
            language=request.language or materials.language_of(request.customer),
        )
        for one in currencies
    ]  # fmt: skip
    if not accounts:
        raise DocumentError(said("no_invoice", language, customer=request.customer, day=materials.as_of.isoformat()))
    if request.kind in ("plan", "settlement"):
        return [_agreement(request, accounts)]
    made: list[Document] = []
    refused: list[DocumentError] = []
    for account in accounts:
        try:
            made.append(_BY_KIND[request.kind](request, account, desks))
        except DocumentError as error:
            refused.append(error)
    if not made:
        raise refused[0]
    return made


def _agreement(request: Request, accounts: Sequence[Account]) -> Document:
    language = accounts[0].materials.rules.settings.language
    plans = [(plan, account) for account in accounts for plan in account.plans if request.plan in ("", plan.plan)]
    if not plans:
        raise DocumentError(said("plan_missing", language))
    if len(plans) > 1:
        names = ", ".join(plain_name(plan.plan) for plan, _ in plans)
        raise DocumentError(said("plan_which", language, plans=names))
    plan, account = plans[0]
    return agreement(plan, "plan" if request.kind == "plan" else "settlement", account)


def _letter(request: Request, account: Account, desks: Desks) -> Document:
    decision, text = _text(request, account, desks)
    return letter(decision, text, account.materials.sources)


def _call(request: Request, account: Account, desks: Desks) -> Document:
    decision, text = _text(request, account, desks)
    return call_sheet(decision, text.text, account)


def _text(request: Request, account: Account, desks: Desks) -> tuple[Decision, Text]:
    """The words that stand on the sheet for that very step, else the built-in text of that sort, filled today."""
    channel, name = _CHANNELS[request.kind]
    own = [one for one in desks.decisions if (one.customer, one.currency) == (account.customer, account.currency)]
    own = [one for one in own if not one.is_note]
    claimable = [one for one in own if _may_claim(one)]
    if not claimable:
        raise DocumentError(_why_not(account, own))
    for one in claimable:
        if one.channel is channel and one.language == account.language:
            if one.key in desks.texts:
                return one, desks.texts[one.key]
            if one.key in desks.scripts:
                return one, Text("", desks.scripts[one.key])
    decision = replace(claimable[0], channel=channel, template="", language=account.language)
    draft = draft_for(decision, account.materials.sources, name)
    if not isinstance(draft, Draft):
        raise DocumentError(said("text_failed", account.materials.rules.settings.language, name=name))
    return decision, Text(draft.subject, draft.text, draft.links)


def _may_claim(decision: Decision) -> bool:
    if decision.state is State.PAUSED:
        return False
    return decision.state is not State.BLOCKED or decision.reason in _CLAIMABLE


def _why_not(account: Account, own: Sequence[Decision]) -> str:
    """The rule that leaves this customer in peace, in its own words."""
    language = account.materials.rules.settings.language
    views = [account.views[one.number] for one in account.owed if one.number in account.views]
    reasons = [*(one.why for one in own), *(one.why for one in views)]
    why = next((reason for reason in reasons if reason), words(language)["said"]["nothing_late"])
    return said("no_claim", language, customer=account.customer, day=account.materials.as_of.isoformat(), why=why)


def _statement(_: Request, account: Account, __: Desks) -> Document:
    return statement(account)


def _interest(_: Request, account: Account, __: Desks) -> Document:
    return interest_statement(account)


_BY_KIND: Mapping[str, Callable[[Request, Account, Desks], Document]] = {
    **dict.fromkeys(("letter", "registered", "notice", "hand-over"), _letter),
    "call": _call,
    "statement": _statement,
    "interest": _interest,
}
