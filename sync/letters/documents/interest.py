"""The calculation of late-payment interest, so that a reader can do it again: bases, rates, days, and where rates come from."""

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

from sync.dunning.law.claims import BreakdownRow, breakdown
from sync.dunning.law.days import half_year_name, half_year_start
from sync.dunning.law.rates import official_place, shipped_rows
from sync.dunning.law.rules import Fixing, InterestRule, find_rule
from sync.dunning.model import Claim, Decision, InterestUse, InvoiceView
from sync.ledger.model import Cents
from sync.ledger.money import format_number
from sync.ledger.words import Language
from sync.letters.documents.blocks import Block
from sync.letters.documents.frame import frame, parties
from sync.letters.documents.materials import Account
from sync.letters.documents.model import Document, DocumentError, file_name
from sync.letters.documents.parts import bullets, heading, pairs, par, small, table
from sync.letters.documents.words import said, words
from sync.letters.table import one_line
from sync.letters.views import percent


def interest_statement(account: Account, notice: Decision | None = None) -> Document:
    """Interest and fixed sums of every late invoice on the day; with `notice`, of those that a formal notice claims, as its
    enclosure. Raises DocumentError when the company claims none."""
    materials, language = account.materials, account.language
    settings, shown = materials.rules.settings, words(language)["interest"]
    if settings.interest is InterestUse.NEVER:
        raise DocumentError(said("interest_never", settings.language))
    sides = parties(settings, account.customer, account.contact, language)
    return Document(
        name=file_name("interest", (account.customer, account.currency), settings.language)
        if notice is None
        else file_name("interest", (account.customer, notice.carrying), settings.language, notice.key),
        page="sheet.typ",
        title=shown["title"],
        language=language,
        day=materials.as_of,
        data={
            **frame(settings, language),
            "subtitle": shown["subtitle"].format(day=account.long(materials.as_of)),
            "other": {"title": shown["customer"], "lines": sides["debtor"]},
            "blocks": calculation(account, None if notice is None else notice.invoices),
        },
    )


def late_views(account: Account, only: Collection[str] | None = None) -> Sequence[InvoiceView]:
    """The late open invoices, oldest due first; `only` these numbers, None = all."""
    return [
        account.views[one.number]
        for one in account.owed
        if one.due < account.materials.as_of
        and one.number in account.views
        and account.views[one.number].open > 0
        and (only is None or one.number in only)
    ]


def calculation(account: Account, only: Collection[str] | None = None) -> list[Block]:
    """Summary by invoice, then each stretch of days, then the rule and the rates."""
    shown = words(account.language)["interest"]
    views = late_views(account, only)
    if not views:
        return [par(shown["nothing_late"])]
    claims = [(view, view.claim) for view in views]
    rows = [row for _, claim in claims for row in breakdown(claim)]
    return [
        heading(shown["summary"]),
        _summary(claims, account),
        *_unknown(claims, account),
        *_stretches(rows, account),
        *_daily(claims, account),
        *_rule(rows, account),
    ]


def _summary(claims: Sequence[tuple[InvoiceView, Claim]], account: Account) -> Block:
    shown = words(account.language)["interest"]
    unknown = shown["unknown"]
    rows = []
    for view, claim in claims:
        rows.append(
            (
                one_line(view.invoice), account.short(account.materials.sources.invoices[view.invoice].due),
                account.money(view.open), unknown if claim.interest is None else account.money(claim.interest),
                unknown if claim.compensation is None else account.money(claim.compensation),
            )
        )  # fmt: skip
    principal = sum(view.open for view, _ in claims)
    interest = [claim.interest for _, claim in claims]
    fixed = [claim.compensation for _, claim in claims]
    sums = [(shown["principal"], account.money(principal))]
    if account.unallocated > 0:
        sums.append((shown["unallocated"], account.money(-account.unallocated)))
    sums += [(shown["interest"], _known(interest, account)), (shown["compensation"], _known(fixed, account))]
    whole = principal - max(0, account.unallocated) + sum(cents or 0 for cents in (*interest, *fixed))
    label = shown["total"] if None not in (*interest, *fixed) else shown["total_known"]
    return table(shown["summary_head"], rows, right=(2, 3, 4), sums=[*sums, (label, account.money(whole))])


def _known(sums: Sequence[Cents | None], account: Account) -> str:
    """The sum of what is known; nothing known is no zero."""
    known = [cents for cents in sums if cents is not None]
    return account.money(sum(known)) if known else str(words(account.language)["interest"]["unknown"])


def _unknown(claims: Sequence[tuple[InvoiceView, Claim]], account: Account) -> list[Block]:
    """Each figure that must not be computed says why; nothing is put in its place."""
    shown = words(account.language)["interest"]
    why = dict.fromkeys((claim.why_null, claim.missing) for _, claim in claims if claim.why_null)
    if not why:
        return []
    return [bullets([shown["why"][code].format(missing=_missing_name(missing, account.language)) for code, missing in why])]


