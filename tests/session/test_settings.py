"""Settings of the user: kept in a file, of use also where it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.io.files import RAISED_CAP
from mlipviewer.io.trajectories.compressed import cap_of
from mlipviewer.session.settings import (
    LEAST_MB,
    MB,
    MOST_MB,
    Settings,
    heed_settings_at_start,
    heed_unpack_limit,
    load_settings,
    ram_bytes,
    save_settings,
    settings_path,
)


def test_that_settings_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.json"
    assert load_settings(path) == Settings()
    save_settings(Settings(700), path)
    assert load_settings(path) == Settings(700)
    assert load_settings(path).frame_bytes == 700 * MB
    own = Settings(0, 0, (("ours", '{"F": 2}', "F: 0.1 .. 0.5"), ("é", "", "")))
    save_settings(own, path)
    assert load_settings(path) == own


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"frame_memory_mb": "much"}',
        "{}",
        "\ud7ff",
        '{"frame_memory_mb": 0, "scores": [1]}',
    ],
)
def test_that_a_damaged_file_gives_the_usual_ones(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, "utf-8")
    assert load_settings(path) == Settings()


def test_that_unset_memory_is_a_share_of_the_computers() -> None:
    assert ram_bytes() > 256 * MB
    assert LEAST_MB * MB <= Settings().frame_bytes <= min(MOST_MB * MB, ram_bytes())


def test_that_settings_lie_in_the_users_own_place() -> None:
    assert settings_path().name == "settings.json"


def test_that_the_cap_of_compressed_files_is_heeded_unless_the_environment_says_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlipviewer.session.settings.settings_path", lambda: tmp_path / "s.json")
    monkeypatch.setenv(RAISED_CAP, "1")  # put back afterwards
    monkeypatch.delenv(RAISED_CAP)
    usual = cap_of(1000, "gz")
    save_settings(Settings(0, 20))
    heed_settings_at_start()
    assert cap_of(1000, "gz") == 20 << 30
    monkeypatch.setenv(RAISED_CAP, "7")
    heed_settings_at_start()
    assert cap_of(1000, "gz") == 7 << 30
    heed_unpack_limit(Settings())
    assert cap_of(1000, "gz") == usual
    (tmp_path / "s.json").write_text('{"frame_memory_mb": 300}')  # of an earlier version
    assert load_settings() == Settings(300)
