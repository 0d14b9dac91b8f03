"""Files of another program, held over the window by the pointer of the screen: tiles, rows, red."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import made
from tests.story.outside import Outside, xdotool
from tests.story.test_whole_story import pytestmark as real_screen
from tests.story.test_whole_story import user

__all__ = ["user"]
pytestmark = [*real_screen, pytest.mark.timeout(200)]


def middle(user: Outside) -> list[int]:
    return list(user.place("middle", "atoms"))


def test_that_files_of_another_program_are_told_where_they_may_go(
    user: Outside, tmp_path: Path
) -> None:
    errors = made.write_table(tmp_path / "errors.csv", made.error_table(seed=9))
    user.start(errors, made.write_extxyz(tmp_path / "old.xyz", n_frames=4))
    user.is_now(table="errors.csv", run="old.xyz", working=False)
    user.keys("Escape")  # the tour
    new = made.write_dump(tmp_path / "new.dump", n_frames=3)
    with user.holding([new], middle(user)) as source:
        user.until(lambda: list(user.ask("held")["tiles"]) == ["Replace", "Add", "Compare"])
        user.hold(user.place("row", 3))
        user.until(lambda: "Link to m3" in user.ask("held")["words"])
        user.hold(user.ask("held")["tiles"]["Replace"])
        user.until(lambda: "Replace in place of old.xyz" in user.ask("held")["words"])
        xdotool("mouseup", 1)
        user.is_now(run="new.dump", n_inputs=2)
        assert source() == "taken"
    assert user.ask("held")["seen"] is False


def test_that_what_cannot_be_opened_is_refused_to_another_program(
    user: Outside, tmp_path: Path
) -> None:
    user.start(made.write_extxyz(tmp_path / "old.xyz", n_frames=4))
    user.is_now(run="old.xyz", working=False)
    user.keys("Escape")
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(400))
    with user.holding([film], middle(user)) as source:
        user.until(lambda: "Cannot be opened: film.mp4" in user.ask("held")["words"])
        user.hold(middle(user))
        n_jobs = user.state["n_jobs"]
        xdotool("mouseup", 1)
        assert source() == "refused"
    user.until(lambda: user.ask("held")["seen"] is False)
    assert user.state["n_jobs"] == n_jobs