def _missing_name(missing: str, language: Language) -> str:
    name, _, rest = missing.partition(" ")
    told = words(language)["rates"].get(name)
    return f"{told} ({rest})" if told and rest else missing


def _stretches(rows: Sequence[BreakdownRow], account: Account) -> list[Block]:
    """Four decimals a line, so that the lines add up; rounded once for each invoice."""
    if not rows:
        return []
    shown = words(account.language)["interest"]
    lines = [
        (
            one_line(row.invoice), account.short(row.start), account.short(row.end), str(row.days), account.money(row.base),
            percent(row.rate, account.language), format_number(row.interest, account.language, 4),
        )
        for row in rows
    ]  # fmt: skip
    return [
        heading(shown["stretches"]),
        par(shown["formula"]),
        table(shown["stretches_head"], lines, right=(3, 4, 5, 6)),
    ]


def _daily(claims: Iterable[tuple[InvoiceView, Claim]], account: Account) -> list[Block]:
    """What one more day adds, from the stretches that still run on the day."""
    running = [
        line
        for _, claim in claims
        for line in claim.lines[-1:]
        if line.end == account.materials.as_of and line.days
    ]  # fmt: skip
    cents = round(sum((line.interest / line.days for line in running), Fraction(0)))
    return [par(words(account.language)["interest"]["daily"].format(amount=account.money(cents)))] if cents else []


def _rule(rows: Sequence[BreakdownRow], account: Account) -> list[Block]:
    settings, language = account.materials.rules.settings, account.language
    shown = words(language)["interest"]
    rule = find_rule(settings.country, account.contact, settings)
    if not isinstance(rule, InterestRule):
        return []
    found: list[Block] = [heading(shown["rule"]), pairs(_rule_rows(rule, account))]
    sources = _rates_used(rule, rows, account)
    if sources:
        found.append(table(shown["rates_head"], [row[:4] for row in sources], right=(2,)))
        told = dict.fromkeys(f"{row[1]} – {row[4]}" for row in sources if row[4])
        found += [small(*told)] if told else []
    return found


def _rule_rows(rule: InterestRule, account: Account) -> list[tuple[str, str]]:
    language = account.language
    shown = words(language)["interest"]
    return [
        (shown["rule_rate"], formula(rule, language)),
        (shown["rule_start"], shown[f"start_{rule.starts}"]),
        (shown["rule_text"], one_line(rule.legal_reference)),
        (shown["allocation"], shown[str(account.materials.rules.settings.interest_allocation)]),
    ]


def formula(rule: InterestRule, language: Language) -> str:
    """ "BCE … + 10 points", "3 × taux légal", "12 % (agreed)"."""
    shown = words(language)["interest"]
    if rule.flat_rate is not None:
        return f"{percent(rule.flat_rate, language)} {shown['agreed'] if rule.rule_id == 'AGREED_RATE' else ''}".strip()
    name: str = words(language)["rates"].get(rule.reference, rule.reference)
    if rule.multiplier != 1:
        name = f"{format_number(rule.multiplier.normalize(), language)} × {name}"
    if rule.margin:
        name += shown["points"].format(points=format_number(rule.margin.normalize(), language))
    return name + (shown["fixed_at_start"] if rule.fixing is Fixing.START else "")


def _rates_used(rule: InterestRule, rows: Sequence[BreakdownRow], account: Account) -> list[tuple[str, str, str, str, str]]:
    """(rate, half-year, value, how sure, where to verify it) for each half-year of the calculation."""
    if not rule.reference:
        return []
    language, overrides = account.language, account.materials.rules.rates
    shown = words(language)["interest"]
    shipped = {(row.name, row.valid_from): row for row in shipped_rows()}
    name = words(language)["rates"].get(rule.reference, rule.reference)
    first: dict[str, BreakdownRow] = {}
    for row in rows:
        first.setdefault(row.invoice, row)
    counted = first.values() if rule.fixing is Fixing.START else rows  # that rate stays for the whole delay
    found = []
    for start in sorted({half_year_start(row.start) for row in counted}):
        own = overrides.get((rule.reference, start))
        known = shipped.get((rule.reference, start))
        if own is not None:
            found.append((name, half_year_name(start), percent(own, language), shown["own_rate"], ""))
        elif known is not None and known.percent is not None:
            sure = known.confidence == "high"
            state = shown["published" if sure else "to_verify"]
            source = "" if sure else official_place(rule.reference, language)
            found.append((name, half_year_name(start), percent(known.percent, language), state, source))
    return found
