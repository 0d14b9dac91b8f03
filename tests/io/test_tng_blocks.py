"""What is wrong in a TNG file is told before its library sees it, which would end its process."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.indexed.tng_blocks import check_blocks
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.fuzz.tng import tng, whole


def test_that_every_cut_is_told(tmp_path: Path) -> None:
    path, content = tmp_path / "run.tng", tng(2)
    path.write_bytes(content)
    check_blocks(str(path))
    for at in range(0, len(content), 3):
        path.write_bytes(content[:at])
        with pytest.raises(ReadProblem, match="cut or damaged"):
            check_blocks(str(path))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (whole(0, 2), whole(0, 2**40), "a number is"),
        (b"POSITIONS\0", b"POSITIONSX", "head is none"),
        (b"\x02\x03\0" + whole(3, 0), b"\0\x03\0" + whole(3, 0), "are texts"),
        (whole(9, 0), whole(9, 77), "a number is 77"),
        (whole(3, 0, 0, 6), whole(3, 0, 1, 6), "more atoms than there are"),
        (whole(3, 0, 0, 6), whole(2, 0, 0, 6), "values are said to be in"),
        (b"water\0" + whole(1, 2, 1, 1, 3), b"water\0" + whole(1, 2**39, 1, 1, 3), "declares"),
        (b"SOL\0" + whole(3), b"SOL\0" + whole(2), "."),
        (b"water\0" + whole(1, 2, 1, 1, 3), b"water\0" + whole(1, 3, 1, 1, 3), "places of 6 of 9"),
    ],
)
def test_that_sizes_that_cannot_be_are_told(
    tmp_path: Path, old: bytes, new: bytes, said: str
) -> None:
    content = tng(2)
    assert content.count(old) >= 1
    (tmp_path / "run.tng").write_bytes(content.replace(old, new))
    with pytest.raises(ReadProblem, match=said):
        open_trajectory(tmp_path / "run.tng")


def test_that_sets_of_frames_that_go_round_are_told(tmp_path: Path) -> None:
    content = tng(1)
    second = content.rindex(b"TRAJECTORY FRAME SET") - 40
    links = content.index(whole(0, 2, second))
    round_about = content[:links] + whole(0, 2, second - 1) + content[links + 24 :]
    (tmp_path / "run.tng").write_bytes(round_about)
    with pytest.raises(ReadProblem, match="not where it is said to be"):
        check_blocks(str(tmp_path / "run.tng"))
