"""The Google path without an account: `make demo-google`.

The real commands (`relance init`, `sync`, `report`) run on an emulated spreadsheet over HTTP on this machine, with the demo
portfolio, while a person sorts, renames and types, and while the network fails. Nothing leaves the machine.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parent))

from carriers import google  # found once tests/ is on the path
from sheets_emulator import ROBOT, Emulator

from sync.demo.book import demo_contents, demo_day
from sync.dunning.settings import find_setting

FOLDER = Path("build/demo-google")


class Demo:
    """One spreadsheet, the commands that run on it, and what they cost."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator, self.folder = emulator, folder
        self.id = emulator.create("Atelier", shared=[ROBOT], locale="fr_FR")
        self.address = f"https://docs.google.com/spreadsheets/d/{self.id}/edit"
        key = folder / "robot.json"
        key.write_text(json.dumps(emulator.service_account()), encoding="utf-8")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("RELANCE_", "GITHUB_", "CI"))},
            "GOOGLE_APPLICATION_CREDENTIALS": str(key),
            "RELANCE_SHEETS_URL": emulator.url,
            "RELANCE_DOCUMENTS": str(folder / "documents"),
            "LANG": os.environ.get("LANG", "fr"),
        }

    def relance(self, *arguments: str) -> None:
        """A command as anyone would type it; its own words, then what it asked of Google."""
        shown = " ".join("ADRESSE" if one == self.address else one for one in arguments)
        print(f"\n$ relance {shown}")
        before, start = len(self.emulator.log), time.monotonic()
        command = [sys.executable, "-c", "from sync.cli import main; main()", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        print("".join(f"  {line}\n" for line in (done.stdout + done.stderr).splitlines()), end="")
        lines = [line for line in self.emulator.log[before:] if line.method.startswith("sheets.")]
        kinds = Counter(line.method.removeprefix("sheets.spreadsheets.") for line in lines)
        size = sum(line.sent + line.received for line in lines) / 1000
        told = ", ".join(f"{name} {count}" for name, count in kinds.items())
        print(
            f"  → {len(lines)} appels à l’API ({told}), {size:.0f} ko, {time.monotonic() - start:.1f} s, statut {done.returncode}"
        )

    def save(self) -> Path:
        """What people would see, as a file to open."""
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        people = self.emulator.people.on(self.id)
        for sheet in people.spreadsheet.sheets:
            if not sheet.is_hidden:
                target = book.create_sheet(sheet.title)
                for row in people.read(sheet.title):
                    target.append([str(cell) if str(cell).startswith("=") else cell for cell in row])
                target.freeze_panes = "A2"
        path = self.folder / "feuille.xlsx"
        book.save(path)
        return path


def _typed(row: Mapping[str, object]) -> object:
    """What a person types beside a setting; the demo sends at any hour, whenever it is run."""
    setting = find_setting(str(row["setting"]))
    name = setting.name if setting is not None else ""
    value = {"sending_days": "lun-dim", "sending_from": "00:00", "sending_to": "23:59"}.get(name, row.get("value"))
    return "" if value is None else value


def _meanwhile(demo: Demo) -> dict[str, Callable[[], object]]:
    people = demo.emulator.people.on(demo.id)
    return {
        "trier les factures par montant, pendant l’écriture": lambda: people.sort("Factures", "E", descending=True),
        "renommer l’onglet Factures": lambda: people.rename_tab("Factures", "Factures 2026"),
        "insérer une colonne à gauche de Statut": lambda: people.insert_columns("Factures", "I"),
    }


def main() -> None:
    """Run the story; prints where to look."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    day = demo_day(datetime.now(UTC).date())
    with Emulator(running_clock=True) as emulator:
        demo = Demo(emulator, FOLDER)
        print(f"Une feuille Google émulée écoute sur {emulator.url} ; rien ne sort de cette machine.")
        demo.relance("init", demo.address, "--language", "fr")
        starting, rows = demo_contents("fr", day)
        book = google(emulator, demo.id)
        people = emulator.people.on(demo.id)
        people.fill("Réglages", "B2", [[_typed(row)] for row in starting["settings"]])
        book.write(rows)
        print(f"\nUne personne colle {sum(len(one.rows) for one in rows.appends)} lignes dans la feuille.")
        demo.relance("sync", demo.address, "--outbox", str(FOLDER / "boite-d-envoi"))
        edits = _meanwhile(demo)
        print("\nPendant le passage suivant, une personne va : " + " ; ".join(edits) + ".")
        print("Et le réseau va : refuser deux fois (503), perdre une réponse après l’avoir exécutée.")
        first, second, third = edits.values()
        emulator.between(2, second)
        emulator.between(3, third)
        people.type("Factures", "V3", "vu avec la cliente")
        people.clear("Factures", "AC2:AC60")  # our own cells, so that there is something to write
        emulator.before("values.batchUpdate", first)
        emulator.faults.once(503, "batchGet", times=2)
        emulator.faults.once("commit_then_drop", "values.batchUpdate")
        demo.relance("sync", demo.address, "--outbox", str(FOLDER / "boite-d-envoi"))
        demo.relance("sync", demo.address, "--outbox", str(FOLDER / "boite-d-envoi"))
        demo.relance("report", demo.address, "--site", str(FOLDER / "site"))
        path = demo.save()
    (FOLDER / "robot.json").unlink()
    print(
        f"\nLa feuille :         {path}\nLes messages partis : {FOLDER / 'boite-d-envoi'}\nLe site :            {FOLDER / 'site' / 'index.html'}"
    )


if __name__ == "__main__":
    main()
