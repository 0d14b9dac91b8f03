"""Sets that others have labelled: which energies and forces are trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlipviewer.campaign.design_file import design_of
from mlipviewer.campaign.export import export
from mlipviewer.campaign.folder import design_in
from mlipviewer.campaign.labelled import read_labelled, split
from mlipviewer.core.problem import ReadProblem
from tests.campaign.stage import design, existing, plan_in, run
from tests.io.test_force_sets import made, write_set

FRAME = """2
Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3:MACE_forces:R:3:REF_forces:R:3 \
{energies} pbc="T T T"
Si 0 0 0 9 9 9 1 0 0
Si 2.3 0 0 9 9 9 -1 0 0
"""


def test_that_the_reference_is_trained_on_where_a_file_holds_a_model_too(tmp_path: Path) -> None:
    path = tmp_path / "set.xyz"
    path.write_text(FRAME.format(energies="MACE_energy=-1 REF_energy=-8.5") * 3)
    frames = read_labelled(path)
    assert [one.info["energy"] for one in frames] == [-8.5] * 3
    assert frames[0].arrays["forces"].tolist() == [[1, 0, 0], [-1, 0, 0]]
    train, validation = split(frames, 0.3, 1)
    assert (len(train), len(validation)) == (2, 1)


def test_that_a_set_without_energies_is_told(tmp_path: Path) -> None:
    path = tmp_path / "set.xyz"
    path.write_text(FRAME.format(energies="charge=0"))
    with pytest.raises(ReadProblem, match="has no energy to train on"):
        read_labelled(path)


def test_that_sets_of_forces_give_those_of_the_finest_grid(tmp_path: Path) -> None:
    data = made()
    frames = read_labelled(write_set(tmp_path, data))
    assert frames[3].info["energy"] == data["Energies"]["DFT_K4"][3]
    assert np.allclose(frames[3].arrays["forces"], data["Forces"]["DFT_K4"][3])
    assert (frames[3].arrays["r"] == 0).sum() == 1


def test_that_the_published_sets_are_read(shared_data: Path) -> None:
    folder = shared_data / "mlip_datasets" / "silicon_mlip_datasets"
    rare = read_labelled(folder / "Interstitial-RE_Testing_Set" / "DATA.json")
    assert len(rare) == 100
    assert sum((one.arrays["r"] == 0).sum() for one in rare) == 177
    train = read_labelled(folder / "Interstitial-enhanced_Training_Set" / "DATA.json")
    assert len(train) == 219
    assert {len(one) for one in train} >= {65}


def test_that_relative_names_of_sets_are_beside_the_design_and_changes_are_seen(
    tmp_path: Path,
) -> None:
    first = run(plan_in(tmp_path / "made", design("lattice", SET + existing(1))))
    (key,) = [entry.key for entry in first.values() if entry.kind == "set"]
    labelled = next((tmp_path / "made" / "sets").iterdir())
    (tmp_path / "mine.extxyz").write_bytes(labelled.read_bytes())
    asked = design("set-errors", FILE + existing(2))
    plan = plan_in(tmp_path / "read", asked)
    (tmp_path / "read" / "mine.extxyz").write_bytes(labelled.read_bytes())
    known = run(plan_of(tmp_path / "read"))
    assert all(entry.good for entry in known.values())
    assert key not in known
    (tmp_path / "read" / "mine.extxyz").write_bytes(labelled.read_bytes() * 2)
    again = run(plan_of(tmp_path / "read"))
    assert len(again) == 2 * len(known)  # another content is another set
    assert plan.design.sets[0].file == "mine.extxyz"


SET = '[[set]]\nname = "t"\nrole = "test"\ngenerate = ["strained"]\nframes = 2\n'
FILE = '[[set]]\nname = "t"\nrole = "test"\nfile = "mine.extxyz"\n'


def plan_of(folder: Path):  # type: ignore[no-untyped-def]
    from mlipviewer.campaign.folder import Folder
    from mlipviewer.campaign.plan import Plan

    return Plan(design_in(Folder(folder)), Folder(folder))


def test_that_values_of_a_table_are_the_reference(tmp_path: Path) -> None:
    asked = design("lattice", existing(1))
    plain = design_of(
        {
            "properties": ["lattice"],
            "crystal": {"element": "Si"},
            "reference": {
                "calculator": "stillinger-weber",
                "values": {"a": 5.40},
                "sources": {"a": "a measurement"},
            },
            "existing": [{"name": "sw0", "calculator": "stillinger-weber"}],
        }
    )
    plan = plan_in(tmp_path / "b", plain)
    assert export(plan, run(plan)) == 1
    text = (tmp_path / "b" / "errors.csv").read_text().splitlines()
    assert float(text[-1].split(",")[4]) == pytest.approx(0.031, abs=1e-3)
    assert "errors against a measurement" in (tmp_path / "b" / "errors.metrics.yaml").read_text()
    assert asked.reference.values == {}
