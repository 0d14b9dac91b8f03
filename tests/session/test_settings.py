"""Settings of the user: kept in a file, of use also where it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.session.settings import (
    LEAST_MB,
    MB,
    MOST_MB,
    Settings,
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


@pytest.mark.parametrize("text", ["", "[]", '{"frame_memory_mb": "much"}', "{}", "\ud7ff"])
def test_that_a_damaged_file_gives_the_usual_ones(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, "utf-8")
    assert load_settings(path) == Settings()


def test_that_unset_memory_is_a_share_of_the_computers() -> None:
    assert ram_bytes() > 256 * MB
    assert LEAST_MB * MB <= Settings().frame_bytes <= min(MOST_MB * MB, ram_bytes())


def test_that_settings_lie_in_the_users_own_place() -> None:
    assert settings_path().name == "settings.json"
