"""Inputs of chemiscope are read as frames with values and columns, and written."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlipviewer
from mlipviewer.cli import main
from tests import made

# two structures of different sizes, as its documentation describes them
WATER: dict[str, Any] = {
    "meta": {"name": "water"},
    "structures": [
        {
            "size": 3,
            "names": ["O", "H", "H"],
            "x": [0.0, 0.76, -0.76],
            "y": [0.0, 0.59, 0.59],
            "z": [0.0, 0.0, 0.0],
            "bonds": [[0, 1, 1], [0, 2, 1]],
        },
        {
            "size": 1,
            "names": ["Si"],
            "x": [1.0],
            "y": [2.0],
            "z": [3.0],
            "cell": [5, 0, 0, 1, 6, 0, 0, 0, 7],
        },
    ],
    "properties": {
        "energy": {"target": "structure", "values": [-1.5, -2.5], "units": "eV"},
        "charge": {"target": "atom", "values": [-0.8, 0.4, 0.4, 0.0], "units": "e"},
        "kind": {"target": "structure", "values": ["molecule", "solid"]},
        "path": {"target": "structure", "values": [[1, 2], [3, 4]], "parameters": ["t"]},
        "wrong": {"target": "atom", "values": [1.0]},
    },
    "parameters": {"t": {"values": [0, 1]}},
}


def read(path: Path, content: Any = None) -> Any:
    if content is not None:
        path.write_text(json.dumps(content))
    return mlipviewer.read_trajectory(path)


def test_that_structures_and_properties_become_frames_columns_and_values(tmp_path: Path) -> None:
    run = read(tmp_path / "water.json", WATER)
    first, second = run.frame(0), run.frame(1)
    assert first.numbers.tolist() == [8, 1, 1]
    assert first.cell is None
    assert first.bonds.tolist() == [[0, 1], [0, 2]]
    assert second.cell.tolist() == [[5, 0, 0], [1, 6, 0], [0, 0, 7]]
    assert second.pbc == (True, True, True)
    assert second.positions.tolist() == [[1, 2, 3]]
    assert first.columns["charge"].tolist() == [-0.8, 0.4, 0.4]
    assert (second.info["energy"], second.info["kind"]) == (-2.5, "solid")
    assert second.info["path"].tolist() == [3, 4]
    assert dict(first.units) == {"energy": "eV", "charge": "e"}
    assert any("'wrong' is left out: 1 values for 4" in str(note) for note in run.source.notes)


def test_that_properties_of_some_environments_are_missing_elsewhere(tmp_path: Path) -> None:
    some = [{"structure": 0, "center": 2, "cutoff": 3}, {"structure": 1, "center": 0, "cutoff": 3}]
    charge = {"target": "atom", "values": [0.4, 0.1]}
    run = read(tmp_path / "a.json", WATER | {"environments": some, "properties": {"q": charge}})
    first = run.frame(0).columns["q"]
    assert np.isnan(first[:2]).all()
    assert first[2] == 0.4
    assert run.frame(1).columns["q"].tolist() == [0.1]


def test_that_it_is_dropped_as_a_trajectory(tmp_path: Path) -> None:
    path = tmp_path / "water.json.gz"
    path.write_bytes(gzip.compress(json.dumps(WATER, indent=1).encode()))
    with mlipviewer.open(path) as viewer:
        assert viewer.trajectories == ("water.json.gz",)
        found = viewer.run("series", quantity="energy")
        assert found.tables["series"]["energy"] == [-1.5, -2.5]


@pytest.mark.parametrize("name", ["run.json", "run.json.gz"])
def test_that_what_is_written_reads_back(tmp_path: Path, name: str) -> None:
    run = made.trajectory()
    mlipviewer.write_frames(run, tmp_path / name)
    again = read(tmp_path / name)
    assert again.n_frames == run.n_frames
    for k in range(run.n_frames):
        old, new = run.frame(k), again.frame(k)
        assert np.array_equal(old.positions, new.positions)
        assert np.array_equal(old.numbers, new.numbers)
        assert np.array_equal(old.cell, new.cell)
        assert np.array_equal(old.atom_ids, new.atom_ids)
        assert old.info == new.info
        assert old.columns.keys() == new.columns.keys()
        for column in old.columns:
            assert np.array_equal(old.columns[column], new.columns[column])


def test_that_what_is_written_is_what_chemiscope_asks_for(tmp_path: Path) -> None:
    path = made.write_extxyz(tmp_path / "run.extxyz", n_frames=3)
    out = tmp_path / "run.json.gz"
    assert main(["convert", str(path), str(out), "--frames", "0:2", "--atoms", "id < 5"]) == 0
    found = json.loads(gzip.decompress(out.read_bytes()))
    assert list(found)[:3] == ["meta", "structures", "properties"]
    assert [one["size"] for one in found["structures"]] == [4, 4]
    assert all(len(one[axis]) == 4 for one in found["structures"] for axis in "xyz")
    assert len(found["structures"][0]["cell"]) == 9
    assert len(found["environments"]) == 8
    assert found["environments"][5] == {"structure": 1, "center": 1, "cutoff": 3.5}
    n = {"structure": 2, "atom": 8}
    for about in found["properties"].values():
        assert len(about["values"]) == n[about["target"]]
    forces = found["properties"]["forces"]
    (parameter,) = forces["parameters"]
    assert len(found["parameters"][parameter]["values"]) == len(forces["values"][0]) == 3
    mlipviewer.convert(read(tmp_path / "water.json", WATER).source.path, tmp_path / "again.json")
    again = json.loads((tmp_path / "again.json").read_text())
    assert again["properties"]["charge"] == WATER["properties"]["charge"]


def test_that_numbers_that_are_not_finite_are_left_out(tmp_path: Path) -> None:
    content = json.loads(json.dumps(WATER))
    run = read(
        tmp_path / "a.json",
        content
        | {
            "properties": {
                "q": {"target": "structure", "values": [float("nan"), 1.0]},
                "r": {"target": "structure", "values": [1.0, 2.0]},
            }
        },
    )
    mlipviewer.write_frames(run, tmp_path / "b.json")
    found = json.loads((tmp_path / "b.json").read_text())
    assert list(found["properties"]) == ["r"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"structures": [{"size": 2, "names": ["H"], "x": [0], "y": [0], "z": [0]}]}, "differ"),
        ({"structures": [{"size": 1, "data": "there.json"}]}, "files of their own"),
        ({"structures": [{"size": 1, "names": ["H"], "x": [0], "y": [0], "z": []}]}, "no input"),
        ({"environments": [{"structure": 9, "center": 0, "cutoff": 1}]}, "not there"),
        ({"environments": [{"structure": 0, "center": 7, "cutoff": 1}]}, "not there"),
        (
            {"structures": [{"size": 0, "names": [], "x": [], "y": [], "z": []}], "properties": 3},
            "no input",
        ),
    ],
)
def test_that_damage_is_a_sentence(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(mlipviewer.ReadProblem, match=said):
        read(tmp_path / "a.json", WATER | change)
