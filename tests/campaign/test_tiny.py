"""The shipped small campaign, made smaller still: every family trains, the table opens."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.analysis.methods.fronts import non_dominated
from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.design import Design
from mlipviewer.campaign.design_file import read_design
from mlipviewer.campaign.folder import Folder
from mlipviewer.campaign.plan import Plan
from mlipviewer.cli import main
from mlipviewer.core.resources import resource
from mlipviewer.io.links import read_links
from mlipviewer.io.tables.reading import read_table
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.campaign.stage import plan_in, run

TINY = Path(str(resource("examples/tiny.toml")))
SETS = {"Org": 14, "test": 4}


def smaller() -> Design:
    """The same families on fewer frames, judged by less."""
    design = read_design(TINY)
    sets = [
        replace(one, frames=SETS[one.name], steps=20) for one in design.sets if one.name in SETS
    ]
    families = [
        replace(one, ranges={**one.ranges, "iterations": 30}) if one.family == "nnp" else one
        for one in design.families
        if all(find_spec(need) for need in FAMILIES[one.family].needs)
    ]
    judged = ("lattice", "elastic", "phases", "set-errors")
    return replace(design, sets=tuple(sets), families=tuple(families), properties=judged)


def test_that_the_shipped_design_has_two_models_of_each_family(tmp_path: Path) -> None:
    design = read_design(TINY)
    plan = Plan(design, Folder(tmp_path))
    assert {one.family for one in design.families} == {
        name for name, one in FAMILIES.items() if not one.environment
    }
    assert {one.models for one in design.families} == {2}
    assert len(plan.metrics) >= 40
    assert tomllib.loads(TINY.read_text())["format"] == 1


@pytest.mark.timeout(280)
def test_that_a_campaign_of_all_families_becomes_a_table(tmp_path: Path) -> None:
    design = smaller()
    plan = plan_in(tmp_path, design)
    known = run(plan)
    trained = [entry for entry in known.values() if entry.kind == "train"]
    assert len(trained) == 2 * len(design.families)
    assert [entry for entry in trained if not entry.good] == []
    assert main(["campaign", "export", str(tmp_path / "tiny.toml"), "--folder", str(tmp_path)]) == 0
    table = read_table(plan.folder.table)
    assert table.n_models == len(trained)
    assert set(table.families) - {"Threshold"} == {
        FAMILIES[one.family].label for one in design.families
    }
    assert [column.unit for column in table.metric_columns][:3] == ["Å", "eV/atom", "GPa"]
    pair = table.values[table.models][:, [table.metric_index("a"), table.metric_index("test_F")]]
    whole = pair[np.isfinite(pair).all(axis=1)]
    assert len(whole) > len(trained) / 2
    assert non_dominated(whole).any()
    links = read_links(tmp_path / "links.csv")
    evidence = next(one for one in links if one.metric == "test_F")
    assert table.has_key(evidence.model)
    frames = open_trajectory(evidence.path)
    assert frames.n_frames == SETS["test"]
    assert {"forces", "ref_forces"} <= set(frames.frame(0).columns)


def test_that_the_command_says_how_far_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "mine.toml"
    assert main(["campaign", "new", str(new), "--families", "mtp,uf3", "--models", "2"]) == 0
    assert main(["campaign", "new", str(new)]) == 1
    assert "exists already" in capsys.readouterr().err
    folder = ["--folder", str(tmp_path / "done")]
    assert main(["campaign", "status", str(new), *folder]) == 1
    assert "holds no campaign" in capsys.readouterr().err
    plan_in(tmp_path / "done", read_design(new))
    assert main(["campaign", "status", str(new), *folder]) == 0
    assert "set 0/3, train 0/16, property 0/27" in capsys.readouterr().out
    assert main(["campaign", "export", str(new), *folder]) == 1
    assert "no model is judged yet" in capsys.readouterr().err
    assert main(["campaign", "run", str(tmp_path / "none.toml")]) == 1
    assert "there is no such file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["campaign", "dance", str(new)])
