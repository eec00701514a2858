"""The post room of a run: where messages go, what is looked at again before they leave, what came in meanwhile.

It puts `sync.post` (servers, journal protocol) together with what the pipeline concludes. The command line makes one
for each run and fills `Mailing` from the environment.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from sync.dunning.calendar import BusinessDays
from sync.dunning.model import Decision, InvoiceView, Mode, Settings, Task
from sync.dunning.reasons import Reason, State
from sync.dunning.refusals import refused_in_a_row
from sync.dunning.sending import is_window_open, may_leave
from sync.dunning.thanks import thanks_due
from sync.dunning.today.outcomes import absorb
from sync.dunning.today.tasks import thanks_task
from sync.errors import UsageError
from sync.intake import IMPORTER
from sync.ledger.model import JournalRow, TodayRow
from sync.ledger.problems import Problem
from sync.letters.documents.materials import materials_of
from sync.letters.documents.model import DocumentError
from sync.letters.documents.office import Enclosures, attached
from sync.letters.documents.press import Press, can_print
from sync.letters.documents.words import said
from sync.letters.drafts import Draft, draft_for
from sync.letters.facts import sources_of
from sync.letters.library import THANK_YOU
from sync.letters.mail_html import html_of
from sync.letters.transfer_block import transfer_block
from sync.post.digest import CADENCE as DIGEST
from sync.post.digest import Standing, digest_due, digest_text
from sync.post.imap import Inbox
from sync.post.mailroom import Signature, found_in_sent_mail, read_inbox
from sync.post.mime import CODE_ID
from sync.post.model import Attachment, Outgoing, Posted, Transport, Unreachable
from sync.post.oauth import token_source
from sync.post.outbox import Outbox
from sync.post.payee import Payee, parse_payee, setting_problems, text_problems
from sync.post.protocol import Check, Round, Write, send_all
from sync.post.replies import known
from sync.post.server import parse_server
from sync.post.smtp import Smtp
from sync.post.threads import Threads
from sync.post.trouble import plain_trouble
from sync.post.unsettled import unsettled
from sync.run.answers import with_answers
from sync.run.clock import Clock, Moment
from sync.run.deciding import Run, decide_run
from sync.run.gathering import Gathered, understand
from sync.run.post import Extras, News
from sync.sentences import sentence
from sync.workbook.tabs import RawTab, Workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """The environment's part: addresses of servers, the token source, the protected payee. "" = not given."""

    smtp_url: str = field(default="", repr=False)
    imap_url: str = field(default="", repr=False)
    oauth: str = field(default="", repr=False)
    payee: str = ""
    site_url: str = ""  # where managers find the site, for the digest


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRoom:
    """`workbook` and `clock` are those of the run; `outbox` the folder that replaces a server.

    Without a folder nothing leaves where there is no server: a scheduler's machine is thrown away with its files.
    """

    workbook: Workbook
    clock: Clock
    outbox: Path | None
    mailing: Mailing = Mailing()
    pages: Path | None = None  # the company's own page templates, for what goes with an e-mail

    # --- before anything is decided

    def news(self, gathered: Gathered, moment: Moment) -> News:
        """What the Journal does not know yet: messages whose fate an earlier run did not record, answers, bounces.

        A mailbox that cannot be read holds all sending: a customer may have answered.
        """
        journal = gathered.ledger.journal
        sign = Signature(moment.now(), moment.run_id, moment.actor)
        rows = unsettled(journal, sign.when, sign.run, sign.actor)
        if not self.mailing.imap_url or not moment.is_today:
            return News(rows=rows)
        settings = gathered.rules.settings
        server = parse_server(self.mailing.imap_url, "imap", "RELANCE_IMAP_URL", settings.language)
        ledger = gathered.ledger
        try:
            with Inbox(server, self._token(settings)) as inbox:
                rows += found_in_sent_mail(inbox, [*journal, *rows], sign)
                about = known(journal, ledger.contacts.values(), ledger.invoices)
                own = {one.casefold() for one in (settings.sender_email, settings.reply_to) if one}
                rows += read_inbox(inbox, journal, about, sign, own)
        except Unreachable as error:
            return News(rows=rows, stopped=plain_trouble(str(error), "imap", settings.language))
        return News(rows=rows)

    def problems(self, gathered: Gathered, moment: Moment) -> Sequence[Problem]:
        """What stops all sending: an account or a sender that is not the protected one."""
        return setting_problems(gathered.rules.settings, self._payee())

    # --- messages

    def may_send(self, gathered: Gathered, moment: Moment) -> str:
        """Why nothing leaves in this run, a sentence; "" when messages may."""
        settings = gathered.rules.settings
        if not self._reaches_server(moment):
            return "" if self.outbox is not None else sentence("no_mail_server", settings.language)
        if all(row.actor == IMPORTER for row in gathered.ledger.journal):  # no run yet: bringing invoices in is none
            return sentence("first_run_drafts", settings.language)
        if not settings.sender_email:
            raise UsageError(sentence("sender_missing", settings.language))
        return ""

    def extras(self, run: Run, journal: Sequence[JournalRow], moment: Moment) -> Extras:
        """Messages beside the cadences: thanks for a case that is over, the managers' digest. `journal` is as it stands now.

        Thanks leave by themselves in mode auto only; otherwise they are a task with its words.
        """
        rules, language = run.gathered.rules, run.gathered.rules.settings.language
        settings = rules.settings
        if settings.mode is Mode.DRAFT or settings.stop or rules.stop_sending:
            return Extras()
        calendar = BusinessDays(settings.country, settings.region, settings.sending_days)
        if moment.is_today and not is_window_open(moment.now(), settings, calendar):
            return Extras()
        outgoing: list[Outgoing] = []
        tasks: list[Task] = []
        if settings.thank_you:
            for decision, subject, text in self._thanks(run):
                if settings.mode is Mode.AUTO:
                    outgoing.append(_plain(decision, subject, text))
                elif (task := thanks_task(decision, text, language)).key not in run.conclusion.history.reviews:
                    tasks.append(task)
        digest = digest_due(settings, journal, moment.as_of)
        if digest is not None:
            outgoing.append(_plain(digest, *digest_text(self._standing(run, journal), settings)))
        return Extras(outgoing=outgoing, tasks=tasks)

    def _thanks(self, run: Run) -> Iterator[tuple[Decision, str, str]]:
        ledger, rules, as_of = run.gathered.ledger, run.gathered.rules, run.gathered.as_of
        found = thanks_due(ledger, run.conclusion.balances, run.conclusion.history, rules.settings, as_of)
        if not found:
            return
        sources = sources_of(ledger, rules, run.conclusion.views, as_of)
        for decision in found:
            paid = {number: _paid_view(number, decision) for number in decision.invoices}
            draft = draft_for(decision, replace(sources, views={**sources.views, **paid}), THANK_YOU)
            if isinstance(draft, Draft) and not text_problems([draft.text], self._payee()):
                yield decision, draft.subject, draft.text

    def _standing(self, run: Run, journal: Sequence[JournalRow]) -> Standing:
        profiles = run.conclusion.profiles
        currencies = {profile.currency for profile in profiles if profile.open}
        return Standing(
            as_of=run.gathered.as_of,
            open={one: sum(profile.open for profile in profiles if profile.currency == one) for one in currencies},
            overdue={one: sum(profile.overdue for profile in profiles if profile.currency == one) for one in currencies},
            tasks=run.tasks,
            problems=len(run.problems),
            journal=journal,
            site=self.mailing.site_url,
        )

    def send(
        self, leaving: Sequence[Decision], run: Run, write: Write, moment: Moment, extras: Sequence[Outgoing] = ()
    ) -> Posted:
        """Send what was chosen, in that order, then the extras. `run` is as decided just before."""
        settings = run.gathered.rules.settings
        round_ = Round(
            settings=settings,
            transport=self._transport(settings, moment),
            write=write,
            recheck=_Recheck(self.workbook, self.clock, run, moment, self.problems),
            now=moment.now,
            run=moment.run_id,
            actor=moment.actor,
            refused_before=refused_in_a_row(run.gathered.ledger.journal),
        )
        if not can_print() and any(attached(one, run.gathered.rules.cadences) for one in leaving):
            raise DocumentError(said("no_typst", settings.language))  # before anything is reserved
        posted = send_all(chain(self._composed(leaving, run), extras), round_)
        return replace(posted, stopped=plain_trouble(posted.stopped, "smtp", settings.language))

    def text_problems(self, leaving: Sequence[Decision], run: Run) -> Sequence[Problem]:
        """Accounts and links of the texts about to leave that are not the protected ones: nothing leaves then."""
        texts = (f"{words.subject}\n{words.text}" for one in leaving for words in (run.desk.texts[one.key],))
        return text_problems(texts, self._payee())

    def _payee(self) -> Payee:
        return parse_payee(self.mailing.payee)

    def _reaches_server(self, moment: Moment) -> bool:
        return bool(self.mailing.smtp_url) and moment.is_today

    def _transport(self, settings: Settings, moment: Moment) -> Transport:
        """A mail server today, when there is one; the local outbox otherwise."""
        if not self._reaches_server(moment):
            assert self.outbox is not None  # `may_send` said no
            return Outbox(self.outbox)
        server = parse_server(self.mailing.smtp_url, "smtp", "RELANCE_SMTP_URL", settings.language)
        return Smtp(server, self._token(settings))

    def _token(self, settings: Settings) -> Callable[[], str] | None:
        if not self.mailing.oauth:
            return None
        source = token_source(self.mailing.oauth, settings.language)
        return lambda: source.token(time.monotonic)

    def _composed(self, leaving: Sequence[Decision], run: Run) -> Iterator[Outgoing]:
        threads = Threads(run.gathered.ledger.journal)
        rules = run.gathered.rules
        sources = sources_of(run.gathered.ledger, rules, run.conclusion.views, run.gathered.as_of)
        with Press(rules.settings.language, self.pages) as press:
            enclosures = Enclosures(press, rules.cadences, lambda: materials_of(run.gathered.ledger, rules, run.conclusion))
            for decision in leaving:
                words = run.desk.texts[decision.key]
                foot, code = transfer_block(decision, words.text, sources, CODE_ID)
                html = html_of(words.text, subject=words.subject, language=decision.language, links=words.links, foot=foot)
                file = enclosures.of(decision, words)
                yield Outgoing(
                    decision=decision, subject=words.subject, text=words.text, html=html, edited=words.edited,
                    thread=threads.of(decision), attachments=(Attachment(*file, "application/pdf"),) if file else (), code=code,
                )  # fmt: skip


