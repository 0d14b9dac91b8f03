"""The whole story of a user, by the screen's pointer and keys alone, through a crash: the program
is a process of its own, and nothing in it is called."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlipviewer.io.movies import ffmpeg
from tests import made
from tests.story.outside import Outside

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed"),
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") != "xcb", reason="needs an X screen"),
]


@pytest.fixture
def user() -> Iterator[Outside]:
    one = Outside()
    yield one
    one.end()


def open_by_drop(user: Outside, folder: Path) -> None:
    errors = made.write_table(folder / "errors.csv", made.error_table(seed=9))
    run = made.write_extxyz(folder / "run.xyz", n_frames=12)
    user.drop([errors, run], user.place("drop_target"))
    user.is_now(table="errors.csv", run="run.xyz", working=False)
    user.until(lambda: user.ask("focused").startswith("QPushButton"))  # the tour of the first time
    user.keys("Escape")
    user.until(lambda: user.ask("tour") is False)


def filter_models(user: Outside) -> None:
    user.click(user.place("field", "filter models"))
    user.type("e0 < 0.9")
    user.keys("Return")
    user.is_now(condition="e0 < 0.9", working=False)


def lasso_the_front(user: Outside) -> list[int]:
    user.click(user.place("button", "Select", "pareto"))
    user.until(lambda: user.ask("dialog") == "menu")
    user.keys("Down", "Down", "Return")
    user.until(lambda: user.ask("dialog") == "")
    members = user.place("front")
    assert len(members) >= 2
    low = [(x - 7, y + 7) for _, (x, y) in members]
    high = [(x + 7, y - 7) for _, (x, y) in reversed(members)]
    user.drag([(low[0][0], high[-1][1]), *low, (high[0][0], low[-1][1]), *high])
    wanted = {member for member, _ in members}
    user.until(lambda: wanted <= set(user.state["models"]))
    return sorted(wanted)


def focus_model(user: Outside, row: int) -> None:
    user.click(user.place("row", row))
    user.is_now(focus=row, models=[row])


def play(user: Outside) -> None:
    user.click(user.place("button", "Play"))
    user.until(lambda: user.state["frame"] >= 2)
    user.click(user.place("button", "Play"))
    user.is_now(playing=False)


def lasso_atoms(user: Outside) -> None:
    """Around all of them, in the 3D view, with the second of its tools."""
    user.show("atoms", "Atoms")
    middle = user.place("middle", "atoms")
    user.click((middle[0], user.place("corners", "atoms")[0][1]))  # the view has the keys
    user.keys("s", "s")
    around = user.place("corners", "atoms")
    user.drag([*around, around[0]])
    user.until(lambda: len(user.state["atoms"]) > 10)


def measure(user: Outside) -> None:
    (one, first), (other, second) = user.place("atoms", 2)
    user.keys("v")
    user.click(first)
    user.is_now(atoms=[one])
    user.click(second, key="ctrl")
    user.is_now(atoms=sorted([one, other]))
    user.keys("m")
    user.is_now(n_measurements=1)


def export(user: Outside, folder: Path) -> None:
    user.click(user.place("middle", "pareto"))
    user.keys("ctrl+e")
    user.until(lambda: user.ask("dialog") not in ("", "Export figure.svg"))
    user.keys("Return")
    user.fill_dialog("Export figure", folder / "front.svg")
    user.until((folder / "front.svg").exists)
    assert "<svg" in (folder / "front.svg").read_text()
    name = "run.mp4" if ffmpeg() else "run"
    user.command("Export movie")
    user.click(user.place("button", "Export ..."))
    user.fill_dialog("Export movie" if ffmpeg() else "Folder for the pictures", folder / name)
    user.until((folder / name).exists)
    user.until(lambda: name in user.state["notice"])


def save(user: Outside, folder: Path) -> None:
    user.keys("ctrl+s")
    user.fill_dialog("Save session", folder / "work.mlipview")
    user.is_now(file=str(folder / "work.mlipview"))


def undo_all(user: Outside) -> None:
    while steps := user.state["n_steps"]:
        user.keys("ctrl+z")
        user.until(lambda steps=steps: user.state["n_steps"] < steps)


def test_that_the_work_of_a_user_survives_a_crash_and_is_undone(
    user: Outside, tmp_path: Path
) -> None:
    user.start()
    open_by_drop(user, tmp_path)
    filter_models(user)
    lasso_the_front(user)
    focus_model(user, 9)
    play(user)
    lasso_atoms(user)
    measure(user)
    export(user, tmp_path)
    save(user, tmp_path)
    focus_model(user, 12)  # what was saved is not the last that was done
    user.until(lambda: user.state["kept"])
    user.until(lambda: user.ask("recovered") is True)
    before = user.settled()
    user.kill()

    user.start()
    user.click(user.place("button", "Restore"))
    user.is_now(table="errors.csv", run="run.xyz", working=False)
    after = user.settled()
    same = ("condition", "models", "atoms", "focus", "frame", "n_measurements", "n_steps")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    undo_all(user)
    now = user.settled()
    assert (now["n_inputs"], now["condition"], now["atoms"], now["n_measurements"]) == (
        0,
        "",
        [],
        0,
    )
    user.kill()
