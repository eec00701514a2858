"""The sheets that only a file has: invoices with their links, the parties, limitation dates, VAT, and the list of exhibits."""

from collections.abc import Sequence

from sync.dossier.exhibits import Numbered
from sync.dossier.limits import limits_of
from sync.dunning.agreements.plans import PaymentPlan, PlanState
from sync.dunning.law.limitation import Basis, Limitation
from sync.dunning.law.losses import filing_deadline, vat_checklist, vat_recovery_deadline
from sync.ledger.words import DelayReason, Language, Status, word_for
from sync.letters.documents.blocks import Block
from sync.letters.documents.frame import country_name, frame, grouped
from sync.letters.documents.materials import Account, Materials
from sync.letters.documents.model import Document, file_name
from sync.letters.documents.parts import checks, heading, pairs, par, small, table
from sync.letters.documents.words import words
from sync.letters.facts import spaced_iban
from sync.letters.table import one_line


def customer_name(customer: str, materials: Materials) -> str:
    contact = materials.ledger.contacts.get(customer)
    return one_line((contact.name if contact is not None else "") or customer)


def sheet(title: str, customer: str, materials: Materials, language: Language, blocks: Sequence[Block]) -> Document:
    """A page of the file about one customer."""
    settings = materials.rules.settings
    subtitle = words(language)["dossier"]["subtitle"].format(
        name=customer_name(customer, materials), day=_long(materials, language)
    )
    return Document(
        name=file_name("statement", (customer, title), language),
        page="sheet.typ",
        title=title,
        language=language,
        day=materials.as_of,
        data={**frame(settings, language), "subtitle": subtitle, "blocks": list(blocks)},
    )


def _long(materials: Materials, language: Language) -> str:
    return Account(customer="", currency="", language=language, materials=materials).long(materials.as_of)


def invoice_list(account: Account, title: str) -> Document:
    """What the claim is made of: open invoices, and the credit notes that settle them."""
    shown = words(account.language)["dossier"]["list"]
    owed = {one.number for one in account.owed}
    listed = [one for one in account.invoices if one.number in owed or one.applies_to in owed]
    rows, links = [], []
    for one in listed:
        handling, left = one.handling, account.materials.left_on(one)
        state = shown["disputed"] if handling.reason is DelayReason.DISPUTE else shown["open"]
        if handling.status is not Status.OPEN:
            state = word_for("status", handling.status, account.language)
        rows.append(
            (
                one_line(one.number), shown["invoice" if one.amount > 0 else "credit"], account.short(one.issued),
                account.short(one.due), account.money(one.amount), account.money(left) if one.amount > 0 else "",
                state if one.amount > 0 else "",
            )
        )  # fmt: skip
        if handling.document_link:
            links.append((one_line(one.number), handling.document_link))
    blocks: list[Block] = [table(shown["head"], rows, right=(4, 5)) if rows else par(shown["no_invoice"])]
    if rows:
        blocks.append(heading(shown["links"]))
        blocks.append({"kind": "links", "rows": [list(row) for row in links]} if links else par(shown["no_links"]))
    return sheet(title, account.customer, account.materials, account.language, blocks)


def parties_sheet(customer: str, materials: Materials, language: Language) -> Document:
    """Who owes and who is owed. Neither notes nor scores: what is not needed is not handed over."""
    shown = words(language)["dossier"]["contact"]
    settings, contact = materials.rules.settings, materials.ledger.contacts.get(customer)
    missing = shown["missing"]
    rows = [(shown["key"], one_line(customer)), (shown["name"], customer_name(customer, materials))]
    if contact is not None:
        natural = {True: "yes", False: "no", None: ""}[contact.natural_person]
        rows += [
            (shown["kind"], word_for("kind", contact.kind, language) if contact.kind else missing),
            (shown["natural"], word_for("yes_no", natural, language) if natural else missing),
            (shown["id"], grouped(contact.company_id) or missing),
            (shown["person"], one_line(contact.person)),
            (shown["phone"], one_line(contact.phone) or missing),
            (shown["emails"], ", ".join(contact.emails) or missing),
            (shown["address"], one_line(contact.address.replace("\n", ", ")) or missing),
            (shown["country"], country_name(contact.country or settings.country, language)),
            (shown["terms"], one_line(contact.terms)),
            (shown["means"], word_for("payment_means", contact.payment_means, language) if contact.payment_means else ""),
            (shown["guarantee"], one_line(contact.guarantee)),
            (shown["insolvent"], contact.insolvent_on.isoformat() if contact.insolvent_on else ""),
        ]
    ours = [
        (shown["name"], one_line(settings.company)),
        (shown["address"], one_line(settings.address.replace("\n", ", "))),
        (shown["id"], grouped(settings.company_id) if settings.company_id else ""),
        (shown["vat"], one_line(settings.vat_id)),
        (shown["signatory"], one_line(settings.sender_name)),
        (shown["emails"], settings.reply_to or settings.sender_email),
        (shown["bank"], spaced_iban(settings.iban) + (f" ({one_line(settings.bic)})" if settings.bic else "")),
    ]
    blocks = [heading(shown["debtor"]), pairs(rows), heading(shown["creditor"]), pairs(ours), small(shown["note"])]
    return sheet(words(language)["dossier"]["contact_title"], customer, materials, language, blocks)


