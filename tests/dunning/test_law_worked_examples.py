"""Each published calculation, to the cent and line by line."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from dunning.law_builders import cents, contact, day, invoice, rules

from sync.dunning.law.claims import breakdown, claim_for
from sync.dunning.law.rates import Rates
from sync.dunning.model import Allocation
from sync.ledger.words import Kind

CASES = list(csv.DictReader((Path(__file__).parent / "worked_examples.csv").read_text(encoding="utf-8").splitlines()))
KINDS = {"B2B": Kind.BUSINESS, "B2C": Kind.CONSUMER}
STEP = re.compile(r"(\S+)\.\.(\S+) (\d+)d x ([\d.]+) x ([\d.]+)% /365 = ([\d.]+)")


def claim_of(case: dict[str, str]):
    country, kind = case["rule_id"].split("_")[:2]
    agreed = "3x legal" if case["rule_id"].endswith("3X_LEGAL") else ""
    contract = case["contract_rate_percent"]
    start = case["due_or_notice_date"]
    payments = [(day(on), cents(amount)) for on, amount in (p.split(":") for p in case["payments"].split("|") if p)]
    allocation = Allocation(case["allocation"] or "principal_first")
    return claim_for(
        invoice(case["principal_incl_vat"], start, currency=case["currency"]),
        payments,
        [],
        contact(KINDS[kind], {"UK": "GB"}.get(country, country), interest_rate=agreed or contract),
        rules(interest_allocation=allocation),
        Rates.load(),
        day(case["calc_date"]),
        notice_on=day(start) if kind == "B2C" else None,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case_id"])
def test_the_sums_are_those_published(case: dict[str, str]) -> None:
    claim = claim_of(case)
    assert (claim.interest, claim.compensation) == (cents(case["interest_accrued"]), cents(case["fixed_compensation"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case_id"])
def test_each_line_is_the_one_published(case: dict[str, str]) -> None:
    expected = [
        (date.fromisoformat(a), date.fromisoformat(b), int(n), cents(base), Decimal(rate), Decimal(sum_))
        for a, b, n, base, rate, sum_ in STEP.findall(case["steps"])
    ]
    assert expected
    assert [(r.start, r.end, r.days, r.base, r.rate, r.interest) for r in breakdown(claim_of(case))] == expected
    assert sum(row.days for row in breakdown(claim_of(case))) == int(case["days"])
