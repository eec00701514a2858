"""The foot of an e-mail that asks for money by transfer: a code for the banking app, and the same figures in clear."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, Template

from sync.dunning.model import Decision
from sync.ledger.money import format_money
from sync.ledger.words import Language
from sync.letters.documents.transfer import Transfer, picture
from sync.letters.documents.words import words
from sync.letters.facts import Sources, early_offers, payee_of, spaced_iban
from sync.letters.library import REASON_TEXTS
from sync.letters.table import one_line


def transfer_block(decision: Decision, text: str, sources: Sources, cid: str) -> tuple[str, bytes]:
    """(HTML, picture). Both empty unless the text asks for that very sum, and no other, and a code can be made of it.

    A note that offers a discount asks for two sums, and an answer to a reason of delay for words before money. What the
    text says already stands in clear once.

    The picture is to travel inside the message under the identifier `cid`: nothing is fetched when the mail is opened.
    """
    language: Language = decision.language
    settings = sources.rules.settings
    amount = format_money(decision.to_pay, decision.currency, language)
    if amount not in text or decision.template in REASON_TEXTS.values() or early_offers(decision, sources):
        return "", b""
    reference = payee_of(decision, sources).reference
    transfer = Transfer(settings.company, settings.iban, settings.bic, decision.to_pay, decision.currency, reference)
    code = transfer.code()
    if code is None:
        return "", b""
    said = words(language)["letter"]
    name = one_line(settings.company)
    account = spaced_iban(settings.iban)
    in_clear = [] if account in text else [("IBAN", account), ("BIC", one_line(settings.bic))]
    rows = [(said["holder"], name), *in_clear, (said["amount"], amount), (said["reference"], reference)]
    html = _template().render(
        title=said["code"],
        alt=said["code_alt"].format(amount=amount, name=name, reference=reference),
        rows=[row for row in rows if row[1]],
        cid=cid,
    )
    return html, picture(code.matrix)


@cache
def _template() -> Template:
    source = (files("sync.letters") / "pages" / "transfer.html.j2").read_text("utf-8")
    return Environment(autoescape=True).from_string(source)