def limitation_sheet(customer: str, accounts: Sequence[Account], language: Language) -> Document:
    """For each open invoice the earliest defensible date, and from what it was counted."""
    materials = accounts[0].materials
    shown = words(language)["dossier"]["limitation"]
    rows: list[tuple[str, ...]] = []
    texts: dict[str, None] = {}
    for account in accounts:
        for one in account.owed:
            limit = limits_of(one, materials)
            texts.setdefault(limit.legal_reference, None)
            rows.append((one_line(one.number), account.money(materials.left_on(one)), *_limit_cells(limit, account)))
    blocks: list[Block] = [par(shown["intro"])]
    if rows:
        blocks.append(table(shown["head"], rows, right=(1,), wide=(0, 2)))
    told = "; ".join(text for text in texts if text)
    blocks += [small(shown["texts"].format(texts=told))] if told else []
    contact, settings = materials.ledger.contacts.get(customer), materials.rules.settings
    if contact is not None and contact.insolvent_on is not None:
        deadline = filing_deadline(contact.insolvent_on, contact.country or settings.country, settings.country)
        if deadline is not None:
            blocks.append(
                par(
                    shown["insolvency"].format(
                        opened=accounts[0].long(contact.insolvent_on), day=accounts[0].long(deadline.day),
                        text=deadline.legal_reference,
                    )
                )
            )  # fmt: skip
    blocks.append(small(shown["to_check"]))
    return sheet(words(language)["dossier"]["limitation_title"], customer, materials, language, blocks)


def _limit_cells(limit: Limitation, account: Account) -> tuple[str, str, str, str]:
    shown = words(account.language)["dossier"]["limitation"]
    if limit.date is None or limit.basis is Basis.UNKNOWN_COUNTRY:
        return shown["basis"]["unknown_country"], "", shown["unknown"], ""
    left = (limit.date - account.materials.as_of).days
    return (
        shown["basis"][limit.basis.value].format(day=account.short(limit.start)),
        shown["one_year"] if limit.years == 1 else shown["years"].format(count=limit.years),
        account.short(limit.date),
        shown["days"].format(count=left) if left >= 0 else shown["expired"],
    )


def vat_sheet(customer: str, accounts: Sequence[Account], language: Language) -> Document | None:
    """At write-off: what to check and do before VAT is recovered. None when nothing was written off."""
    materials = accounts[0].materials
    lost, country = materials.conclusion.balances.written_off, materials.rules.settings.country
    shown = words(language)["dossier"]["vat"]
    rows = [
        (
            one_line(one.number), account.short(lost[one.number]), account.money(materials.left_on(one)),
            account.short(vat_recovery_deadline(lost[one.number])) if country == "FR" else "",
        )
        for account in accounts
        for one in account.invoices
        if one.number in lost
    ]  # fmt: skip
    if not rows:
        return None
    items = vat_checklist(country, language)
    told = "; ".join(dict.fromkeys(item.legal_reference for item in items if item.legal_reference))
    blocks = [
        table(shown["head"], rows, right=(2,)),
        par(shown["intro"]),
        checks([item.text for item in items]),
        small(shown["texts"].format(texts=told or "–")),
    ]
    return sheet(words(language)["dossier"]["vat_title"], customer, materials, language, blocks)


def plan_sheet(plan: PaymentPlan, account: Account) -> Document:
    """What became of an agreement: each instalment, what was paid on it, and since when it is broken."""
    language = account.language
    shown = words(language)["dossier"]["plan"]
    link = next(
        (one.document_link for one in account.materials.ledger.instalments if one.plan == plan.plan and one.document_link), ""
    )
    facts = [
        (shown["agreed"], account.long(plan.agreed_on) if plan.agreed_on else ""),
        (shown["signed"], account.long(plan.signed_on) if plan.signed_on else shown["unsigned"]),
        (shown["invoices"], ", ".join(map(one_line, plan.invoices))),
        (shown["original"], link),
        (shown["paid"], account.money(plan.paid)),
    ]
    rows = [
        (
            account.short(one.due), account.money(one.amount), account.money(one.amount - one.missing), account.money(one.missing),
            word_for("plan_state", one.state, language),
        )
        for one in plan.instalments
    ]  # fmt: skip
    told = {PlanState.BROKEN: "broken", PlanState.COMPLETED: "completed", PlanState.REPLACED: "replaced"}.get(plan.state, "kept")
    day = account.long(plan.broken_on) if plan.broken_on else ""
    blocks = [pairs(facts), table(shown["head"], rows, right=(1, 2, 3)), par(shown[told].format(day=day))]
    title = words(language)["dossier"]["followed"].format(plan=one_line(plan.plan))
    return sheet(title, account.customer, account.materials, language, blocks)


def index_sheet(
    customer: str,
    accounts: Sequence[Account],
    exhibits: Sequence[Numbered],
    sums: Sequence[tuple[str, Sequence[tuple[str, str]]]],
    language: Language,
) -> Document:
    """The numbered list, the sums, and what a person must still enclose."""
    materials = accounts[0].materials
    shown = words(language)["dossier"]
    name = customer_name(customer, materials)
    rows = [
        (str(one.number), one.exhibit.title, accounts[0].short(one.exhibit.day) if one.exhibit.day else "", one.name)
        for one in exhibits
    ]
    invoices = ", ".join(one_line(one.number) for account in accounts for one in account.owed) or "–"
    blocks = [
        par(shown["index_intro"].format(company=one_line(materials.rules.settings.company), name=name)),
        *(block for currency, rows in sums for block in (heading(f"{shown['index_sums']} ({currency})"), pairs(rows))),
        heading(shown["index_list"]),
        table(shown["index_head"], rows, wide=(1,)),
        heading(shown["to_add"]),
        par(shown["to_add_intro"]),
        checks([item.format(invoices=invoices) for item in shown["to_add_items"]]),
    ]
    return sheet(shown["index_title"], customer, materials, language, blocks)
