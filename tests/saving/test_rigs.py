"""The rigs of the nightly column in small: full disks, kills, files that change underneath."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.nightly import beneath, more_ways, small_disk
from tests.nightly.beneath import KINDS, trial
from tests.nightly.failing_calls import WAYS
from tests.nightly.killing import KINDS as KILLED
from tests.nightly.killing import killed
from tests.nightly.small_disk import NoDisk, disks


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.mark.parametrize("way", ["text", "session", "pictures of a movie"])
def test_that_a_full_disk_keeps_the_old_file_and_is_told(way: str) -> None:
    found = disks([way])
    if "skipped" in found:
        pytest.skip(found["skipped"])
    assert found["faults"] == []
    assert found["n"] >= 2, "it fails, and then it succeeds"


def test_that_a_careless_writer_is_found_on_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(path: Path, n: int) -> None:
        path.write_bytes(b"x" * 20_000 * n)

    monkeypatch.setitem(WAYS, "text", ("a.txt", careless))
    try:
        _, faults = small_disk.tried_on("text", 8)
    except NoDisk as reason:
        pytest.skip(str(reason))
    assert any("neither the old nor the new" in one for one in faults)


@pytest.mark.parametrize("what", KILLED)
def test_that_a_kill_leaves_whole_things(tmp_path: Path, what: str) -> None:
    assert killed(what, tmp_path, 7) == []


def test_that_a_file_that_changes_underneath_gives_no_wrong_frame() -> None:
    found = beneath.beneath(0, 60)
    assert found["faults"] == []
    assert found["n_good"] > 100, "what is not touched is read"


def test_that_a_frame_of_two_versions_would_be_found(tmp_path: Path) -> None:
    good = KINDS["a.xyz"](1)
    for content, said in (
        (good, ""),
        (good.replace(b"1003.000 5 ", b"2003.000 5 "), "is of several"),
        (good.replace(b"1003.000", b"1004.000"), "is frame 4"),
    ):
        path = tmp_path / "a.xyz"
        path.write_bytes(content)
        found, given = beneath.read(open_trajectory(path), 3)
        assert said in found
        assert bool(found) == bool(said)
        assert given


def test_that_a_damaged_index_is_none_and_a_cut_journal_is_told(tmp_path: Path) -> None:
    more_ways.index(tmp_path, 4)
    (side,) = tmp_path.rglob("*.side")
    side.write_bytes(side.read_bytes()[:-5])
    assert more_ways.kept_index(tmp_path) is None
    more_ways.journal(tmp_path / "journal", 4)
    assert [one["k"] for one in more_ways.records(tmp_path / "journal")] == [1, 2, 3, 4]
    (tmp_path / "journal").write_bytes(b"no data base" * 400)
    with pytest.raises(ReadProblem):
        more_ways.records(tmp_path / "journal")


def test_that_trials_are_the_same_each_time() -> None:
    assert trial(5) == trial(5)
