"""The example that comes with the program: an ensemble that a campaign trained and judged."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from mlipviewer.app.main import example_files
from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.design_file import read_design
from mlipviewer.campaign.folder import Folder
from mlipviewer.campaign.labelled import label, read_labelled
from mlipviewer.campaign.plan import Plan
from mlipviewer.core.resources import resource
from mlipviewer.io.links import read_links
from mlipviewer.io.tables.reading import read_table
from mlipviewer.io.trajectories.opening import open_trajectory

EXAMPLE = Path(str(resource("examples/silicon")))
DESIGN = Path(str(resource("examples/silicon.toml")))


def test_that_the_example_is_what_its_design_says(tmp_path: Path) -> None:
    table, facts = read_table(EXAMPLE / "errors.parquet"), json.loads(read("facts.json"))
    assert read("design.toml") == DESIGN.read_text("utf-8")
    plan = Plan(read_design(DESIGN), Folder(tmp_path))
    assert [one.name for one in table.metric_columns] == [one.name for one in plan.metrics]
    assert len(plan.metrics) >= 24
    assert table.n_models == facts["models"] <= facts["designed"]
    labels = {one.label for one in FAMILIES.values()}
    counted = {name: table.families.count(name) for name in labels}
    assert {name: n for name, n in counted.items() if n} == facts["families"]
    assert (table.values[table.models][:, :] > 0).any(axis=1).sum() > 0.9 * table.n_models
    assert {column.unit for column in table.metric_columns} >= {"Å", "GPa", "eV", "meV/atom"}


def test_that_empty_cells_have_a_reason() -> None:
    table = read_table(EXAMPLE / "errors.parquet")
    with (EXAMPLE / "notes.csv").open(encoding="utf-8", newline="") as handle:
        told = {(one["ModelName"], one["metric"]) for one in csv.DictReader(handle)}
    empty = np.argwhere(~np.isfinite(table.values))
    names = [one.name for one in table.metric_columns]
    assert all((table.keys[row], names[column]) in told for row, column in empty)


def test_that_its_links_lead_to_frames_of_its_models_and_of_stillinger_weber() -> None:
    table = read_table(EXAMPLE / "errors.parquet")
    links = read_links(EXAMPLE / "links.csv")
    assert {one.role for one in links} == {"trajectory", "test"}
    for one in links:
        assert not one.model or table.has_key(one.model)
        assert Path(one.path).is_file()
    run = open_trajectory(next(one.path for one in links if one.role == "trajectory"))
    assert {"forces", "ref_forces"} <= set(run.frame(0).columns)
    rare = read_labelled(EXAMPLE / "sets" / "RE_V.extxyz.gz")
    assert sum(int((one.arrays["r"] == 0).sum()) for one in rare) > 10
    again = label(rare[3], named_calculator("stillinger-weber", {}))
    assert np.isclose(again.info["energy"], rare[3].info["energy"], atol=1e-5)
    assert np.allclose(again.arrays["forces"], rare[3].arrays["forces"], atol=1e-5)


def test_that_the_first_example_is_this_table_and_lithium() -> None:
    names = [Path(one).name for one in example_files()]
    assert names == ["errors.parquet", "links.csv", "crystallization.extxyz.gz"]
    assert all(Path(one).is_file() for one in example_files())


def test_that_the_example_is_small() -> None:
    files = [one for one in EXAMPLE.rglob("*") if one.is_file()]
    assert sum(one.stat().st_size for one in files) < 6e6


def read(name: str) -> str:
    return (EXAMPLE / name).read_text("utf-8")
