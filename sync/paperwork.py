"""Documents of a run: into which folder, from which pages, and never with an account that is not the protected one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sync.dossier.build import Dossier, Order, build_dossier
from sync.dossier.package import write
from sync.dunning.model import Settings
from sync.errors import UsageError
from sync.letters.documents.materials import Materials, materials_of
from sync.letters.documents.model import LETTERS
from sync.letters.documents.office import Desks, Made, Request, documents_for, documents_of_run, file_of, to_check, write_all
from sync.letters.documents.press import Press
from sync.post.payee import parse_payee, setting_problems, text_problems
from sync.run.deciding import Run

NOTHING_MADE = Made()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paperwork:
    """`folder` receives the documents; `pages` holds the company's own pages where there are some; `payee` is the
    protected account (RELANCE_PAYEE), "" = not given."""

    folder: Path
    pages: Path
    payee: str = ""

    @property
    def dossiers(self) -> Path:
        """Where the files for a professional stand, unless the command said another folder."""
        return self.folder.with_suffix(".dossiers")

    def press(self, settings: Settings) -> Press:
        return Press(settings.language, self.pages)

    def of_run(self, run: Run) -> Made:
        """Write the letters that wait for a person. Nothing is loaded when there is none."""
        settings = run.gathered.rules.settings
        if not any(one.channel in LETTERS and file_of(one, settings.language) for one in run.decisions):
            return NOTHING_MADE
        if setting_problems(settings, parse_payee(self.payee)):
            return NOTHING_MADE  # the run has said so, and nothing leaves on paper either
        desks, told = self._protected(desks_of(run), settings)
        materials = materials_for(run)
        with self.press(settings) as press:
            made = write_all(documents_of_run(desks, materials), self.folder, press)
        return replace(made, failed=[*told, *made.failed, *to_check(desks, materials)])

    def asked(self, request: Request, run: Run) -> tuple[Made, Sequence[Path]]:
        """Write what a person asked for; also says where each document is, new or not."""
        settings = run.gathered.rules.settings
        self.refuse_other_account(settings)
        desks, told = self._protected(desks_of(run), settings, request.customer)
        if told:
            raise UsageError(told[0])
        documents = documents_for(request, desks, materials_for(run))
        with self.press(settings) as press:
            made = write_all(documents, self.folder, press)
        return made, [self.folder / one.name for one in documents]

    def dossier(self, order: Order, run: Run, folder: Path) -> tuple[Dossier, Path]:
        """The file of one customer, in its own folder under `folder`; returns it with the path of its zip."""
        settings = run.gathered.rules.settings
        self.refuse_other_account(settings)
        with self.press(settings) as press:
            made = build_dossier(order, materials_for(run), press)
        return made, write(made.files, folder / made.folder)

    def _protected(self, desks: Desks, settings: Settings, customer: str = "") -> tuple[Desks, list[str]]:
        """The texts that name no other account or link than the protected ones, and what is wrong with the others."""
        payee = parse_payee(self.payee)
        wrong = {
            one.key: text_problems([desks.texts[one.key].text], payee)
            for one in desks.decisions
            if one.channel in LETTERS and one.key in desks.texts and customer in ("", one.customer)
        }
        told = [f"{one.what(settings.language)} {one.fix(settings.language)}" for found in wrong.values() for one in found[:1]]
        kept = {key: text for key, text in desks.texts.items() if not wrong.get(key)}
        return replace(desks, texts=kept), told

    def refuse_other_account(self, settings: Settings) -> None:
        """A document asks to pay an account: it must be the one kept outside the sheet. Raises UsageError."""
        for problem in setting_problems(settings, parse_payee(self.payee)):
            raise UsageError(f"{problem.what(settings.language)} {problem.fix(settings.language)}")


def materials_for(run: Run) -> Materials:
    gathered = run.gathered
    return materials_of(gathered.ledger, gathered.rules, run.conclusion)


def desks_of(run: Run) -> Desks:
    return Desks(decisions=run.decisions, texts=run.desk.texts, scripts=run.desk.scripts)
