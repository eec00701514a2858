"""The notice of a failed run: one issue in the company's repository, in words for people who never see a terminal.

Run as `python3 -m sync.notice` with nothing installed and no secret: what it speaks of may be a broken installation.
GitHub sends an issue by e-mail to those who follow the repository. It holds no name, no address and no figure.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sync.ledger.words import Language
from sync.letters.typography import set_type

AGAIN_AFTER = timedelta(hours=20)  # an hourly run that keeps failing is said once a day
_PATIENCE_S = 20


class Notice(NamedTuple):
    title: str
    body: str


class _Words(NamedTuple):
    title: str
    happened: str
    harm: str
    todo: Sequence[str]


_UNTOUCHED = (
    "Nothing was sent twice and nothing is lost: what had to leave waits for the next good run.",
    "Rien n'est parti deux fois et rien n'est perdu\u00a0: ce qui devait partir attend le prochain passage réussi.",
)
_AGAIN = (
    "Run it again: tab “Actions”, “Relance” on the left, button “Run workflow”.",
    "Relancez\u00a0: onglet «\u00a0Actions\u00a0», «\u00a0Relance\u00a0» à gauche, bouton «\u00a0Run workflow\u00a0».",
)

# Exit status of the command ("" = it was not reached) -> English, French.
_WORDS: Mapping[str, tuple[_Words, _Words]] = {
    "": (
        _Words(
            "Relance could not start",
            "The run stopped before it opened your sheet: the machine, the network, an installation, or the sign-in to Google.",
            _UNTOUCHED[0],
            [
                "Wait for the next run: most of these failures pass by themselves.",
                "If the step “Google, without a key” is the red one, compare the two variables `RELANCE_GOOGLE_PROVIDER` and `RELANCE_GOOGLE_ACCOUNT` with the set-up guide.",
                "If it fails again tomorrow, show the page of the run to whoever set Relance up.",
            ],
        ),
        _Words(
            "Relance n'a pas pu démarrer",
            "Le passage s'est arrêté avant d'ouvrir votre feuille\u00a0: machine, réseau, installation, ou connexion à Google.",
            _UNTOUCHED[1],
            [
                "Attendez le prochain passage\u00a0: la plupart de ces pannes passent toutes seules.",
                "Si l'étape en rouge est «\u00a0Google, without a key\u00a0», comparez les deux variables `RELANCE_GOOGLE_PROVIDER` et `RELANCE_GOOGLE_ACCOUNT` avec le guide d'installation.",
                "Si cela recommence demain, montrez la page du passage à la personne qui a installé Relance.",
            ],
        ),
    ),
    "1": (
        _Words(
            "Relance has not run well for a business day",
            "A whole business day went by without a run that ended well. No reminder leaves while this lasts.",
            _UNTOUCHED[0],
            [
                "Tab “Actions”: is there a red run? Open it; the first lines say what to mend.",
                "No run at all since yesterday? GitHub may have suspended the schedule: a yellow band offers “Enable workflow”.",
                _AGAIN[0],
            ],
        ),
        _Words(
            "Relance ne tourne plus depuis un jour ouvré",
            "Un jour ouvré entier s'est écoulé sans passage réussi. Aucune relance ne part tant que cela dure.",
            _UNTOUCHED[1],
            [
                "Onglet «\u00a0Actions\u00a0»\u00a0: y a-t-il un passage en rouge\u202f? Ouvrez-le\u202f; les premières lignes disent quoi corriger.",
                "Aucun passage depuis hier\u202f? GitHub a pu suspendre l'horaire\u00a0: un bandeau jaune propose «\u00a0Enable workflow\u00a0».",
                _AGAIN[1],
            ],
        ),
    ),
    "2": (
        _Words(
            "Relance waits for a setting: nothing was sent",
            "A setting, a cadence or a secret cannot be used. Rather than guess, Relance sent nothing.",
            _UNTOUCHED[0],
            [
                "Open the page of the run below: one sentence says which setting, and what to write.",
                "In the sheet, look at the tab “Problems”: settings come first.",
                _AGAIN[0],
            ],
        ),
        _Words(
            "Relance attend un réglage\u00a0: rien n'est parti",
            "Un réglage, un scénario ou un secret est inutilisable. Plutôt que de deviner, Relance n'a rien envoyé.",
            _UNTOUCHED[1],
            [
                "Ouvrez la page du passage ci-dessous\u00a0: une phrase dit quel réglage, et quoi écrire.",
                "Dans la feuille, voyez l'onglet «\u00a0À corriger\u00a0»\u00a0: les réglages sont en tête.",
                _AGAIN[1],
            ],
        ),
    ),
    "3": (
        _Words(
            "Relance could not read or write the sheet",
            "The sheet did not answer, is no longer shared with Relance, or another run holds it.",
            _UNTOUCHED[0],
            [
                "Open the page of the run below: one sentence says which of these it is.",
                "Still shared? In the sheet, button “Share”: the address of Relance's account must be there, as editor.",
                "The next run tries again by itself.",
            ],
        ),
        _Words(
            "Relance n'a pas pu lire ou écrire la feuille",
            "La feuille n'a pas répondu, n'est plus partagée avec Relance, ou un autre passage l'occupe.",
            _UNTOUCHED[1],
            [
                "Ouvrez la page du passage ci-dessous\u00a0: une phrase dit de quoi il s'agit.",
                "Toujours partagée\u202f? Dans la feuille, bouton «\u00a0Partager\u00a0»\u00a0: l'adresse du compte de Relance doit y figurer, en éditeur.",
                "Le prochain passage essaiera de nouveau tout seul.",
            ],
        ),
    ),
    "4": (
        _Words(
            "Relance: some messages did not leave",
            "The sheet and the figures are up to date, but the mail server refused messages, or the line broke during a sending.",
            "A message whose fate is not known is never sent again by itself: you decide.",
            [
                "In the sheet, tab “Today”: each doubtful message asks you whether it left (look in your mailbox's “Sent”).",
                "Tab “Journal”: the column “Note” of a failed message says why the server refused it.",
                "All refused? The mailbox's password or its daily limit: ask whoever manages your mail.",
            ],
        ),
        _Words(
            "Relance\u00a0: des messages ne sont pas partis",
            "La feuille et les chiffres sont à jour, mais la messagerie a refusé des messages, ou la ligne a coupé pendant un envoi.",
            "Un message au sort incertain n'est jamais renvoyé tout seul\u00a0: c'est vous qui décidez.",
            [
                "Dans la feuille, onglet «\u00a0À faire\u00a0»\u00a0: chaque message douteux vous demande s'il est parti (regardez vos «\u00a0Envoyés\u00a0»).",
                "Onglet «\u00a0Journal\u00a0»\u00a0: la colonne «\u00a0Note\u00a0» d'un message en échec dit pourquoi le serveur l'a refusé.",
                "Tous refusés\u202f? Le mot de passe de la boîte, ou sa limite du jour\u00a0: demandez à la personne qui gère votre messagerie.",
            ],
        ),
    ),
}  # fmt: skip

_FRAME: tuple[Mapping[str, str], Mapping[str, str]] = (
    {"happened": "What happened", "todo": "What to do", "run": "The page of the run", "close": "Once it is mended, close this issue."},
    {"happened": "Ce qui s'est passé", "todo": "Que faire", "run": "La page du passage", "close": "Une fois réglé, fermez ce ticket («\u00a0Close issue\u00a0»)."},
)  # fmt: skip


def notice(status: str, language: Language, run_url: str) -> Notice:
    """What to tell. An exit status that nobody foresaw reads as a run that could not start."""
    words, frame = _WORDS.get(status, _WORDS[""])[language == "fr"], _FRAME[language == "fr"]
    steps = "\n".join(f"{number}. {one}" for number, one in enumerate(words.todo, 1))
    body = (
        f"**{frame['happened']}.** {words.happened}\n\n{words.harm}\n\n**{frame['todo']}**\n\n{steps}\n\n"
        f"{frame['run']}\u00a0: {run_url}\n\n{frame['close']}\n\n"
    )
    if language != "fr":
        body = body.replace(f"{frame['run']}\u00a0: ", f"{frame['run']}: ")
    return Notice(set_type(words.title, language), f"{set_type(body, language)}{_mark(status)}\n")


def _mark(status: str) -> str:
    """Invisible on the page; finds the open issue of the same failure."""
    return f"<!-- relance-notice {status if status in _WORDS and status else 'start'} -->"


class Repository:
    """The issues of one repository, through GitHub's API."""

    def __init__(self, api: str, name: str, token: str) -> None:
        parts = urlsplit(api)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise ValueError("GITHUB_API_URL")
        self._issues, self._token = f"{api}/repos/{name}/issues", token

    def tell(self, told: Notice, now: datetime) -> str:
        """Open an issue, or add to the one still open when it was last said long ago. Returns its page, "" when said already."""
        mark = told.body.rstrip().rpartition("\n")[2]
        for issue in self._call("GET", "?state=open&per_page=100"):
            if mark in (issue.get("body") or ""):
                if now - datetime.fromisoformat(issue["updated_at"]) < AGAIN_AFTER:
                    return ""
                self._call("POST", f"/{issue['number']}/comments", {"body": told.body})
                return str(issue["html_url"])
        return str(self._call("POST", "", {"title": told.title, "body": told.body})["html_url"])

    def _call(self, method: str, path: str, content: Mapping[str, str] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self._issues}{path}",
            method=method,
            data=None if content is None else json.dumps(content).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Accept": "application/vnd.github+json"},
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:
            return json.load(answer)


def main(environment: Mapping[str, str], now: datetime) -> int:
    """Tell people. A notice that cannot be filed is on the run's page in any case."""
    language: Language = "en" if environment.get("LANG", "fr").lower().startswith("en") else "fr"
    name = environment.get("GITHUB_REPOSITORY", "")
    run_url = f"{environment.get('GITHUB_SERVER_URL', '')}/{name}/actions/runs/{environment.get('GITHUB_RUN_ID', '')}"
    told = notice(environment.get("RELANCE_STATUS", ""), language, run_url)
    if environment.get("GITHUB_STEP_SUMMARY"):
        with Path(environment["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as page:
            page.write(f"## {told.title}\n\n{told.body}\n")
    print(told.title)
    try:
        page_url = Repository(environment.get("GITHUB_API_URL", ""), name, environment.get("GITHUB_TOKEN", "")).tell(told, now)
    except (OSError, ValueError, KeyError, urllib.error.URLError) as error:
        print(f"::warning title=Relance::{type(error).__name__}")
        return 0
    print(page_url)
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ, datetime.now(UTC)))
