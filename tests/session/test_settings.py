"""Settings of the user: declared once, kept key by key, of use also where the file is damaged."""

from __future__ import annotations

import threading
import tomllib
from pathlib import Path

import pytest

from mlipviewer.io.files import RAISED_CAP
from mlipviewer.io.trajectories.compressed import cap_of
from mlipviewer.session.settings.listing import PAGES, SETTINGS, matching, setting
from mlipviewer.session.settings.settings_file import write_changes
from mlipviewer.session.settings.values import (
    LEAST_MB,
    MB,
    MOST_MB,
    Settings,
    heed_settings_at_start,
    heed_unpack_limit,
    load_settings,
    ram_bytes,
    read_settings,
    save_settings,
    settings_path,
)

MEMORY = Settings({"memory.frames": 700})


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: one.name)
def test_that_a_declared_setting_is_whole(one: object) -> None:
    found = setting(one.name)  # type: ignore[attr-defined]
    assert found.taken(found.default) == found.default
    assert found.page in ("", *PAGES)
    assert found.title[0].isupper()
    assert not found.choices or found.default in found.choices
    if isinstance(found.default, int | float) and not isinstance(found.default, bool):
        assert found.low <= found.default <= found.high > found.low
    for wrong in (None, [], "?" if found.choices else 1j, object()):
        with pytest.raises(ValueError, match=found.name):
            found.taken(wrong)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("memory", {"memory.frames"}),
        ("theme contrast", {"appearance.theme"}),
        ("Mouse wheel", {"mouse.reversed", "mouse.speed"}),
        ("nothing like that", set()),
    ],
)
def test_that_settings_are_found_by_words(words: str, names: set[str]) -> None:
    assert {one.name for one in matching(words)} == names


def test_that_settings_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    assert load_settings(path) == Settings()
    save_settings(MEMORY, path)
    assert load_settings(path) == MEMORY
    assert load_settings(path).frame_bytes == 700 * MB
    own = Settings(
        {"appearance.theme": "dark", "mouse.speed": 2.5, "files.native": False},
        {"atoms.hide": ("Ctrl+H",), "atoms.show": ()},
        (("ours", '{"F": 2}', "F: 0.1 .. 0.5"), ("é", "", "")),
    )
    save_settings(own, path)
    assert load_settings(path) == own
    save_settings(Settings(), path)
    assert load_settings(path) == Settings()


def test_that_what_is_usual_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    save_settings(Settings().with_value("general.recent", 15).with_value("mouse.speed", 2.0), path)
    assert tomllib.loads(path.read_text("utf-8")) == {"mouse": {"speed": 2.0}}


def test_that_comments_and_what_is_not_known_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    text = '# mine\n[later]\nthing = 3 # keep\n[memory]\nframes = 64\nmore = "?"\n'
    path.write_text(text, "utf-8")
    save_settings(load_settings(path).with_value("memory.frames", 128), path)
    assert path.read_text("utf-8") == text.replace("64", "128")


def test_that_two_programs_keep_both_changes(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    begun = load_settings(path)
    one, other = begun.with_value("mouse.speed", 2.0), begun.with_value("general.recent", 3)
    save_settings(one, path, old=begun)
    save_settings(other, path, old=begun)  # has not heard of the first
    assert load_settings(path).values == {"mouse.speed": 2.0, "general.recent": 3}


def test_that_settings_kept_elsewhere_by_a_link_stay_there(tmp_path: Path) -> None:
    own, link = tmp_path / "dotfiles.toml", tmp_path / "settings.toml"
    own.write_text("# mine\n")
    link.symlink_to(own.name)
    write_changes(link, {("memory", "frames"): 700})
    assert link.is_symlink()
    assert own.read_text().startswith("# mine\n")
    assert "frames = 700" in own.read_text()


def test_that_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    keys = [f"key{i}" for i in range(12)]
    writers = [
        threading.Thread(target=write_changes, args=(path, {("later", key): key})) for key in keys
    ]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert tomllib.loads(path.read_text("utf-8"))["later"] == {key: key for key in keys}
    assert [one.name for one in tmp_path.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("text", ["[memory", "a = ", '"\x00"', "\ud7ff\udcff = 3"])
def test_that_a_damaged_file_is_told_of_used_no_more_and_never_lost(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    settings, problem = read_settings(path)
    assert settings == Settings()
    assert problem.startswith("settings.toml is damaged, the usual settings are used: ")
    before = path.read_bytes()
    save_settings(MEMORY, path, old=settings)
    assert load_settings(path) == MEMORY
    assert (tmp_path / "settings.damaged-1.toml").read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        'memory.frames = "much"',
        "memory.frames = -1",
        "memory.frames = true",
        "appearance.theme = 'pink'",
        "appearance.scale = 1000",
        "mouse.speed = 'fast'",
    ],
)
def test_that_a_value_that_cannot_be_is_usual_and_told_of(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"{text}\ngeneral.recent = 7\n", "utf-8")
    settings, problem = read_settings(path)
    assert settings == Settings({"general.recent": 7})
    assert text.partition(" ")[0] in problem


def test_that_odd_tables_of_keys_and_scores_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[shortcuts]\na = 3\nb = ["X"]\n[scores]\nc = ["one"]\n', "utf-8")
    assert load_settings(path) == Settings(keys={"b": ("X",)})


def test_that_unset_memory_is_a_share_of_the_computers() -> None:
    assert ram_bytes() > 256 * MB
    assert LEAST_MB * MB <= Settings().frame_bytes <= min(MOST_MB * MB, ram_bytes())
    assert Settings({"memory.frames": 3}).frame_bytes == 16 * MB


def test_that_settings_lie_in_the_users_own_place() -> None:
    assert settings_path().name == "settings.toml"


def test_that_the_cap_of_compressed_files_is_heeded_unless_the_environment_says_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "mlipviewer.session.settings.values.settings_path", lambda: tmp_path / "s.toml"
    )
    monkeypatch.setenv(RAISED_CAP, "1")  # put back afterwards
    monkeypatch.delenv(RAISED_CAP)
    usual = cap_of(1000, "gz")
    save_settings(Settings({"files.unpack": 20}))
    heed_settings_at_start()
    assert cap_of(1000, "gz") == 20 << 30
    monkeypatch.setenv(RAISED_CAP, "7")
    heed_settings_at_start()
    assert cap_of(1000, "gz") == 7 << 30
    heed_unpack_limit(Settings())
    assert cap_of(1000, "gz") == usual


def test_that_the_lock_of_another_program_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlipviewer.io.alone.WAIT_S", 0.1)
    path, lock = tmp_path / "s.toml", tmp_path / "s.toml.lock"
    lock.touch()
    write_changes(path, {("later", "key"): 1})
    assert lock.exists()  # it was not ours to take away
    lock.unlink()
    write_changes(path, {("later", "key"): 2})
    assert tomllib.loads(path.read_text("utf-8")) == {"later": {"key": 2}}
    assert not lock.exists()
