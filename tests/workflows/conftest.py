"""One clean clone for all, a mail server, GitHub's API; and the modules beside the tests, by their names."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from github_api import Api, github_api
from github_clone import clean_clone
from github_machine import Machine
from mail_sink import Sink, mail_sink


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_clone(tmp_path_factory.mktemp("github"))


@pytest.fixture
def api() -> Iterator[Api]:
    with github_api() as found:
        yield found


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_sink(Sink(users={"compta@example.org": "fjord-Lune-42"})) as found:
        yield found


@pytest.fixture
def machine(clone: Path, tmp_path: Path, api: Api, sink: Sink) -> Machine:
    """The environment `relance` of the company is filled; a step sees only the secrets it names."""
    temp = tmp_path / "runner"
    temp.mkdir()
    return Machine(
        clone=clone, temp=temp, api=api.url,
        secrets={
            "RELANCE_WORKBOOK": str(tmp_path / "book.xlsx"),
            "RELANCE_SMTP_URL": f"smtp://compta%40example.org:fjord-Lune-42@127.0.0.1:{sink.port}",
            "RELANCE_JOURNAL_KEY": "seal-of-the-journal",
            "RELANCE_SITE_KEY": "key-of-the-pages",
        },
    )  # fmt: skip
