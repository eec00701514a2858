"""Which invoices an unallocated payment may settle: a suggestion with a confidence and a sentence, never applied.

Looked for in this order, and the first that answers wins:

1. invoice numbers standing in the payment's reference or note;
2. one open invoice of exactly the sum paid (with or without the early-payment discount);
3. everything the customer owes, all that is late, or two to four invoices, oldest first, that add up to the sum;
4. for a payment without a customer: a customer whose name stands in the reference, then 2 and 3 for them; last, the
   only open invoice of that sum in the whole sheet.

The work is bounded: sums are looked for among the `POOL` oldest open invoices of one customer, through pairs of pairs
(at most POOL² steps), and one payment looks at `NAMES` customers at most. Payments are taken in order of date, and an
invoice suggested in full is not suggested again.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from sync.dunning.law.discounts import discount_on
from sync.dunning.model import Settings
from sync.dunning.phrases import listed
from sync.dunning.reasons import Sentence
from sync.ledger.balances import Balances
from sync.ledger.model import Cents, Contact, CustomerKey, Invoice, Ledger, Payment

POOL = 30
NAMES = 5
LONGEST = 4  # invoices in a sum
_WORD = re.compile(r"[a-z0-9]+")
_LEGAL_FORMS = frozenset(
    [
        "sa",
        "sas",
        "sarl",
        "sasu",
        "eurl",
        "sci",
        "snc",
        "ltd",
        "llc",
        "plc",
        "inc",
        "gmbh",
        "ag",
        "bv",
        "nv",
        "spa",
        "srl",
        "et",
        "and",
        "de",
        "des",
        "du",
        "la",
        "le",
        "les",
        "the",
        "cie",
        "co",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """For the payment of sheet row `row`. `confidence` 0..100; `rest` = what the invoices leave open (positive) or the
    payment leaves free (negative)."""

    row: int
    customer: str
    currency: str
    invoices: tuple[str, ...]
    confidence: int
    rest: Cents
    why: str

    @property
    def cell(self) -> str:
        """The *Suggested invoice* cell: "F-1, F-2"."""
        return ", ".join(self.invoices)


WHY: Mapping[str, Sentence] = {
    "reference": Sentence("The reference names {invoices}.", "La référence cite {invoices}."),
    "amount": Sentence("{invoices} is open for exactly this sum.", "{invoices} reste due pour exactement cette somme."),
    "amounts": Sentence(
        "{invoices} is open for exactly this sum, and so are others: the oldest is taken.",
        "{invoices} reste due pour exactement cette somme, comme d’autres\u00a0: la plus ancienne est retenue.",
    ),
    "discount": Sentence(
        "{invoices} less the early-payment discount is exactly this sum.", "{invoices}, escompte déduit, fait exactement cette somme."
    ),
    "all_open": Sentence("All that is open adds up to this sum.", "Tout ce qui reste dû fait exactement cette somme."),
    "all_late": Sentence("All that is late adds up to this sum.", "Tout ce qui est échu fait exactement cette somme."),
    "sum": Sentence("{invoices} add up to this sum.", "{invoices} font ensemble cette somme."),
    "sums": Sentence(
        "{invoices} add up to this sum, and so do others: the oldest are taken.",
        "{invoices} font ensemble cette somme, comme d’autres\u00a0: les plus anciennes sont retenues.",
    ),
    "named": Sentence("The reference names the customer.", "La référence cite le client."),
    "only": Sentence(
        "No customer is given; {invoices} is the only open invoice of this sum.",
        "Sans client indiqué, {invoices} est la seule facture ouverte de cette somme.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """Invoices for a sum; `reasons` are names of `WHY`."""

    invoices: tuple[Invoice, ...]
    confidence: int
    reasons: tuple[str, ...]


def suggestions(ledger: Ledger, balances: Balances, settings: Settings) -> Sequence[Suggestion]:
    """One suggestion at most for each unallocated payment received up to the day of the balances, by date then row."""
    free = [one for one in ledger.payments if not one.invoice and one.amount > 0 and one.paid_on <= balances.as_of]
    if not free:
        return ()
    payers = {one.customer for one in free}
    owed = [one for one in balances.owed if one.customer in payers] if all(payers) else balances.owed
    books = _Books(owed, ledger.contacts, balances, settings)
    found = (books.suggest(payment) for payment in sorted(free, key=lambda one: (one.paid_on, one.row)))
    return [one for one in found if one is not None]


def words_of(text: str) -> list[str]:
    """The words of a reference without case, accents or punctuation: "Règlt. FA-2026/012" -> reglt, fa, 2026, 012."""
    if text.isascii():
        return _WORD.findall(text.casefold())
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(ch for ch in plain if not unicodedata.combining(ch)))


@cache
def _joined(number: str) -> str:
    return "".join(words_of(number))


class _Books:
    """The open invoices as the search needs them; `left` changes as suggestions are made, so that none comes twice."""

    def __init__(self, owed: Iterable[Invoice], contacts: Mapping[str, Contact], balances: Balances, settings: Settings) -> None:
        self.settings, self.as_of = settings, balances.as_of
        self.left: dict[str, Cents] = {}
        self.of_account: dict[CustomerKey, list[Invoice]] = defaultdict(list)
        self.by_number: dict[tuple[str, str], list[Invoice]] = defaultdict(list)
        self.by_amount: dict[tuple[Cents, str], list[Invoice]] = defaultdict(list)
        for invoice in sorted(owed, key=lambda one: (one.due, one.issued, one.number)):
            open_ = balances.open[invoice.number]
            self.left[invoice.number] = open_
            self.of_account[invoice.customer, invoice.currency].append(invoice)
            self.by_number[_joined(invoice.number), invoice.currency].append(invoice)
            self.by_amount[open_, invoice.currency].append(invoice)
        self.contacts = contacts

    @cached_property
    def names(self) -> Mapping[str, Sequence[tuple[frozenset[str], Contact]]]:
        """Asked for only by a payment that names nobody."""
        return _name_index(self.contacts.values())

    def suggest(self, payment: Payment) -> Suggestion | None:
        words = [*words_of(payment.reference), "", *words_of(payment.note)]  # "" keeps the two apart
        found = self._by_reference(payment, words)
        if found is None and payment.customer:
            found = self._by_sum(payment.customer, payment)
        elif found is None:
            found = self._by_name(payment, words) or self._by_only_amount(payment)
        if found is None:
            return None
        rest = sum(self.left[one.number] for one in found.invoices) - payment.amount
        received = payment.amount
        for one in found.invoices:
            taken = min(received, self.left[one.number])
            self.left[one.number] -= taken
            received -= taken
        language = self.settings.language
        numbers = tuple(one.number for one in found.invoices)
        why = " ".join(WHY[name].text(language).format(invoices=listed(numbers, language)) for name in found.reasons)
        return Suggestion(
            row=payment.row, customer=found.invoices[0].customer, currency=payment.currency, invoices=numbers,
            confidence=found.confidence, rest=rest, why=why,
        )  # fmt: skip

    def _still_open(self, invoices: Iterable[Invoice]) -> list[Invoice]:
        return [one for one in invoices if self.left[one.number] > 0]

    def _by_reference(self, payment: Payment, words: Sequence[str]) -> _Found | None:
        """Numbers made of one to four words in a row. A short number alone ("12") only counts for a known customer."""
        named: dict[str, Invoice] = {}
        for start in range(min(len(words), 60)):
            for end in range(start + 1, min(len(words), start + 4) + 1):
                if words[end - 1] == "":
                    break
                number = "".join(words[start:end])
                for invoice in self._still_open(self.by_number.get((number, payment.currency), ())):
                    known = invoice.customer == payment.customer
                    if known or (not payment.customer and len(number) >= 4):
                        named[invoice.number] = invoice
        if not named:
            return None
        invoices = tuple(sorted(named.values(), key=lambda one: (one.due, one.issued, one.number)))
        if len({one.customer for one in invoices}) > 1:
            return None
        owed = sum(self.left[one.number] for one in invoices)
        return _Found(invoices, 99 if owed == payment.amount else 90 if payment.amount < owed else 75, ("reference",))

    def _by_sum(self, customer: str, payment: Payment) -> _Found | None:
        invoices, amount = self._still_open(self.of_account.get((customer, payment.currency), ())), payment.amount
        same = [one for one in invoices if self.left[one.number] == amount]
        if same:
            return _Found((same[0],), 90, ("amount",)) if len(same) == 1 else _Found((same[0],), 65, ("amounts",))
        rate = self.settings.early_discount
        if rate and 0 < rate < 100:
            short = [one for one in invoices if self.left[one.number] - discount_on(one.amount, rate) == amount]
            if short:
                return _Found((short[0],), 70, ("discount",))
        late = [one for one in invoices if one.due < self.as_of]
        for name, group in (("all_open", invoices), ("all_late", late)):
            if len(group) > 1 and sum(self.left[one.number] for one in group) == amount:
                return _Found(tuple(group), 88, (name,))
        sums = _sums(invoices[:POOL], [self.left[one.number] for one in invoices[:POOL]], amount)
        if sums:
            return _Found(sums[0], 75, ("sum",)) if len(sums) == 1 else _Found(sums[0], 50, ("sums",))
        return None

    def _by_name(self, payment: Payment, words: Sequence[str]) -> _Found | None:
        """Customers all of whose name's words stand in the reference, the longest name first."""
        present = set(words)
        named = {
            contact.customer: len(name)
            for word in sorted(present)
            for name, contact in self.names.get(word, ())
            if name <= present
        }
        for customer in sorted(named, key=lambda one: (-named[one], one))[:NAMES]:
            found = self._by_sum(customer, payment)
            if found is not None:
                return _Found(found.invoices, found.confidence - 10, ("named", *found.reasons))
        return None

    def _by_only_amount(self, payment: Payment) -> _Found | None:
        same = self._still_open(self.by_amount.get((payment.amount, payment.currency), ()))
        return _Found((same[0],), 40, ("only",)) if len(same) == 1 and self.left[same[0].number] == payment.amount else None


