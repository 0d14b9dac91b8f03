"""Small changes to good files: whatever they do, a reader raises nothing but ReadProblem."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.thermo import read_thermo
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.io.test_binary_formats import write_dcd
from tests.io.test_thermo import HEAD, MULTI, ONE, OSZICAR, YAML
from tests.io.test_training_files import CFG, EXTENDED, record

THERMO = {
    "log.lammps": (HEAD + ONE + MULTI + YAML).encode(),
    "OSZICAR": OSZICAR.encode(),
    "model_devi.out": b"#  step max_devi_v max_devi_f\n 0 1e-3 2e-3\n 10 1 2\n",
}
FRAMES = {
    "mtp-cfg": CFG.format(height="5.0").encode() * 2,
    "atomeye-cfg": EXTENDED.encode(),
    "pymatgen-json": json.dumps([record(1), record(2)]).encode(),
}
PIECES = (b"99999999999999999999", b"-1", b"1e400", b"nan", b"\0" * 8, b"\xff" * 4, b"\n", b"")
changes = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 20), st.sampled_from(PIECES)), min_size=1, max_size=4
)
often = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


def changed(content: bytes, steps: list[tuple[float, int, bytes]]) -> bytes:
    for share, length, piece in steps:
        at = int(share * len(content))
        content = content[:at] + piece + content[at + length :]
    return content


@pytest.mark.parametrize("name", THERMO)
@given(steps=changes)
@often
def test_that_damaged_thermo_files_are_refused_in_words(
    tmp_path: Path, name: str, steps: list[tuple[float, int, bytes]]
) -> None:
    (tmp_path / name).write_bytes(changed(THERMO[name], steps) or b"\n")
    try:
        table = read_thermo(tmp_path / name)
    except ReadProblem:
        return
    assert all(len(column) == len(table.steps) for column in table.columns.values())


@pytest.mark.parametrize("format", [*FRAMES, "dcd"])
@given(steps=changes)
@often
def test_that_damaged_frames_are_refused_in_words(
    tmp_path: Path, format: str, steps: list[tuple[float, int, bytes]]
) -> None:
    if format == "dcd":
        write_dcd(tmp_path / "whole", fixed=(1,) if len(steps) % 2 else ())
        content = (tmp_path / "whole").read_bytes()
    else:
        content = FRAMES[format]
    (tmp_path / "file").write_bytes(changed(content, steps) or b"\n")
    try:
        source = open_trajectory(tmp_path / "file", format)
        for k in range(source.n_frames):
            assert len(source.frame(k).numbers) == source.frame(k).n_atoms
            source.info(k)
    except ReadProblem:
        pass
