"""What every test gets: a data directory of its own, and none of the settings of the test before."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnercheck import console


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory; no test reads or writes the real one."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PARTNERCHECK_HOME", str(home))
    monkeypatch.delenv("PARTNERCHECK_PLAIN", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    for name, value in vars(console.Settings()).items():
        monkeypatch.setattr(console.settings, name, value)
    return home
