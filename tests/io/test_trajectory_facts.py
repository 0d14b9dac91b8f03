"""Facts of trajectories in plain values, for the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from trajectory_samples import dump, extxyz, opened

from mlipviewer.core.trajectory import Trajectory
from mlipviewer.io.probe import probe
from mlipviewer.io.trajectories.facts import trajectory_facts
from mlipviewer.io.trajectories.opening import FORMATS, open_trajectory


def test_that_a_trajectory_is_described_in_plain_values(tmp_path: Path) -> None:
    source = opened(tmp_path, dump(3, 4), "run.dump")
    facts = trajectory_facts(Trajectory.whole("run", source))
    assert json.loads(json.dumps(facts)) == facts
    assert (facts["format"], facts["n_frames"]) == ("lammps-dump", 3)
    assert (facts["n_atoms_first"], facts["n_atoms_last"]) == (4, 4)
    kinds = {name: about["kind"] for name, about in facts["columns"].items()}
    assert kinds == {"forces": "real 3", "type": "integer"}
    assert facts["species"] == {"C": 2, "Li": 2}
    assert (facts["ids"], facts["pbc"]) == (True, [True, True, False])
    again = open_trajectory(tmp_path / "run.dump")
    assert trajectory_facts(Trajectory.whole("run", again)) == facts


def test_that_a_probe_counts_and_names(tmp_path: Path) -> None:
    path = tmp_path / "run.xyz"
    path.write_bytes(extxyz(3))
    answer = probe(str(path), "extxyz")
    assert (answer["status"], answer["good_frames"], answer["natoms"]) == ("ok", 3, [4, 4, 4])
    path.write_bytes(extxyz(3)[:-20])
    answer = probe(str(path), "extxyz")
    assert (answer["status"], answer["good_frames"]) == ("partial", 2)
    assert (answer["problems"][-1]["frame"], answer["problems"][-1]["line"]) == (3, 13)
    path.write_bytes(b"")
    answer = probe(str(path), "extxyz")
    assert (answer["status"], answer["problems"][0]["message"]) == ("error", "is empty so far")
    assert probe(str(tmp_path / "missing"), "extxyz")["status"] == "error"


@pytest.mark.parametrize("name", ["train_CONFIG_1.xyz", "run@2.xyz", "POSCAR.dump", "no_extension"])
def test_that_content_decides_not_the_name(tmp_path: Path, name: str) -> None:
    content = extxyz(2).replace(b"step", b"GAMESS")
    assert opened(tmp_path, content, name).format == "extxyz"


def test_that_every_format_has_a_title_and_is_reachable() -> None:
    assert {"extxyz", "lammps-dump", "xdatcar", "poscar", "ase-traj", "cif"} <= FORMATS.keys()
    assert all(entry.title and name == entry.name for name, entry in FORMATS.items())


def test_that_a_pointer_of_git_lfs_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    with pytest.raises(Exception, match="Git LFS pointer"):
        open_trajectory(tmp_path / "a.xyz")
