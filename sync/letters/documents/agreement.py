"""Instalment agreement and settlement, from the rows of the Plans tab: a project until the tab says it is signed.

Nothing is granted here: the discount and the dates are those that people typed, the fate of interest is ticked by hand,
law and court are filled in by hand. Only the signed return acknowledges the debt (C. civ. 2240), never this paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sync.dunning.agreements.plans import PaymentPlan
from sync.dunning.law.claims import claim_for
from sync.dunning.law.rates import Rates
from sync.dunning.model import Claim, InterestUse
from sync.ledger.model import ONE_DAY, Cents, Invoice
from sync.ledger.money import money_text
from sync.ledger.words import Channel, DelayReason, Kind
from sync.letters.documents.frame import frame, parties
from sync.letters.documents.in_words import amount_in_words
from sync.letters.documents.materials import Account
from sync.letters.documents.model import Document, DocumentError, file_name
from sync.letters.documents.parts import payment
from sync.letters.documents.words import said, words
from sync.letters.facts import spaced_iban
from sync.letters.table import one_line

AgreementKind = Literal["plan", "settlement"]

CURE_DAYS = 8  # between businesses, after a formal notice that had no effect
CURE_DAYS_PERSON = 30  # acceleration without a reasonable notice is unfair to a consumer


@dataclass(frozen=True, slots=True)
class _Debt:
    """What the debtor acknowledges on the day. Interest and fixed sum are 0 when they are not part of the schedule."""

    day: date
    lines: tuple[tuple[Invoice, Cents], ...]
    interest: Cents
    compensation: Cents
    included: bool
    known: bool  # both could be computed

    @property
    def principal(self) -> Cents:
        return sum(cents for _, cents in self.lines)

    @property
    def total(self) -> Cents:
        return self.principal + (self.interest + self.compensation if self.included else 0)


def agreement(plan: PaymentPlan, kind: AgreementKind, account: Account) -> Document:
    """The deed of a plan. Raises DocumentError when it may not be made, or when its figures do not add up."""
    materials, language = account.materials, account.language
    settings, shown = materials.rules.settings, words(language)["agreement"]
    _refuse(plan, kind, account)
    debt = _debt(plan, account)
    by_credit = plan_discount(plan, account) > 0 and debt.total == plan.total
    discount = plan_discount(plan, account)
    sides = parties(settings, account.customer, account.contact, language)
    contact = account.contact
    signed = plan.signed_on
    return Document(
        name=file_name(kind, (account.customer, plan.plan), settings.language),
        page=f"agreement.{language}.typ",
        title=shown[f"title_{kind}"],
        language=language,
        day=materials.as_of,
        data={
            **(around := frame(settings, language)),
            **sides,
            "words": {**around["words"], "initials": shown["initials"]},
            "kind": kind,
            "subtitle": shown["signed" if signed else "draft"].format(
                plan=one_line(plan.plan), day=account.long(signed or materials.as_of)
            ),
            "draft": signed is None,
            "signed": account.long(signed) if signed else "",
            "natural": account.natural_person,
            "consumer": contact is not None and contact.kind is Kind.CONSUMER,
            "french_law": settings.country == "FR",
            "email": settings.reply_to or settings.sender_email,
            "debt_day": account.long(debt.day),
            "invoices": [
                [one_line(one.number), account.short(one.issued), account.short(one.due), account.money(one.amount), account.money(left)]
                for one, left in debt.lines
            ],
            "principal": account.money(debt.principal),
            "interest": account.money(debt.interest) if debt.included and debt.interest else "",
            "compensation": account.money(debt.compensation) if debt.included and debt.compensation else "",
            "extra": _extra(debt, account),
            "debt": account.money(debt.total),
            "debt_words": amount_in_words(debt.total, account.currency, language),
            "total": account.money(plan.total),
            "total_words": amount_in_words(plan.total, account.currency, language),
            "schedule": _schedule(plan, account),
            "discount": account.money(discount) if discount else "",
            "discount_words": amount_in_words(discount, account.currency, language) if discount else "",
            "discount_by_credit": by_credit,
            "allocation": shown[str(settings.interest_allocation)],
            "cure": str(CURE_DAYS_PERSON if account.natural_person else CURE_DAYS),
            "payment": _payment(plan, account),
        },
    )  # fmt: skip


def plan_discount(plan: PaymentPlan, account: Account) -> Cents:
    """The conditional discount as typed, lost since or not."""
    rows = [one for one in account.materials.ledger.instalments if one.plan == plan.plan]
    return sum(one.discount for one in rows)


def _refuse(plan: PaymentPlan, kind: AgreementKind, account: Account) -> None:
    """What a person must settle first."""
    settings, as_of = account.materials.rules.settings, account.materials.as_of
    contact = account.contact
    if contact is not None and contact.insolvent_on is not None and contact.insolvent_on <= as_of:
        raise DocumentError(said("plan_insolvent", settings.language))
    invoices = account.materials.sources.invoices
    disputed = [n for n in plan.invoices if n in invoices and invoices[n].handling.reason is DelayReason.DISPUTE]
    if disputed and kind == "plan":
        raise DocumentError(said("plan_disputed", settings.language, invoices=", ".join(disputed)))
    wrong = [one for one in plan.problems if one.code != "plan_sum"]
    if wrong:
        raise DocumentError(said("plan_problem", settings.language, plan=plan.plan, problem=wrong[0].what(settings.language)))


def _debt(plan: PaymentPlan, account: Account) -> _Debt:
    """The debt on the day of the agreement, the very sum that the schedule pays; DocumentError when it pays another."""
    materials = account.materials
    settings = materials.rules.settings
    agreed = plan.agreed_on if plan.agreed_on is not None and plan.agreed_on <= materials.as_of else None
    day = agreed or materials.as_of
    eve = day - ONE_DAY if agreed else day
    lines, claims = [], []
    rates = Rates.load(materials.rules.rates)
    for number in plan.invoices:
        invoice = materials.sources.invoices[number]
        moves = materials.conclusion.balances.moves.get(number, ())
        left = invoice.amount - sum(move.cash + move.credit for move in moves if move.day <= eve)
        if left > 0:
            lines.append((invoice, left))
            claims.append(_claim(invoice, day, account, rates))
    known = all(one.interest is not None and one.compensation is not None for one in claims)
    interest = sum(one.interest or 0 for one in claims)
    fixed = sum(one.compensation or 0 for one in claims)
    silent = settings.interest is InterestUse.NEVER
    debt = _Debt(day, tuple(lines), interest, fixed, False, known and not silent)
    discount = plan_discount(plan, account)
    if debt.principal in (plan.total, plan.total + discount):
        return debt
    whole = _Debt(day, tuple(lines), interest, fixed, True, debt.known)
    if debt.known and whole.total in (plan.total, plan.total + discount):
        return whole
    raise DocumentError(
        said(
            "plan_sum", settings.language, plan=plan.plan, total=money_text(plan.total), discount=money_text(discount),
            principal=money_text(debt.principal), whole=money_text(whole.total),
        )
    )  # fmt: skip


def _claim(invoice: Invoice, day: date, account: Account, rates: Rates) -> Claim:
    materials = account.materials
    moves = materials.conclusion.balances.moves.get(invoice.number, ())
    acts = materials.conclusion.history.acts.get(invoice.number, ())
    notices = [act.day for act in acts if act.channel == Channel.FORMAL_NOTICE and not act.passed and act.day <= day]
    return claim_for(
        invoice,
        [(move.day, move.cash) for move in moves if move.cash],
        [(move.day, move.credit) for move in moves if move.credit],
        account.contact,
        materials.rules,
        rates,
        day,
        min(notices, default=None),
    )


def _extra(debt: _Debt, account: Account) -> str:
    """What the acknowledged sum leaves out is said, with its figure when it is known."""
    shown = words(account.language)["agreement"]
    if debt.included or not debt.known or not (debt.interest or debt.compensation):
        return ""
    text: str = shown["not_included"].format(
        day=account.long(debt.day), interest=account.money(debt.interest), compensation=account.money(debt.compensation)
    )
    return text


def _schedule(plan: PaymentPlan, account: Account) -> list[list[str]]:
    left = plan.total
    rows = []
    for place, one in enumerate(plan.instalments, 1):
        left -= one.amount
        rows.append([str(place), account.long(one.due), account.money(one.amount), account.money(left)])
    return rows


def _payment(plan: PaymentPlan, account: Account) -> Mapping[str, Any]:
    settings = account.materials.rules.settings
    shown = words(account.language)["letter"]
    rows = [(shown["holder"], one_line(settings.company)), ("IBAN", spaced_iban(settings.iban)), ("BIC", one_line(settings.bic)),
            (shown["reference"], one_line(plan.plan))]  # fmt: skip
    if not settings.iban:
        rows = [(shown["holder"], one_line(settings.company)), ("IBAN", "…" * 30), (shown["reference"], one_line(plan.plan))]
    return payment(words(account.language)["agreement"]["pay"], rows)
