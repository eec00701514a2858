"""What applies without a Cadence or Reasons tab (and what `init` writes there).

The standard cadence is the usual plan of the field: courtesy note J-5, e-mail J+1, call J+7, registered letter J+15,
call J+30, formal notice J+45, hand-over J+60.

* Reliable customers (softer): a note at J-3 only, two e-mails before the first call at J+20, a plain letter at J+30, the
  formal notice at J+60 and the hand-over at J+90: who pays well deserves to be asked twice before anyone picks up the phone.
* Customers to watch (firmer): note J-7, e-mail J+1, call J+4, registered letter J+10, call J+18, formal notice J+25,
  hand-over J+40: every step is there, sooner. Each written step stays at least the default spacing (7 days) after the last.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sync.dunning.model import Cadence, ReasonRoute, Step
from sync.ledger.words import Approval, Channel, DelayReason, Language, Segment

_STANDARD = (
    (-5, Channel.EMAIL),
    (1, Channel.EMAIL),
    (7, Channel.CALL),
    (15, Channel.REGISTERED_LETTER),
    (30, Channel.CALL),
    (45, Channel.FORMAL_NOTICE),
    (60, Channel.HAND_OVER),
)
_SOFT = (
    (-3, Channel.EMAIL),
    (3, Channel.EMAIL),
    (10, Channel.EMAIL),
    (20, Channel.CALL),
    (30, Channel.LETTER),
    (45, Channel.CALL),
    (60, Channel.FORMAL_NOTICE),
    (90, Channel.HAND_OVER),
)
_FIRM = (
    (-7, Channel.EMAIL),
    (1, Channel.EMAIL),
    (4, Channel.CALL),
    (10, Channel.REGISTERED_LETTER),
    (18, Channel.CALL),
    (25, Channel.FORMAL_NOTICE),
    (40, Channel.HAND_OVER),
)
_NAMES: Mapping[Language, tuple[str, str, str]] = {"en": ("standard", "soft", "firm"), "fr": ("standard", "souple", "ferme")}


def default_approval(channel: Channel, offset: int, is_first_late: bool) -> Approval:
    """A note and the first e-mail may leave by themselves, other e-mails are ticked, everything else is done by a person."""
    if channel is not Channel.EMAIL:
        return Approval.PERSON
    return Approval.AUTO if offset < 0 or is_first_late else Approval.ASK


def _cadence(name: str, segment: Segment | None, plan: tuple[tuple[int, Channel], ...]) -> Cadence:
    first_late = next(offset for offset, _ in plan if offset > 0)
    steps = tuple(
        Step(
            row=0, number=number, offset=offset, channel=channel,
            approval=default_approval(channel, offset, is_first_late=offset == first_late),
        )
        for number, (offset, channel) in enumerate(plan, 1)
    )  # fmt: skip
    return Cadence(name=name, segment=segment, steps=steps)


def default_cadences(language: Language) -> tuple[Cadence, ...]:
    """The three cadences, named in the workbook's language: standard for any customer, softer, firmer."""
    standard, soft, firm = _NAMES[language]
    return (
        _cadence(standard, None, _STANDARD),
        _cadence(soft, Segment.RELIABLE, _SOFT),
        _cadence(firm, Segment.WATCH, _FIRM),
    )


class _Route(NamedTuple):
    pause: bool
    owner_en: str
    owner_fr: str
    days: int


# Days until the case comes back: what the owner named needs to do its part, and no longer.
_ROUTES: Mapping[DelayReason, _Route] = {
    DelayReason.NOT_RECEIVED: _Route(True, "invoicing", "facturation", 7),  # resend, then a week to read it
    DelayReason.DISPUTE: _Route(True, "sales", "commerce", 14),  # lasts until the cell changes; reviewed after these days
    DelayReason.HARDSHIP: _Route(True, "credit manager", "crédit client", 10),  # propose a plan
    DelayReason.PROMISED: _Route(True, "collections", "recouvrement", 7),  # no date given: ask for one
    DelayReason.SAYS_PAID: _Route(True, "accounting", "comptabilité", 5),  # look for it in the bank
    DelayReason.BAD_FAITH: _Route(False, "management", "direction", 3),  # the shorter path: nothing waits
    DelayReason.APPROVAL_PENDING: _Route(True, "sales", "commerce", 10),  # the customer's own circuit of approval
    DelayReason.OTHER: _Route(True, "collections", "recouvrement", 14),
}


def default_routes(language: Language) -> dict[DelayReason, ReasonRoute]:
    """One route for each reason of delay, its owner named in the workbook's language."""
    return {
        reason: ReasonRoute(
            reason=reason,
            pause=route.pause,
            owner=route.owner_fr if language == "fr" else route.owner_en,
            days=route.days,
        )
        for reason, route in _ROUTES.items()
    }
