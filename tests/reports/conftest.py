"""One internal and one public site of the demo for all tests that look at them."""

from pathlib import Path

import pytest
from site_shop import build, demo_tabs, known


@pytest.fixture(scope="session")
def internal_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(known(demo_tabs()), tmp_path_factory.mktemp("internal") / "site")


@pytest.fixture(scope="session")
def public_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(known(demo_tabs()), tmp_path_factory.mktemp("public") / "site", "public")
