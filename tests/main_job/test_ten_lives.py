"""Ten customers, each followed for months by the scheduled job, with the people who answer Today, on both carriers."""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from google_desk import GoogleDesk
from letters.paper import read
from life import Life
from sheets_emulator import Emulator


@pytest.fixture(autouse=True)
def _outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "RELANCE_OUTBOX", "RELANCE_SMTP_URL", "RELANCE_JOURNAL_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running
        assert running.service.mismatches == []


@pytest.fixture(params=["excel", "google"])
def new_life(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _outside_ci: None
) -> Callable[..., Life]:
    """A life on a new workbook; settings by name."""
    if request.param == "excel":
        return lambda **settings: Life(tmp_path, **settings)
    desk = GoogleDesk(request.getfixturevalue("emulator"), monkeypatch)
    return lambda **settings: Life(tmp_path, desk=desk, **settings)


def read_dossier(life: Life, day: str) -> dict[str, str]:
    """The file for a professional made that day, opened: the text of each exhibit, by a plain piece of its name."""
    folder = life.path.parent / "remis"
    life.about("dossier", "C1", "--as-of", day, "--folder", str(folder), "--outbox", str(life.outbox))
    (path,) = folder.glob("*.zip")
    told: dict[str, str] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            plain_name = name.rpartition("/")[2].partition(".")[0]
            key = re.sub(r"^(Piece-)?\d+_", "", plain_name)
            told[key] = read(content) if name.endswith(".pdf") else content.decode("utf-8", "replace")
    return Named(told)


class Named(dict[str, str]):
    """A dictionary whose keys may be asked for by what they begin with."""

    def __missing__(self, start: str) -> str:
        return next(text for name, text in self.items() if name.startswith(start))


def weekdays(start: str, end: str) -> list[str]:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day.isoformat() for day in days if day.weekday() < 5]


def test_a_loyal_customer_slips_once_and_is_asked_softly(new_life):
    life = new_life().contact(name="Ateliers Vif")
    for month in range(9, 13):
        life.invoice(f"A-{month}", f"2025-{month:02}-15", 400, paid_on=date(2025, month, 14))
    life.invoice("F-7", "2026-03-31", 450)
    assert life.days(*weekdays("2026-03-27", "2026-04-10")) == {
        "2026-03-27": ["envoyé 1 : F-7"],  # a courtesy note, three business days before
        "2026-04-03": ["envoyé 2 : F-7"],  # the softer cadence waits three days
        "2026-04-10": ["à faire : à valider (F-7)"],  # a second e-mail, once a person has read it
    }
    assert life["contacts", "C1", "segment"] == "fiable"
    life.add("payments", paid_on=date(2026, 4, 13), invoice="F-7", amount=450).invoice("F-8", "2026-05-15", 300)
    assert life.days("2026-04-14", "2026-04-15", "2026-05-12") == {
        "2026-05-12": ["envoyé 1 : F-8"]
    }  # a new cycle starts at its note
    assert life["invoices", "F-7", "why"] == "Soldée le 13/04/2026."


def test_a_dispute_rests_until_it_is_settled_and_the_rest_goes_on(new_life):
    life = new_life().contact(name="Menuiserie Laborde").invoice("F-1", "2026-01-30", 1200)
    assert life.days("2026-02-02", "2026-02-06") == {"2026-02-02": ["envoyé 2 : F-1"], "2026-02-06": ["à faire : appel (F-1)"]}
    life.answers("appel", outcome="litige", note="porte rayée").invoice("F-2", "2026-02-20", 300)
    assert life.day("2026-02-09") == ["à faire : litige (F-1)"]
    assert "Responsable\u00a0: commerce, au plus tard le 22/02/2026." in life.task("litige")["what"]
    assert "ce que vous contestez" in life.task("litige")["script"]
    assert life.days("2026-02-16", "2026-02-20", "2026-02-23", "2026-03-02") == {
        "2026-02-23": ["envoyé 2 : F-2"],  # F-1 silences the courtesy note of F-2, not its reminder
        "2026-03-02": ["à faire : appel (F-2)"],
    }
    life.add("invoices", invoice="A-1", customer="C1", issued=date(2026, 3, 3), amount=-200, applies_to="F-1")
    life.types("invoices", "F-1", reason=None)
    assert life.day("2026-03-03") == ["à faire : recommandé (F-1, F-2)"]  # back at its own level: the call was made
    assert (life["invoices", "F-1", "open"], life["invoices", "F-2", "next_action"]) == (1000, "voir F-1")
    life.add("payments", paid_on=date(2026, 3, 6), customer="C1", invoice="F-1", amount=1000)
    life.add("payments", paid_on=date(2026, 3, 6), customer="C1", invoice="F-2", amount=300)
    assert life.days("2026-03-09", "2026-05-04") == {}


