"""What stands behind a campaign's numbers: curves, and floors of errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ase.geometry import find_mic

from mlipviewer.analysis.methods.transforms import transform
from mlipviewer.campaign import PROPERTIES
from mlipviewer.campaign.behind import kinds_of
from mlipviewer.campaign.export import export
from mlipviewer.campaign.properties import eos, phonons, ranking
from mlipviewer.campaign.property import Asked, Found
from mlipviewer.core.curves import REFERENCE
from mlipviewer.io.tables import read_table
from tests.campaign.stage import design, existing, plan_in, run
from tests.campaign.test_judging import SILICON, subject

SAME = '[[existing]]\nname = "same"\ncalculator = "stillinger-weber"\n'


def test_that_the_table_of_a_campaign_has_curves_and_floors(tmp_path: Path) -> None:
    plan = plan_in(tmp_path, design("eos phonons", existing(2) + SAME))
    known = run(plan)
    assert export(plan, known) == 3
    table = read_table(tmp_path / "errors.csv")
    assert table.notes == ()
    assert set(table.curves["B_eos"].of) == {REFERENCE, "sw0", "sw1", "same"}
    assert table.curves["eos"].of["sw1"][0] == pytest.approx(eos.RATIOS)
    curves = table.curves["bulk_F"]
    x, y = curves.of["sw1"]
    assert x.tolist() == list(range(100, 1001, 100))
    apart = float(np.abs(y - curves.of[REFERENCE][1]).mean())
    error = table.values[table.row("sw1"), table.metric_index("bulk_F")]
    assert error > 0.005
    assert apart == pytest.approx(error, abs=1e-3)
    assert set(table.curves["ph_max"].of) == set(curves.of)
    # a model that is the reference has errors at the floor, and counts as the others do
    floors = [one.floor for one in table.metric_columns]
    assert table.values[table.row("same")] == pytest.approx(floors)
    assert len(transform(table, table.metrics, "default").failed) == 0
    exact = read_table(tmp_path / "values.csv")
    assert exact.values[exact.row("same")] == pytest.approx(exact.values[0])


def test_that_a_journal_of_before_curves_gives_those_that_are_values(tmp_path: Path) -> None:
    plan = plan_in(tmp_path, design("eos phonons", existing(1)))
    known = {
        key: replace(entry, data={k: v for k, v in entry.data.items() if k != "curves"})
        for key, entry in run(plan).items()
    }
    export(plan, known)
    table = read_table(tmp_path / "errors.csv")
    assert {"eos", "bulk_F", "bulk_Cv"} <= set(table.curves)
    assert "ph_max" not in table.curves
    assert table.notes == ()


def test_that_all_frequencies_are_in_the_density_of_states() -> None:
    found = PROPERTIES["phonons"].run(subject())
    x, y = found.curves[phonons.DENSITY.name]
    assert np.trapezoid(y, x) == pytest.approx(3.0, abs=0.05)
    last = x[int(np.flatnonzero(np.array(y) > 0.05)[-1])]
    assert last == pytest.approx(found.values["ph_max"], abs=3 * phonons.WIDTH)


@pytest.mark.parametrize("name", ["migration", "stability", "liquid", "expansion"])
def test_that_curves_of_runs_and_paths_are_told_under_their_kinds(name: str) -> None:
    prop = PROPERTIES[name]
    found: Found = prop.run(subject())
    kinds = kinds_of(prop.metrics(Asked(SILICON)))
    assert {one.name for one in kinds if not one.at} == set(found.curves)
    for kind in kinds:
        xs, ys = (kind.at, found.values[kind.name]) if kind.at else found.curves[kind.name]
        assert isinstance(ys, tuple | list)
        assert len(xs) == len(ys) > 3
        assert (np.diff(xs) > 0).all()
    if name == "migration":
        path = found.curves["vacancy_path"]
        assert max(path[1]) == pytest.approx(found.values["vac_Em"], abs=1e-4)
        band = found.frames["vac_Em"]
        steps = find_mic(band[-1].positions - band[0].positions, band[0].cell)[0]
        far = float(np.linalg.norm(steps, axis=1).max())
        assert 2.35 > far > 1.0  # A: at both ends the hopping atom is drawn towards the vacancy
        assert path[0][-1] >= np.linalg.norm(steps) - 1e-9
    if name == "liquid":
        slope = np.polyfit(*(np.array(one)[15:] for one in found.curves["liq_msd"]), 1)[0]
        assert slope / 6 * 10 == pytest.approx(found.values["liq_D"], rel=0.5)


def test_that_a_floor_is_less_than_what_one_pair_of_a_set_is_worth() -> None:
    told = {one.name: one.floor for one in ranking.metrics(Asked(SILICON, ("test",)))}
    assert set(told.values()) == {0.1}
    assert told["test_rank"] < 100 / (24 * 23 / 2)  # of 24 frames
    for prop in PROPERTIES.values():
        for one in prop.metrics(Asked(SILICON, ("t",), ("r",))):
            assert 0 < one.floor <= one.good / 20
