"""The nightly column is run in pieces, which may be killed, until it is full."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.nightly import driving
from tests.nightly.driving import drive, standings, told
from tests.nightly.goals import GOALS, Goal
from tests.nightly.lines import append, done_before, lines
from tests.nightly.report import report

SMALL = {
    "A": Goal("once", 1, lambda _begin, n: {"n": n}),
    "B": Goal("a column of 10 in pieces of 4", 10, lambda _begin, n: {"n": n}, 10, 4),
    "C": Goal("never gives a result", 5, lambda _begin, n: {"n": n}, 5, 5),
}


def line(goal: str, n: int, version: str = "v1", faults: int = 0) -> dict[str, object]:
    return {"goal": goal, "version": version, "n": n, "n_faults": faults, "cpu_s": 3.6 * n}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The pieces that the driver ran: each writes its line, but for the first of B, which is
    killed, and those of C."""
    pieces: list[tuple[str, int]] = []

    def piece(one: driving.Standing, path: Path) -> None:
        pieces.append((one.name, one.piece))
        if one.name == "C" or (pieces.count(("B", 4)) == 1 and one.name == "B"):
            return
        append(path, line(one.name, one.piece, faults=one.name == "A"))

    monkeypatch.setattr(driving, "_piece", piece)
    monkeypatch.setattr(driving, "GOALS", SMALL)
    return pieces


def test_that_every_goal_is_run_until_its_column_is_full(
    tmp_path: Path, ran: list[tuple[str, int]]
) -> None:
    path = tmp_path / "found.jsonl"
    assert not drive(path, "v1", 1.0), "C has no result"
    assert [n for name, n in ran if name == "B"] == [4, 4, 4, 2]
    assert [name for name, _ in ran].count("A") == 1
    assert [name for name, _ in ran].count("C") == driving.PATIENCE
    standing = {one.name: one for one in standings(path, "v1")}
    assert standing["B"].full
    assert standing["B"].done == 10
    assert standing["A"].faults == 1
    ran.clear()
    drive(path, "v1", 1.0)
    assert {name for name, _ in ran} == {"C"}, "what is full is passed over"
    ran.clear()
    drive(path, "v2", 1.0)
    assert {name for name, _ in ran} == set(SMALL), "another version begins anew"


def test_that_what_is_left_is_guessed_by_what_was_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driving, "GOALS", SMALL)
    path = tmp_path / "found.jsonl"
    append(path, line("B", 4))
    found = {one.name: one.hours_left for one in standings(path, "v1")}
    assert found["B"] == pytest.approx(6 * 3.6 / 3600)
    assert found["A"] is None
    assert any("not known" in words for words in told(standings(path, "v1")))


def test_that_a_line_cut_by_a_kill_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "found.jsonl"
    append(path, line("B", 4))
    whole = path.read_text()
    path.write_text(whole + whole[:20])
    append(path, line("B", 2))
    assert [one["n"] for one in lines(path)] == [4, 2]
    assert done_before(path, "B", "v1") == 6
    assert len(path.read_text().splitlines()) == 3
    assert json.loads(path.read_text().splitlines()[0])["n"] == 4


def test_that_pieces_are_parts_of_columns() -> None:
    for name, goal in GOALS.items():
        assert 1 <= goal.piece <= goal.column, name


def test_that_a_report_tells_what_was_found_of_a_version(tmp_path: Path) -> None:
    path = tmp_path / "found.jsonl"
    day = {"date": "2026-11-23T03:08:23+00:00", "command": "./test nightly G3 500"}
    for n, version in ((500, "v1"), (700, "v1"), (900, "v2")):
        append(path, line("G3", n, version) | day | {"n_inputs": 36 * n, "faults": []})
    told_faults = {"slowest_s": 2.5, "faults": ["trial 3: took | 4 s"]}
    append(path, line("EXITS", 10, "v1", faults=1) | day | told_faults)
    append(path, line("EXITS", 10, "v1") | day | {"slowest_s": 1.5, "faults": []})
    rows = {one.split(" | ")[0].strip("| "): one for one in report(path, "v1")}
    assert "`./test nightly G3` in 2 pieces | 1200 of 300000 | n_inputs 43 200 |" in rows["G3"]
    assert rows["G3"].endswith("| 0 |")
    assert "slowest_s 2.5 |" in rows["EXITS"]
    assert rows["EXITS"].endswith("| **1**: trial 3: took / 4 s |")
    assert "not run" in rows["G1"]
