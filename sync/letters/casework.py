"""The cases of a run with their words: what a person finds beside a task, ready to say or to send.

Put together from the pure room (which cases, which plans, which payments) and the texts; nothing leaves from here.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from sync.dunning.agreements.offers import OfferDesk, offer_lines
from sync.dunning.conclude import Conclusion
from sync.dunning.matching import suggestions
from sync.dunning.model import Decision, Rules, Task
from sync.dunning.today.account_tasks import account_tasks, options_script
from sync.dunning.today.reason_tasks import ReasonCase, money_lines, reason_cases, reason_tasks
from sync.ledger.model import Ledger
from sync.ledger.words import DelayReason, Language
from sync.letters.answers import Asked, Offered, write_answers
from sync.letters.facts import Sources


class Casework:
    """Made once a run; offers are only worked out for the cases that need one."""

    def __init__(self, ledger: Ledger, rules: Rules, conclusion: Conclusion, sources: Sources) -> None:
        self._ledger, self._rules, self._conclusion, self._sources = ledger, rules, conclusion, sources

    @property
    def _language(self) -> Language:
        return self._rules.settings.language

    @cached_property
    def offers(self) -> OfferDesk:
        return OfferDesk.of(self._ledger, self._rules, self._conclusion)

    def tasks(self) -> Sequence[Task]:
        """The tasks of reasons of delay with their scripts, and those of accounts."""
        cases = reason_cases(self._conclusion, self._rules)
        answers = write_answers([self._asked(case) for case in cases], self._sources)
        money = self._money([case for case in cases if case.reason is DelayReason.SAYS_PAID])
        scripts = {
            case.key: "\n\n".join(
                part for part in (self._plans(case), money.get(case.key, ""), answers.get(case.key, "")) if part
            )
            for case in cases
        }
        others = account_tasks(self._ledger, self._rules, self._conclusion)
        proposed = {number for plan in self._conclusion.plans if not plan.agreed_on for number in plan.invoices}
        shown = [case for case in cases if case.reason is not DelayReason.HARDSHIP or proposed.isdisjoint(case.invoices)]
        return [*reason_tasks(shown, scripts, self._ledger.contacts, self._language), *others]

    def options(self, decision: Decision) -> str:
        """What may be decided once all steps are done."""
        found = self.offers.offer(decision.customer, decision.currency, decision.invoices)
        limitations = {number: self._sources.views[number].limitation for number in decision.invoices}
        return options_script(decision, offer_lines(found, self._language) if found else (), limitations, self._language)

    def _asked(self, case: ReasonCase) -> Asked:
        offered = None
        if case.reason is DelayReason.HARDSHIP:
            found = self.offers.offer(case.customer, case.currency)
            proposal = found.proposal(found.recommended) if found is not None else None
            if found is not None and proposal is not None:
                offered = Offered(instalments=[(one.due, one.amount) for one in proposal.instalments], discount=proposal.discount)
                numbers = tuple(number for number, _ in found.case.claims)
                return Asked(key=case.key, customer=case.customer, currency=case.currency, invoices=numbers, offered=offered)
        return Asked(key=case.key, customer=case.customer, currency=case.currency, invoices=case.invoices, reason=case.reason)

    def _plans(self, case: ReasonCase) -> str:
        if case.reason is not DelayReason.HARDSHIP:
            return ""
        found = self.offers.offer(case.customer, case.currency)
        return "\n".join(offer_lines(found, self._language)) if found is not None else ""

    def _money(self, cases: Sequence[ReasonCase]) -> Mapping[str, str]:
        """For each customer who says it is paid, the payments that may be the money."""
        if not cases:
            return {}
        found = suggestions(self._ledger, self._conclusion.balances, self._rules.settings)
        as_of = self._conclusion.as_of
        payments = {payment.row: payment for payment in self._ledger.payments if payment.paid_on <= as_of and not payment.invoice}
        return {case.key: "\n".join(money_lines(case, found, payments, self._language)) for case in cases}
