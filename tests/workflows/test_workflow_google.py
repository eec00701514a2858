"""A company's first days on a Google Sheet: prepared, filled, run, with a key and without one."""

import json
from collections.abc import Iterator

import pytest
from github_clone import here_at, open_country
from github_machine import Machine
from mail_sink import Sink
from sheets_emulator import ROBOT, Emulator
from test_workflow_runs import assert_discreet

from sync.dunning.settings import find_setting

# The mail server of the tests takes a password without TLS, on loopback.
pytestmark = [pytest.mark.filterwarnings("ignore:Requiring AUTH"), pytest.mark.slow]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(running_clock=True) as found:
        yield found


@pytest.fixture
def file_id(machine: Machine, emulator: Emulator) -> str:
    """An empty spreadsheet, shared with the service account, its address in the company's secrets."""
    found = emulator.create("Relances", shared=[ROBOT], locale="fr_FR")
    machine.around["RELANCE_SHEETS_URL"] = emulator.url
    machine.secrets = {**machine.secrets, "RELANCE_WORKBOOK": f"https://docs.google.com/spreadsheets/d/{found}/edit#gid=0"}
    return found


def fill(emulator: Emulator, file_id: str) -> None:
    """What a person types after the guide's step 6."""
    zone, now = here_at(12)
    wanted = {
        "company": "Atelier Brumaire", "sender_email": "compta@example.org", "mode": "auto", "freshness_days": "",
        "time_zone": zone, "country": open_country(now.date()), "sending_days": "lun-dim",
    }  # fmt: skip
    people = emulator.people.on(file_id)
    for number, (name, *_) in enumerate(people.read("Réglages"), 1):
        setting = find_setting(str(name))
        if setting is not None and setting.name in wanted:
            people.type("Réglages", f"B{number}", wanted[setting.name])
    headings = {tab: people.read(tab)[0] for tab in ("Clients", "Factures")}
    rows = {
        "Clients": {"Client": "C2", "Nom": "Boulangerie Tournesol", "E-mail": "c2@example.org", "Nature": "entreprise"},
        "Factures": {
            "Facture": "F-2", "Client": "C2", "Date de facture": "02/01/2024", "Échéance": "02/02/2024", "Montant TTC": "1200",
        },
    }  # fmt: skip
    for tab, cells in rows.items():
        people.fill(tab, "A2", [[cells.get(str(heading), "") for heading in headings[tab]]])


@pytest.mark.parametrize("way", ["with a key", "without a key"])
def test_from_an_empty_sheet_to_the_first_message(
    machine: Machine, emulator: Emulator, file_id: str, sink: Sink, way: str
) -> None:
    if way == "with a key":
        machine.secrets = {**machine.secrets, "RELANCE_GOOGLE_CREDENTIALS": json.dumps(emulator.service_account())}
    else:
        machine.federation = emulator.external_account()
        machine.variables = {
            "RELANCE_GOOGLE_PROVIDER": "projects/1/locations/global/workloadIdentityPools/github/providers/github",
            "RELANCE_GOOGLE_ACCOUNT": ROBOT,
        }
    prepared = machine.run("prepare", "prepare")
    assert prepared.result == "success", prepared.log
    fill(emulator, file_id)
    drafted = machine.run("daily", "run")
    assert (drafted.result, sink.recipients()) == ("success", []), drafted.log
    sent = machine.run("sync", "sync")
    assert (sent.result, sink.recipients()) == ("success", ["c2@example.org"]), sent.log
    evening = machine.run("health", "health")
    assert evening.result == "success", evening.log
    assert (drafted.kept["relance-site"] / "index.html").is_file()
    jobs = (prepared, drafted, sent, evening)
    assert_discreet(*jobs)
    for job in jobs:
        assert file_id not in job.log + job.summary
        assert ROBOT not in job.log + job.summary


def test_a_sheet_that_is_no_longer_shared_is_told_with_the_address_to_share_it_with(
    machine: Machine, emulator: Emulator, file_id: str
) -> None:
    machine.secrets = {**machine.secrets, "RELANCE_GOOGLE_CREDENTIALS": json.dumps(emulator.service_account())}
    emulator.people.on(file_id).unshare(ROBOT)
    job = machine.run("daily", "run")
    assert (job.result, job.outputs["status"], job.kept) == ("failure", "3", {})
    assert "partag" in job.summary.lower()
    assert file_id not in job.log + job.summary
