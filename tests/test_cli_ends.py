"""The command line where there is nothing to read, nobody to print to, or no time to begin."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import mlipviewer
from mlipviewer.cli import BAD_INPUT, CANCELLED
from mlipviewer.io.tables.metadata import metadata_path
from tests import made
from tests.test_cli import frames, status


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "pareto", "--table", ""], "no file is named"),
        (["run", "pareto", "--table", "x="], "no file is named"),
        (["run", "pareto", "--table", "."], "is a folder without YAML files"),
        (["run", "series", "--trajectory", ""], "no file is named"),
        (["info", ""], "no file is named"),
        (["convert", "", "o.csv"], "no file is named"),
        (["run", "diffraction", "--trajectory", "empty.extxyz"], "frame 1 has no atoms"),
        (["run", "path", "--trajectory", "empty.extxyz", "--atoms", "x > 0"], "for no atom"),
        (
            ["run", "structure", "--trajectory", "two.extxyz", "--scheduler", "nonsense"],
            "no scheduler answers at nonsense",
        ),
    ],
)
def test_that_nothing_where_a_file_is_named_is_told_in_a_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    head = 'Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3 pbc="T T T"'
    (tmp_path / "empty.extxyz").write_text(f"0\n{head}\n")
    (tmp_path / "two.extxyz").write_text(frames(2, 0.0))
    assert status(*words) == BAD_INPUT
    (line,) = capsys.readouterr().err.splitlines()
    assert sentence in line


def test_that_the_root_is_a_folder_without_a_name() -> None:
    assert metadata_path(Path("/")) == Path("/") / ".metrics.yaml"
    assert metadata_path(Path("a.csv")) == Path("a.metrics.yaml")


def test_that_a_path_of_a_frame_without_atoms_lacks_its_places(tmp_path: Path) -> None:
    head = 'Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3 pbc="T T T"'
    (tmp_path / "empty.extxyz").write_text(f"0\n{head}\n")
    found = mlipviewer.run("path", trajectory=tmp_path / "empty.extxyz", atoms=[1])
    assert (found.summary["n_missing"], found.summary["farthest"]) == (1, None)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_that_what_cannot_be_printed_is_one_line_or_nothing(tmp_path: Path) -> None:
    table = made.write_table(tmp_path / "errors.csv")

    def said(out: str, *words: object) -> tuple[int, str]:
        command = [sys.executable, "-m", "mlipviewer", *map(str, words)]
        line = f"{shlex.join(command)} {out}; exit ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", line], check=False, capture_output=True, text=True)
        return done.returncode, done.stderr

    assert said("| true", "list") == (BAD_INPUT, "")
    assert said("| true", "run", "ranks", "--table", table) == (BAD_INPUT, "")
    assert said("> /dev/full", "list") == (BAD_INPUT, "No space left on device\n")
    full = said("> /dev/full", "run", "ranks", "--table", table)
    assert full == (BAD_INPUT, "No space left on device\n")


@pytest.mark.parametrize("where", ["mlipviewer.session.settings.values", "mlipviewer.cli"])
def test_that_an_interrupt_while_it_begins_is_one_line(tmp_path: Path, where: str) -> None:
    code = (
        "import builtins, runpy, sys\n"
        "usual = builtins.__import__\n"
        "def interrupted(name, *rest, **more):\n"
        f"    if name == {where!r}:\n"
        "        raise KeyboardInterrupt\n"
        "    return usual(name, *rest, **more)\n"
        "builtins.__import__ = interrupted\n"
        "sys.argv = ['mlipviewer', 'list']\n"
        "runpy.run_module('mlipviewer.__main__', run_name='__main__')\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (CANCELLED, "cancelled\n")
