"""From paths as people type them to what the document holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.inputs import Kind
from mlipviewer.session.opening import (
    open_path,
    parse_slice,
    sniff_kind,
    split_slice,
)
from tests import made


@pytest.mark.parametrize(
    ("text", "path", "part"),
    [
        ("run.xyz", "run.xyz", ""),
        ("run.xyz@3", "run.xyz", "3"),
        ("run.xyz@-1", "run.xyz", "-1"),
        ("run.xyz@::10", "run.xyz", "::10"),
        ("run.xyz@2:8:3", "run.xyz", "2:8:3"),
        ("run@2.xyz", "run@2.xyz", ""),
        ("me@home/run.xyz", "me@home/run.xyz", ""),
        ("run@2.xyz@5:", "run@2.xyz", "5:"),
        ("run.xyz@1:2:3:4", "run.xyz@1:2:3:4", ""),
    ],
)
def test_that_a_slice_is_split_from_its_path(text: str, path: str, part: str) -> None:
    assert split_slice(text) == (path, part)


def test_that_an_existing_path_wins_over_a_slice(tmp_path: Path) -> None:
    path = made.write_extxyz(tmp_path / "run@2")
    assert split_slice(str(path)) == (str(path), "")
    opened = open_path(str(path))
    assert opened.input is not None
    assert (opened.input.path, opened.input.frames) == (str(path), "")


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("3", [3]),
        ("-1", [7]),
        ("-3", [5]),
        ("2:4", [2, 3]),
        ("::3", [0, 3, 6]),
        ("-2:", [6, 7]),
        ("::-1", [7, 6, 5, 4, 3, 2, 1, 0]),
    ],
)
def test_that_slices_are_those_of_python(text: str, frames: list[int]) -> None:
    assert list(range(8)[parse_slice(text)]) == frames


def test_that_a_slice_of_a_trajectory_is_opened(tmp_path: Path) -> None:
    path = made.write_extxyz(tmp_path / "run.xyz")
    opened = open_path(f"{path}@1::2")
    assert isinstance(opened.thing, Trajectory)
    assert opened.thing.frames == range(1, 8, 2)
    assert opened.thing.frame(0).index == 1
    assert opened.input is not None
    assert (opened.input.name, opened.input.frames) == ("run.xyz", "1::2")


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("8", "no frame is left by @8 of 8"),
        ("5:5", "no frame is left by @5:5 of 8"),
        ("::0", "'::0' is no slice"),
        ("-", "'-' is no slice"),
        ("1:-", "'1:-' is no slice"),
    ],
)
def test_that_a_bad_slice_is_told(tmp_path: Path, part: str, reason: str) -> None:
    path = made.write_extxyz(tmp_path / "run.xyz")
    with pytest.raises(ReadProblem, match=r"run\.xyz") as found:
        open_path(f"{path}@{part}")
    assert reason in str(found.value)


def test_that_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ReadProblem) as found:
        open_path(str(tmp_path / "nothing.xyz"))
    assert str(found.value) == "nothing.xyz: there is no such file"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", Kind.TABLE),
        ("A.TSV", Kind.TABLE),
        ("a.csv.gz", Kind.TABLE),
        ("a.xyz", Kind.TRAJECTORY),
        ("XDATCAR", Kind.TRAJECTORY),
        ("a.dump.gz", Kind.TRAJECTORY),
        ("links.csv", None),
        ("silicon.links.csv", None),
    ],
)
def test_that_names_tell_tables_trajectories_and_links(name: str, kind: Kind | None) -> None:
    assert sniff_kind(Path(name)) is kind


def test_that_tables_and_links_are_opened_as_such(tmp_path: Path) -> None:
    table = open_path(str(made.write_table(tmp_path / "errors.csv")))
    assert isinstance(table.thing, ErrorTable)
    assert table.thing.name == "errors.csv"
    links = open_path(str(made.write_links(tmp_path / "links.csv", [("m1", "trajectory", "a")])))
    assert (links.input, links.links[0].model) == (None, "m1")


def test_that_several_files_are_one_trajectory_for_an_analysis(tmp_path: Path) -> None:
    import json

    from mlipviewer.cli import main

    paths = [made.write_dump(tmp_path / f"run.{k}.dump") for k in (2, 10)]
    outs = [tmp_path / f"{k}.json" for k in range(3)]
    several = [word for path in paths for word in ("--trajectory", str(path))]
    pattern = ["--trajectory", str(tmp_path / "run.*.dump")]
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in paths:
        (folder / path.name).write_bytes(path.read_bytes())
    for out, how in zip(outs, (several, pattern, ["--trajectory", str(folder)]), strict=True):
        assert main(["run", "structure", *how, "--out", str(out)]) == 0
    tables = [json.loads(out.read_text()) for out in outs]
    assert tables[0]["tables"] == tables[1]["tables"] == tables[2]["tables"]
    inputs = [one["inputs"][0] for one in tables]
    assert inputs[0]["fingerprint"] == inputs[1]["fingerprint"]
    assert inputs[0]["more"] == [str(paths[1])]
    made.write_extxyz(tmp_path / "other.xyz")
    apart = [*several, "--trajectory", str(tmp_path / "other.xyz")]
    with pytest.raises(SystemExit) as wrong:
        main(["run", "structure", *apart, "--out", str(outs[0])])
    assert wrong.value.code == 2