def test_hardship_becomes_a_plan_that_is_kept_and_earns_its_discount(new_life):
    life = new_life(discount_plan_kept=2).contact(name="Garage du Port", capacity=500).invoice("F-1", "2026-01-30", 1500)
    assert life.days("2026-02-02", "2026-02-06")["2026-02-06"] == ["à faire : appel (F-1)"]
    life.answers("appel", outcome="difficulté")
    assert life.day("2026-02-09") == ["à faire : échéancier à proposer (F-1)"]
    life.answers("échéancier à proposer", outcome="fait", note="2")
    assert life.days("2026-02-10", "2026-02-11") == {"2026-02-11": ["à faire : échéancier proposé (F-1)"]}
    plan = life.rows("plans")
    assert [(row["due"], row["amount"], row["discount"]) for row in plan] == [
        (date(2026, 2, 17), 500, None), (date(2026, 3, 17), 500, None), (date(2026, 4, 17), 470, 30),
    ]  # fmt: skip
    life.types_everywhere("plans", "agreed_on", date(2026, 2, 12)).types_everywhere("plans", "signed_on", date(2026, 2, 12))
    life.add("payments", paid_on=date(2026, 2, 17), invoice="F-1", amount=500)
    assert life.days("2026-02-12", "2026-02-18", "2026-03-12") == {"2026-03-12": ["à faire : à valider (F-1)"]}
    life.types("invoices", "F-1", send="oui")
    assert life.day("2026-03-12") == ["envoyé 1 : F-1"]
    assert "l’échéance 2 sur 3" in life.letters()[-1]
    for row in plan[1:]:
        life.add("payments", paid_on=row["due"], invoice="F-1", amount=row["amount"])
    assert life.day("2026-04-20") == ["à faire : remise à accorder (F-1)"]
    life.add("invoices", invoice="A-1", customer="C1", issued=date(2026, 4, 21), amount=-30, applies_to="F-1")
    assert life.day("2026-04-21") == []
    assert life["invoices", "F-1", "why"] == "Soldée le 21/04/2026."


def test_a_broken_plan_gives_everything_back_where_it_was(new_life):
    life = new_life().contact(name="Garage du Port").invoice("F-1", "2026-01-30", 900)
    assert life.day("2026-02-02") == ["envoyé 2 : F-1"]
    for due in (date(2026, 2, 27), date(2026, 3, 31), date(2026, 4, 30)):
        life.add("plans", plan="P-1", customer="C1", invoices="F-1", agreed_on=date(2026, 2, 6), due=due, amount=300, discount=10)
    life.add("payments", paid_on=date(2026, 2, 20), invoice="F-1", amount=300)
    assert life.days("2026-02-09", "2026-02-23", "2026-03-02", "2026-03-20") == {}
    assert life.days("2026-04-02", "2026-04-03", "2026-04-10", "2026-04-13") == {
        "2026-04-03": ["à faire : échéance de plan (F-1)"],  # two days of grace are over
        "2026-04-13": ["à faire : appel (F-1)", "à faire : échéancier rompu (F-1)"],  # broken on Saturday the 11th
    }
    assert "600,00\u00a0€ redeviennent exigibles, sans la remise" in life.task("échéancier rompu")["what"]
    assert [row["state"] for row in life.rows("plans")] == ["tenue", "rompue", "rompue"]
    life.answers("appel", outcome="fait")
    assert life.days("2026-04-14", "2026-04-15") == {"2026-04-15": ["à faire : recommandé (F-1)"]}


def test_a_serial_promiser_is_watched_and_asked_for_a_plan(new_life):
    life = new_life().contact(name="Bar des Amis").invoice("F-1", "2026-01-30", 800)
    life.days("2026-02-02", "2026-02-06")
    life.answers("appel", outcome="promesse", date=date(2026, 2, 13))
    assert (
        life.days("2026-02-09", "2026-02-13", "2026-02-15", "2026-02-16")["2026-02-16"][0] == "à faire : promesse non tenue (F-1)"
    )
    life.answers("promesse non tenue", outcome="promesse", date=date(2026, 2, 27))
    assert life.days("2026-02-17", "2026-02-20", "2026-02-27") == {}  # quiet while it stands
    assert life.days("2026-03-01", "2026-03-02") == {
        "2026-03-02": ["à faire : promesse non tenue (F-1)", "à faire : recommandé (F-1)"]
    }
    assert "Promesse nº\u00a02 non tenue" in life.task("promesse non tenue")["what"]
    assert life["contacts", "C1", "segment"] == "à surveiller"
    assert "Demandez un échéancier écrit" in life["contacts", "C1", "advice"]
    assert [row["cadence"] for row in life.rows("journal") if row["field"] == "segment"][-1] is None