def _plain(decision: Decision, subject: str, text: str) -> Outgoing:
    links = tuple(re.findall(r"https://[^\s<>]+", text)) if decision.cadence == DIGEST else ()
    html = html_of(text, subject=subject, language=decision.language, links=links)
    return Outgoing(decision=decision, subject=subject, text=text, html=html)


def _paid_view(number: str, decision: Decision) -> InvoiceView:
    return InvoiceView(
        row=0, invoice=number, customer=decision.customer, currency=decision.currency, open=0, days_late=0, state=State.NONE,
        reason=Reason.NOT_DUE,
    )  # fmt: skip


_PEOPLES = ("invoices", "contacts", "payments", "plans", "cadence", "reasons", "templates", "rates", "settings", "today")


class _Recheck:
    """A second look at the workbook once the messages are reserved: payments, pauses, drafts and buttons as they are now.

    The file's own mark says when nothing has changed; then the last look still stands. A Google Sheet has no such mark
    and is read each time.
    """

    def __init__(
        self,
        workbook: Workbook,
        clock: Clock,
        run: Run,
        moment: Moment,
        problems: Callable[[Gathered, Moment], Sequence[Problem]],
    ) -> None:
        self._workbook, self._clock, self._run, self._moment, self._problems = workbook, clock, run, moment, problems
        self._seen = run.gathered.snapshot.version
        tabs = run.gathered.snapshot.tabs
        self._tabs: Mapping[str, RawTab] = {key: tabs[key] for key in _PEOPLES if key in tabs}  # as last looked at
        self._fresh: Run | None = None  # None = the workbook is as it was
        self._decisions: Mapping[str, Decision] = {}
        self._touched: frozenset[str] = frozenset()  # customers about whom a person has just written in Today
        self._stop = ""

    def __call__(self, batch: Sequence[Outgoing]) -> Check:
        settings = self._run.gathered.rules.settings
        calendar = BusinessDays(settings.country, settings.region, settings.sending_days)
        if self._moment.is_today and not is_window_open(self._moment.now(), settings, calendar):
            return Check(frozenset(), sentence("window_closed", settings.language))
        version = self._workbook.version()
        if not version or version != self._seen:
            self._look_again()
            self._seen = version
        if self._stop:
            return Check(frozenset(), self._stop)
        return Check(frozenset(one.decision.key for one in batch if self._stands(one)))

    def _look_again(self) -> None:
        before = self._run.gathered
        snapshot = self._workbook.read(_PEOPLES)
        if all(snapshot.tabs.get(key) == tab for key, tab in self._tabs.items()):
            return
        self._tabs = snapshot.tabs
        gathered = understand(snapshot, self._clock)
        self._stop = ""
        stops = gathered.rules.stop_sending or self._problems(gathered, self._moment)
        if gathered.rules.settings != before.rules.settings or stops:
            self._stop = sentence("settings_changed", before.rules.settings.language)
            return
        # The Journal is ours alone while we hold the lock; what this run wrote in it would make its own messages doubtful.
        ledger = replace(gathered.ledger, journal=before.ledger.journal)
        answered = {_answer(row) for row in before.ledger.today_rows}
        found = absorb(ledger, {}, {}, gathered.as_of)
        new = [row for row in ledger.today_rows if _answer(row) not in answered]
        self._touched = frozenset(row.customer for row in new if row.outcome is not None)
        self._fresh = decide_run(replace(gathered, ledger=with_answers(ledger, found, ())))
        self._decisions = {decision.key: decision for decision in self._fresh.decisions}

    def _stands(self, one: Outgoing) -> bool:
        """The very same message would be decided now, and still leave."""
        if self._fresh is None or not one.decision.step:  # extras depend on no cell that a person would change now
            return True
        key, mode = one.decision.key, self._fresh.gathered.rules.settings.mode
        now = self._decisions.get(key)
        if now is None or one.decision.customer in self._touched or not may_leave(now, mode):
            return False
        words = self._fresh.desk.texts.get(key)
        return (
            replace(now, why="", priority=0) == replace(one.decision, why="", priority=0)
            and words is not None
            and (words.subject, words.text) == (one.subject, one.text)
        )


def _answer(row: TodayRow) -> TodayRow:
    """A row of Today wherever it stands now."""
    return replace(row, row=0)