def _name_index(contacts: Iterable[Contact]) -> Mapping[str, Sequence[tuple[frozenset[str], Contact]]]:
    """Each name under its longest word, so that a reference looks at few names. Legal forms do not count."""
    index: dict[str, list[tuple[frozenset[str], Contact]]] = defaultdict(list)
    for contact in contacts:
        name = frozenset(word for word in words_of(contact.name) if word not in _LEGAL_FORMS)
        if name and max(map(len, name)) >= 4:
            index[max(name, key=lambda word: (len(word), word))].append((name, contact))
    return index


def _sums(invoices: Sequence[Invoice], left: Sequence[Cents], amount: Cents) -> list[tuple[Invoice, ...]]:
    """Up to two combinations of 2 to 4 invoices that make exactly the sum: the fewest invoices, then the oldest, first.

    Two: is there one pair? Three: an invoice and a pair. Four: two pairs. Each through the table of pairs by their sum.
    """
    count = len(invoices)
    pairs: dict[Cents, list[tuple[int, int]]] = defaultdict(list)
    for low in range(count):
        for high in range(low + 1, count):
            if left[low] + left[high] <= amount:
                pairs[left[low] + left[high]].append((low, high))
    found: list[tuple[int, ...]] = list(pairs.get(amount, ())[:2])
    if len(found) < 2:
        found += _with_one(pairs, left, amount)[: 2 - len(found)]
    if len(found) < 2:
        found += _with_pair(pairs, amount)[: 2 - len(found)]
    return [tuple(invoices[index] for index in one) for one in found]


def _with_one(
    pairs: Mapping[Cents, Sequence[tuple[int, int]]], left: Sequence[Cents], amount: Cents
) -> Sequence[tuple[int, ...]]:
    found = {
        (first, low, high) for first, sum_ in enumerate(left) for low, high in pairs.get(amount - sum_, ())[:POOL] if first < low
    }
    return sorted(found)[:2]


def _with_pair(pairs: Mapping[Cents, Sequence[tuple[int, int]]], amount: Cents) -> Sequence[tuple[int, ...]]:
    found: set[tuple[int, ...]] = set()
    for sum_ in sorted(pairs):
        for one in pairs[sum_][:POOL]:
            for other in pairs.get(amount - sum_, ())[:POOL]:
                if len({*one, *other}) == LONGEST:
                    found.add(tuple(sorted((*one, *other))))
    return sorted(found)[:2]