def test_an_insolvency_stops_every_reminder_and_starts_the_clock_of_the_claim(new_life):
    life = new_life().contact(name="Éts Roche").invoice("F-1", "2026-01-30", 1500)
    assert life.days("2026-02-02", "2026-02-06")["2026-02-06"] == ["à faire : appel (F-1)"]
    life.types("contacts", "C1", insolvent_on=date(2026, 2, 9))
    assert life.day("2026-02-10") == ["à faire : créance à déclarer (F-1)"]
    assert "Déclarez 1\u202f500,00\u00a0€ (F-1) au plus tard le 09/04/2026" in life.task("créance à déclarer")["what"]
    life.answers("créance à déclarer", outcome="fait", note="déclarée le 11/02")
    assert life.days("2026-02-11", "2026-03-12", "2026-06-12", "2026-11-12") == {}
    figures = {one["invoice"]: one for one in life.plan("2026-11-12")["invoices"]}["F-1"]
    assert (figures["reason"], figures["interest"]) == ("insolvent", "4.49")  # nine days, to the eve of the judgment
    life.types("invoices", "F-1", status="perte", status_on=date(2026, 11, 13))
    assert life.day("2026-11-13") == ["à faire : TVA à récupérer (F-1)"]


def test_a_consumer_owes_no_fixed_sum_and_is_never_asked_once_time_barred(new_life):
    life = new_life().contact(name="Mme Lambert", kind="particulier", phone="06 00 00 00 00").invoice("F-1", "2026-01-30", 180)
    assert life.days("2026-01-23", "2026-02-02", "2026-02-06") == {
        "2026-01-23": ["envoyé 1 : F-1"], "2026-02-02": ["envoyé 2 : F-1"], "2026-02-06": ["à faire : appel (F-1)"],
    }  # fmt: skip
    assert "lun.–ven., 8\u00a0h–20\u00a0h, hors jours fériés, 2 fois au plus en 7\u00a0jours" in life.task("appel")["what"]
    assert "indemnité" not in "".join(life.letters()).casefold()

    def claim(day: str) -> tuple[str, str]:
        (one,) = life.plan(day)["invoices"]
        return one["interest"], one["compensation"]

    assert claim("2026-03-17") == ("0.00", "0.00")  # no interest before a formal notice
    life.add("today", customer="C1", invoices="F-1", kind="mise en demeure", outcome="fait", date=date(2026, 3, 18))
    life.day("2026-03-18")
    assert claim("2026-06-30")[1] == "0.00"
    assert claim("2026-06-30")[0] > "0.00"
    said = life.days("2027-07-01", "2027-10-01", "2027-12-01")
    assert all("à faire : prescription (F-1)" in lines for lines in said.values())
    assert len(said) == 3  # six months, three months, one month before 28 December 2027
    life.day("2027-12-29")
    assert life["invoices", "F-1", "why"].startswith("Cette créance sur un particulier est prescrite")
    assert life.sync("2028-02-01")["sent"] == []


def test_a_public_body_has_its_own_interest_and_its_own_delays(new_life):
    life = new_life().contact(name="Mairie de Valfleur", kind="public").invoice("F-1", "2026-01-30", 5000)
    assert life.days("2026-01-23", "2026-02-02", "2026-02-06") == {
        "2026-01-23": ["envoyé 1 : F-1"], "2026-02-02": ["envoyé 2 : F-1"], "2026-02-06": ["à faire : appel (F-1)"],
    }  # fmt: skip
    life.answers("appel", outcome="fait", note="service fait à valider")
    life.types("invoices", "F-1", reason="validation en cours", reason_on=date(2026, 2, 9))
    assert life.day("2026-02-09") == ["à faire : validation en cours (F-1)"]
    assert "Responsable\u00a0: commerce, au plus tard le 18/02/2026." in life.task("validation en cours")["what"]
    assert life.days("2026-02-16", "2026-02-18") == {}
    assert life.day("2026-02-19") == ["à faire : recommandé (F-1)", "à faire : point à faire (F-1)"]
    (figures,) = life.plan("2026-03-02")["invoices"]
    assert figures["interest"] == "43.10"  # 5 000 x (2.15 + 8) % x 31 / 365
    assert (figures["compensation"], figures["limitation"]) == ("40.00", "2029-12-31")
    life.add("payments", paid_on=date(2026, 3, 3), invoice="F-1", amount=5000)
    assert life.days("2026-03-03", "2026-04-03") == {}


