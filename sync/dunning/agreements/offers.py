"""The plans that may be proposed to one customer in one currency, put before a person as numbered lines.

What a plan covers by default: everything late that reminders may ask for; disputed, handed-over or time-barred invoices stay
out. Nothing here binds: a proposal written in the Plans tab without *agreed on* changes nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sync.dunning.agreements.proposals import FIRST_PAYMENT_DAYS, Offer, PlanCase, Proposal, plan_case, propose_plans
from sync.dunning.conclude import Conclusion
from sync.dunning.model import InvoiceView, Profile, Rules
from sync.dunning.phrases import colon
from sync.dunning.reasons import Reason, Sentence
from sync.dunning.today.reason_tasks import case_proposed
from sync.ledger.dates import format_date
from sync.ledger.model import Instalment, Ledger, TodayRow
from sync.ledger.money import format_money
from sync.ledger.problems import Problem, Severity
from sync.ledger.words import Language, Outcome

_LEFT_OUT = frozenset(
    {Reason.DISPUTED, Reason.HANDED_OVER, Reason.IN_COURT, Reason.WRITTEN_OFF, Reason.TIME_BARRED, Reason.ROW_PROBLEM}
)
_RECOMMENDED = Sentence(" ← written unless you choose another", " ← inscrite si vous n’en choisissez pas d’autre")
_REFUSED = Sentence("Not proposed: {why}", "Non proposé\u00a0: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOffer:
    """`plan` is the number that a plan written today gets; `left_out` open late invoices that no plan may cover."""

    case: PlanCase
    offer: Offer
    plan: str
    left_out: tuple[str, ...] = ()

    @property
    def recommended(self) -> int:
        """The number (from 1) of the proposal taken when nobody chooses: the shortest plan, else payment at once; 0 = none."""
        numbers = {proposal.kind: n for n, proposal in enumerate(self.offer.proposals, 1)}
        return numbers.get("short") or numbers.get("at once") or 0

    def proposal(self, number: int) -> Proposal | None:
        """The proposal of that number, from 1; None when there is no such number."""
        return self.offer.proposals[number - 1] if 1 <= number <= len(self.offer.proposals) else None

    def rows(self, number: int) -> Sequence[Instalment]:
        """The proposal as rows of the Plans tab, not agreed. Raises IndexError for a number that was not offered."""
        proposal = self.proposal(number)
        if proposal is None:
            raise IndexError(number)
        return proposal.rows(self.plan, self.case)


@dataclass(frozen=True, slots=True)
class OfferDesk:
    """All that offers of one run are made from, indexed once."""

    ledger: Ledger
    rules: Rules
    conclusion: Conclusion
    views: Mapping[tuple[str, str], Sequence[InvoiceView]]
    profiles: Mapping[tuple[str, str], Profile]

    @classmethod
    def of(cls, ledger: Ledger, rules: Rules, conclusion: Conclusion) -> "OfferDesk":
        views: dict[tuple[str, str], list[InvoiceView]] = {}
        for view in conclusion.views:
            views.setdefault((view.customer, view.currency), []).append(view)
        return cls(ledger, rules, conclusion, views, {(one.customer, one.currency): one for one in conclusion.profiles})

    def offer(self, customer: str, currency: str, numbers: Iterable[str] = (), day: date | None = None) -> CaseOffer | None:
        """What may be proposed; `numbers` = only these invoices, `day` = as it was put that day. None for a customer without an
        open invoice in that currency."""
        profile = self.profiles.get((customer, currency))
        views = [view for view in self.views.get((customer, currency), ()) if view.open > 0]
        if profile is None or not views:
            return None
        asked = frozenset(numbers)
        if asked:
            chosen, left_out = [view for view in views if view.invoice in asked], []
        else:
            late = [view for view in views if view.days_late > 0] or views
            chosen = [view for view in late if view.reason not in _LEFT_OUT] or late
            left_out = [view for view in late if view not in chosen]
        invoices = [self.conclusion.words.invoices[view.invoice] for view in chosen]
        balances, settings = self.conclusion.balances, self.rules.settings
        case = plan_case(profile, self.ledger.contacts.get(customer), invoices, balances, self.conclusion.plans)
        limitation = min((view.limitation for view in chosen if view.limitation is not None), default=None)
        day = day or self.conclusion.as_of
        offer = propose_plans(case, settings, limitation, day)
        return CaseOffer(
            case=case, offer=offer, plan=self._name(customer, day), left_out=tuple(view.invoice for view in left_out)
        )

    def as_read(self, customer: str, currency: str, script: str) -> CaseOffer | None:
        """The offer whose very lines a person has read in `script`, some days ago at most; else the one of today."""
        for back in range(FIRST_PAYMENT_DAYS):
            found = self.offer(customer, currency, day=self.conclusion.as_of - timedelta(days=back))
            if found is None or "\n".join(offer_lines(found, self.rules.settings.language)) in script:
                return found
        return self.offer(customer, currency)

    def _name(self, customer: str, day: date) -> str:
        taken = {one.plan.casefold() for one in self.ledger.instalments}
        name = first = f"{customer}-{day:%y%m%d}"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{first}-{number}"
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What people chose in Today: `rows` for the Plans tab; `refused` Today rows whose number was not offered stay there."""

    rows: Sequence[Instalment] = ()
    problems: Sequence[Problem] = ()
    refused: frozenset[int] = frozenset()


def is_plan_asked(answer: TodayRow) -> bool:
    """Whether this row answers "done" to a task that offers plans."""
    return answer.outcome is Outcome.DONE and case_proposed(answer.task) is not None


def chosen_plans(answers: Iterable[TodayRow], desk: OfferDesk, scripts: Mapping[int, str]) -> Chosen:
    """The plans that "done" on a task to propose one puts into the Plans tab; the number stands in the note.

    `scripts` by row of Today: the proposals as the person read them, whose dates and amounts are those that are written.
    """
    rows: list[Instalment] = []
    problems: list[Problem] = []
    refused: set[int] = set()
    done: set[tuple[str, str]] = set()
    for answer in answers:
        about = case_proposed(answer.task)
        found = desk.as_read(*about, scripts.get(answer.row, "")) if about is not None else None
        if about is None or found is None or about in done:
            continue
        number = number_in(answer.note) or found.recommended
        if number and found.proposal(number) is None:
            refused.add(answer.row)
            problems.append(
                Problem(
                    tab="today",
                    row=answer.row,
                    column="note",
                    code="unknown_proposal",
                    value=answer.note,
                    severity=Severity.WARNING,
                )
            )
        elif number:
            done.add(about)
            rows += found.rows(number)
    return Chosen(rows=rows, problems=problems, refused=frozenset(refused))


def offer_lines(found: CaseOffer, language: Language) -> list[str]:
    """The proposals, numbered, with their dates and amounts, then the reasons for refusing one."""
    lines: list[str] = []
    for number, proposal in enumerate(found.offer.proposals, 1):
        mark = _RECOMMENDED.text(language) if number == found.recommended and len(found.offer.proposals) > 1 else ""
        lines.append(f"{number}. {proposal.why}{mark}")
        lines += [
            f"   {format_date(one.due, language)}{colon(language)}{format_money(one.amount, found.case.currency, language)}"
            for one in proposal.instalments
        ]
    lines += [_REFUSED.text(language).format(why=refusal.why) for refusal in found.offer.refusals]
    return lines


def number_in(note: str) -> int | None:
    """The number a person wrote in a note ("2", "n° 2"), None when there is none."""
    found = re.search(r"(?<!\d)\d{1,2}(?!\d)", note)
    return int(found[0]) if found else None
