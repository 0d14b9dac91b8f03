"""Weights and rare events of training sets; thresholds, uncertainties and costs of a table."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.design import Design, LabelledSet
from mlipviewer.campaign.design_file import as_toml, design_of
from mlipviewer.campaign.export import export
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder
from mlipviewer.campaign.generating import generated
from mlipviewer.campaign.labelled import read_labelled, weighted, write_frames
from mlipviewer.campaign.plan import Plan
from mlipviewer.core.table import RowRole
from mlipviewer.io.tables import read_table
from tests.campaign.stage import HEAD, design, existing, plan_in, run
from tests.campaign.test_judging import SILICON

SET = '[[set]]\nname = "t"\nframes = 8\ngenerate = ["strained", "phases"]\n{more}'
FAMILY = '[[family]]\nname = "mtp"\nmodels = 1\n'


def asked(more: str = "", family: str = FAMILY) -> Design:
    return design("lattice", SET.format(more=more) + family)


# -- sets


def test_that_frames_of_a_kind_with_a_weight_count_so_many_times(tmp_path: Path) -> None:
    calculator = named_calculator("stillinger-weber", {})
    frames = generated(asked().sets[0], SILICON, 5.431, calculator, 1)
    made = weighted(frames, {"phases": 3})
    kinds = [one.info["kind"] for one in made]
    assert (kinds.count("strained"), kinds.count("phases")) == (4, 12)
    assert weighted(frames, {}) == frames
    write_frames(tmp_path / "set.extxyz", made)  # of a file the same
    again = weighted(read_labelled(tmp_path / "set.extxyz"), {"strained": 2})
    assert len(again) == 12 + 2 * 4


def test_that_a_weight_moves_the_fit_towards_those_frames(tmp_path: Path) -> None:
    """The same candidate, the same frames: with a weight of 50 its errors on other crystals are
    smaller, on strained ones larger."""
    known = {}
    for name, more in (("even", ""), ("heavy", "weights = { phases = 50 }\n")):
        plan = plan_in(tmp_path / name, asked(more))
        known[name] = (plan, run(plan))
    (one, _), (other, found) = known["even"], known["heavy"]
    assert one.set_keys != other.set_keys
    errors = {}
    for name, (plan, entries) in known.items():
        model = next(iter(plan.models(entries)))
        calculator = FAMILIES["mtp"].load(plan.folder.model(model.key))
        frames = read_labelled(plan.folder.set_file("t", plan.set_keys["t"]))
        errors[name] = {
            kind: np.sqrt(
                np.mean([_wrong(one, calculator) for one in frames if one.info["kind"] == kind])
            )
            for kind in ("phases", "strained")
        }
    assert errors["heavy"]["phases"] < errors["even"]["phases"]
    assert errors["heavy"]["strained"] > errors["even"]["strained"]
    assert all(entry.good for entry in found.values())


def _wrong(atoms: Any, calculator: Any) -> float:
    made = atoms.copy()
    made.calc = calculator
    return float(((made.get_forces() - atoms.arrays["forces"]) ** 2).mean())


def test_that_a_set_without_weights_is_known_as_before() -> None:
    """Keys of results must not change by what a design may say now: a run goes on."""
    plan = Plan(asked(), Folder(Path("anywhere")))
    assert plan.set_keys == {"t": "38bc45f424de9a6fd531365c"}
    assert Plan(asked("weights = { phases = 2 }\n"), Folder(Path("x"))).set_keys != plan.set_keys


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("weights = { phases = 0 }", "whole numbers from 1 to 100"),
        ("weights = { phases = 1.5 }", "whole numbers from 1 to 100"),
        ("weights = { phases = true }", "whole numbers from 1 to 100"),
        ("weights = { liquid = 2 }", "it generates no 'liquid'"),
        ('role = "rare"\n', "rare events are of vacancy or interstitial"),
        ('role = "test"\nweights = { phases = 2 }', "weights are of training sets"),
    ],
)
def test_that_weights_that_mean_nothing_are_refused(more: str, why: str) -> None:
    with pytest.raises(DesignProblem, match=why):
        asked(f"{more}\n")


def test_that_a_set_is_enriched_with_atoms_on_their_way() -> None:
    one = LabelledSet("r", kinds=("bulk",), frames=1, enrich={"rare": 4}, steps=60)
    frames = generated(one, SILICON, 5.431, named_calculator("stillinger-weber", {}), 1)
    kinds = [atoms.info["kind"] for atoms in frames]
    assert kinds[0] == "bulk"
    assert 1 <= kinds.count("rare") <= 4
    for atoms in frames[1:]:
        assert len(atoms) in (63, 65)
        assert atoms.arrays["hopping"].any()


# -- what is written


def test_that_thresholds_are_those_of_the_design(tmp_path: Path) -> None:
    made = replace(design("lattice elastic", existing(2)), thresholds={"C11": 0.25})
    assert design_of(tomllib.loads(as_toml(made))) == made
    plan = plan_in(tmp_path, made)
    export(plan, run(plan))
    table = read_table(tmp_path / "errors.csv")
    row = table.rows_of(RowRole.THRESHOLD)[0]
    assert table.values[row, table.metric_index("C11")] == 0.25
    assert table.metric_column("C11").good == 0.25
    other = next(one for one in plan.metrics if one.name == "C12")
    assert table.metric_column("C12").good == other.good


@pytest.mark.parametrize("said", ["{ C11 = 0 }", "{ C11 = true }", "3", "{ C11 = inf }"])
def test_that_thresholds_that_mean_nothing_are_refused(said: str, tmp_path: Path) -> None:
    text = f"thresholds = {said}\n" + HEAD.format(properties='"lattice"') + existing(1)
    with pytest.raises(DesignProblem, match="thresholds"):
        design_of(tomllib.loads(text))
    unknown = replace(design("lattice", existing(1)), thresholds={"C11": 1.0})
    with pytest.raises(DesignProblem, match="no property asked for gives 'C11'"):
        plan_in(tmp_path, unknown)


def test_that_costs_and_uncertainties_stand_beside_the_table(tmp_path: Path) -> None:
    plan = plan_in(tmp_path, design("lattice elastic", existing(1) + SET.format(more="") + FAMILY))
    known = run(plan)
    marked = {
        key: replace(entry, data={**entry.data, "uncertainties": {"C11": 0.5}})
        if entry.name == "elastic" and entry.good
        else entry
        for key, entry in known.items()
    }
    export(plan, marked)
    costs = {one["ModelName"]: one for one in rows_of(tmp_path / "costs.csv")}
    assert float(costs["mtp-t-0001"]["training"]) > 0
    assert costs["sw0"]["training"] == ""
    assert all(float(one["elastic"]) > 0 for one in costs.values())
    told = rows_of(tmp_path / "uncertainties.csv")
    assert list(told[0])[4:] == ["C11"]
    assert {one["C11"] for one in told if one["ModelName"] == "sw0"} == {"0.5"}
    bare = plan_in(tmp_path / "bare", design("lattice", existing(1)))
    export(bare, run(bare))
    assert not (tmp_path / "bare" / "uncertainties.csv").exists()


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