def test_a_foreign_customer_reads_english_and_owes_pounds(new_life):
    life = new_life().contact(name="Harbour Lights Ltd", language="en", country="GB")
    life.invoice("G-1", "2026-01-30", 1250, currency="GBP").invoice("F-1", "2026-02-10", 300)
    assert life.days("2026-01-23", "2026-02-02", "2026-02-05", "2026-02-11") == {
        "2026-01-23": ["envoyé 1 : G-1"],
        "2026-02-02": ["envoyé 2 : G-1"],
        "2026-02-05": ["envoyé 1 : F-1"],  # another currency is another case: its own note, its own spacing
        "2026-02-11": ["envoyé 2 : F-1", "à faire : appel (G-1)"],
    }
    assert "£1,250.00" in life.letters()[0]
    assert "due on 30 January 2026" in life.letters()[1]
    assert "G-1" not in life.letters()[2]
    figures = {one["invoice"]: one for one in life.plan("2026-03-02")["invoices"]}
    pounds = figures["G-1"]
    assert (pounds["interest"], pounds["compensation"]) == (
        "12.47",
        "70.00",
    )  # 3.75 + 8 % of 1,250 over 31 days; a debt of 1,000 to 9,999.99
    assert pounds["limitation"] == "2030-12-28"  # the French five years end before the British six
    assert figures["F-1"]["compensation"] is None  # the British sums are in pounds
    life.add("payments", paid_on=date(2026, 3, 3), invoice="G-1", amount=1250, currency="GBP")
    life.add("payments", paid_on=date(2026, 3, 3), invoice="F-1", amount=300)
    assert life.days("2026-03-03", "2026-05-04") == {}


def test_bad_faith_takes_the_shorter_path_to_the_professional(new_life):
    life = new_life().contact(name="Chantiers Brun").invoice("F-1", "2026-01-30", 3000)
    assert life.days("2026-02-02", "2026-02-06")["2026-02-06"] == ["à faire : appel (F-1)"]
    life.answers("appel", outcome="fait", note="ne paiera pas, dit-il").types("invoices", "F-1", reason="mauvaise foi")
    assert life.days("2026-02-09", "2026-02-10") == {
        "2026-02-09": ["à faire : mauvaise foi (F-1)"],  # a person decides and gathers the proofs
        "2026-02-10": ["à faire : recommandé (F-1)"],  # the day after the call, six days before its usual day
    }
    life.answers("recommandé", outcome="fait")
    assert life.days("2026-02-11", "2026-02-12") == {"2026-02-12": ["à faire : appel (F-1)"]}
    life.answers("appel", outcome="fait")
    assert life.days("2026-02-13", "2026-02-17", "2026-02-18") == {
        "2026-02-18": ["à faire : mise en demeure (F-1)"]
    }  # spaced a week
    life.answers("mise en demeure", outcome="fait")
    assert life.days("2026-02-19", "2026-02-20") == {
        "2026-02-20": ["à faire : remise à un professionnel (F-1)"]
    }  # instead of 31 March
    life.answers("remise à un professionnel", outcome="fait").types(
        "invoices", "F-1", status="confiée", status_on=date(2026, 2, 23)
    )
    assert life.days("2026-02-23", "2026-03-31", "2026-06-30") == {}
    assert life["invoices", "F-1", "why"].startswith("Confiée à un professionnel")
    assert len(life.mails()) == 1  # everything after the first e-mail was done by people
    told = read_dossier(life, "2026-06-30")
    for exhibit in (
        "Relevé de compte",
        "Calcul des pénalités",
        "E-mail du 2 février 2026",
        "Preuves d'envoi",
        "Dates de prescription",
    ):
        assert exhibit in told["bordereau"], exhibit
    for sum_ in ("Principal 3 000,00 €", "Pénalités de retard 150,79 €", "Indemnités forfaitaires 40,00 €", "Total 3 190,79 €"):
        assert sum_ in told["bordereau"], sum_  # 3 000 x 12.15 % x 151 / 365
    assert "31/01/2026 30/06/2026 151 3 000,00 € 12,15 % 150,7932" in told["Calcul-des-penalites"]
    for act in (
        "E-mail – parti",
        "Appel – fait",
        "Recommandé – fait",
        "Mise en demeure – fait",
        "Remise à un professionnel – fait",
    ):
        assert act in told["Historique"], act
    assert "28/12/2030" in told["Dates-de-prescription"]
    assert "chaîne intacte" in told["Preuves-d-envoi"]
    assert "segment" not in told["Extrait-du-journal-exact"]  # what we think of somebody is not handed over
    assert "F-1" in told["E-mail-du-2-fevrier"]
