"""`relance propose`: the plans one customer can keep, and the chosen one written in the Plans tab as proposed.

Nothing follows from a proposal: a person sends it, and types *Agreed on* once the customer has said yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sync.dunning.agreements.offers import CaseOffer, OfferDesk, offer_lines
from sync.dunning.conclude import conclude
from sync.dunning.model import Observation
from sync.errors import UsageError
from sync.ledger.model import Instalment
from sync.ledger.money import format_money, money_text
from sync.ledger.words import Language
from sync.post.journal import JournalWriter, row_of
from sync.run.clock import Clock
from sync.run.gathering import Gathered, gather
from sync.sentences import sentence
from sync.workbook.plan_rows import plan_append
from sync.workbook.tabs import Changes, Workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command was given; `currency` "" = the only one in which something is open, `invoices` () = all that is late."""

    customer: str
    currency: str = ""
    invoices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What may be proposed, and the rows that were written (() = nothing was)."""

    found: CaseOffer
    language: Language
    written: tuple[Instalment, ...] = ()


def look(workbook: Workbook, clock: Clock, asked: Asked) -> Proposed:
    """The offer; changes nothing. Raises UsageError for an unknown customer, currency or invoice."""
    gathered = gather(workbook, clock)
    return Proposed(found=_offer(gathered, asked), language=gathered.rules.settings.language)


def write(
    workbook: Workbook, clock: Clock, asked: Asked, number: int | None, *, run_id: str, journal_key: bytes = b""
) -> Proposed:
    """Put proposal `number` (None = the recommended one) in the Plans tab, not agreed. Raises UsageError when there is none."""
    workbook.lock(f"propose {run_id}", clock.utc_now())
    try:
        gathered = gather(workbook, clock)
        settings, ledger = gathered.rules.settings, gathered.ledger
        found = _offer(gathered, asked)
        wanted = number if number is not None else found.recommended
        proposal = found.proposal(wanted)
        if proposal is None:
            raise UsageError(sentence("no_such_proposal", settings.language, number=wanted, count=len(found.offer.proposals)))
        rows = tuple(found.rows(wanted))
        if ledger.journal:  # a first row would tell the next run that it is not the first
            act = Observation(
                customer=asked.customer, invoices=tuple(one for one, _ in found.case.claims), currency=found.case.currency,
                field="plan", new=found.plan, amount=proposal.total, note=f"proposed: {proposal.kind}",
            )  # fmt: skip
            row = row_of(act, clock.now(settings.time_zone), run_id, "propose")
            JournalWriter(workbook.append_journal, ledger.journal, journal_key).write([row])
        workbook.write(Changes(appends=[plan_append(rows)]))
        return Proposed(found=found, language=settings.language, written=rows)
    finally:
        workbook.unlock()


def _offer(gathered: Gathered, asked: Asked) -> CaseOffer:
    language = gathered.rules.settings.language
    desk = OfferDesk.of(gathered.ledger, gathered.rules, conclude(gathered.ledger, gathered.rules, gathered.as_of))
    open_in = sorted({currency for customer, currency in desk.views if customer == asked.customer})
    known = asked.customer in gathered.ledger.contacts or open_in
    if not known:
        raise UsageError(sentence("no_such_customer", language, customer=asked.customer))
    currency = asked.currency.upper() or (open_in[0] if len(open_in) == 1 else "")
    if open_in and not currency:
        raise UsageError(sentence("which_currency", language, currencies=", ".join(open_in)))
    own = {view.invoice for view in desk.views.get((asked.customer, currency), ())}
    if strangers := [number for number in asked.invoices if number not in own]:
        raise UsageError(sentence("not_open_invoices", language, invoices=", ".join(strangers)))
    found = desk.offer(asked.customer, currency, asked.invoices)
    if found is None:
        raise UsageError(sentence("nothing_open", language, customer=asked.customer))
    return found


def lines(proposed: Proposed, *, names: bool = True) -> Sequence[str]:
    """What the command prints. `names` False (under CI): counts only."""
    found, language = proposed.found, proposed.language
    count = len(found.offer.proposals)
    if not names:
        return [sentence("propose_count", language, count=count)]
    told = [
        sentence(
            "propose_head", language, customer=found.case.customer,
            amount=format_money(found.case.total, found.case.currency, language),
            invoices=", ".join(number for number, _ in found.case.claims),
        ),
        *offer_lines(found, language),
    ]  # fmt: skip
    if found.left_out:
        told.append(sentence("propose_left_out", language, invoices=", ".join(found.left_out)))
    if proposed.written:
        told.append(sentence("propose_written", language, plan=found.plan, count=len(proposed.written)))
    elif count:
        told.append(sentence("propose_next", language))
    return told


def document(proposed: Proposed) -> dict[str, Any]:
    """The JSON of the command."""
    found = proposed.found
    return {
        "customer": found.case.customer,
        "currency": found.case.currency,
        "invoices": [number for number, _ in found.case.claims],
        "left_out": list(found.left_out),
        "total": money_text(found.case.total),
        "plan": found.plan,
        "recommended": found.recommended or None,
        "proposals": [
            {
                "number": number,
                "kind": one.kind,
                "total": money_text(one.total),
                "discount": money_text(one.discount),
                "instalments": [{"due": due.due.isoformat(), "amount": money_text(due.amount)} for due in one.instalments],
                "why": one.why,
            }
            for number, one in enumerate(found.offer.proposals, 1)
        ],
        "refusals": [{"code": one.code, "why": one.why} for one in found.offer.refusals],
        "written": len(proposed.written),
    }
