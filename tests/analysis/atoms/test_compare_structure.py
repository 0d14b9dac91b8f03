"""Methods compared on one frame, and the map of order parameters."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import from_mask
from tests.analysis.atoms.test_structure_counts import melting

COMPARE, MAP = ANALYSES["compare-structure"], ANALYSES["order-map"]
INPUTS = Inputs(trajectory=melting())


def compared(**params: object) -> Result:
    return COMPARE.run(INPUTS, COMPARE.params(**params), Progress())


def mapped(**params: object) -> Result:
    return MAP.run(INPUTS, MAP.params(**params), Progress())


def test_that_a_method_agrees_with_itself() -> None:
    for frame in (0, 4):
        result = compared(first="ptm", second="ptm", frame=frame)
        assert result.summary["agreement"] == 1.0
        assert result.tables["differing"]["count"] == []
    assert compared(frame=0).summary["majority_first"] == "bcc"
    assert compared(frame=4).summary["majority_second"] == "other"


def test_that_cells_stand_for_the_atoms_that_methods_call_so() -> None:
    params = COMPARE.params(frame=4, cutoff=0.2)
    result = compared(frame=4, cutoff=0.2)
    matrix = result.arrays["matrix"]
    assert matrix.sum() == 320
    transposed = compared(first="ptm", second="cna", frame=4, cutoff=0.2).arrays["matrix"]
    assert np.array_equal(np.sort(matrix, axis=None), np.sort(transposed, axis=None))
    plot = COMPARE.plots["Confusion"](INPUTS, params, result)
    (bars,) = (mark for mark in plot.marks if isinstance(mark, Bars))
    assert bars.space is Space.ATOM
    assert sum(len(one) for one in bars.rows) == 320
    called = dict(zip(bars.labels, bars.rows, strict=True))
    counts = dict(
        zip(zip(*(result.tables["confusion"][n] for n in ("first", "second")), strict=True),
            result.tables["confusion"]["count"], strict=True)
    )  # fmt: skip
    assert len(called["cna: other, ptm: bcc"]) == counts["other", "bcc"] > 0


def test_that_columns_and_rules_are_compared_too() -> None:
    result = compared(second="rules", rules="bcc: cna == 'bcc'; other: true", frame=4)
    assert result.summary["agreement"] > 0.95  # type: ignore[operator]
    with pytest.raises(AnalysisProblem, match="no column of classes 'phase'"):
        compared(second="column", column="phase")
    with pytest.raises(AnalysisProblem, match="no frame 10"):
        compared(frame=9)


def test_that_a_crystal_lies_where_its_order_is_known() -> None:
    result = mapped(x="q4", y="q6", frame=0)
    assert result.summary["n_atoms"] == 320
    whole = mapped(frame=4)
    crystal = mapped(frame=4, among="z > 25 and z < 30")
    assert crystal.summary["mean_y"] > whole.summary["mean_y"]  # type: ignore[operator]


def test_that_chosen_atoms_give_a_region_that_rules_can_use() -> None:
    params = MAP.params(frame=4)
    result = mapped(frame=4)
    high = result.arrays["y"] > 0.35
    chosen = from_mask(high)  # ids are rows here
    command = MAP.commands[0]
    asked = command.change(INPUTS, params, result, chosen)
    again = MAP.run(INPUTS, asked, Progress())
    assert again.summary["n_inside"] >= high.sum() > 10  # type: ignore[operator]
    rules = {"rules": f"ordered: {again.summary['condition']}", "second": "rules", "frame": 4}
    table = compared(**rules).tables["confusion"]
    counted = sum(
        n for name, n in zip(table["second"], table["count"], strict=True) if name == "ordered"
    )
    assert counted == again.summary["n_inside"]


def test_that_wrong_columns_and_regions_are_told() -> None:
    with pytest.raises(AnalysisProblem, match="no column 'q5'"):
        mapped(x="q5")
    with pytest.raises(AnalysisProblem, match="no numbers"):
        mapped(x="element")
    with pytest.raises(AnalysisProblem, match="at least three corners"):
        mapped(region="1, 2")


def test_that_a_free_region_becomes_a_rule_before_those_in_force() -> None:
    """A triangle that no limits can say: it holds the same atoms as a rule in any frame."""
    params = MAP.params(frame=4)
    corners = [(0.0, 0.1), (0.3, 0.1), (0.0, 0.6)]
    drawn = MAP.edits["outline"](INPUTS, params, mapped(frame=4), corners).params
    result = MAP.run(INPUTS, drawn, Progress())
    x, y = result.arrays["x"], result.arrays["y"]
    held = (x > 0) & (y > 0.1) & (y < 0.6 - 0.5 / 0.3 * x)
    assert result.summary["n_inside"] == held.sum() > 10
    asked = MAP.commands[1].computes(drawn, result, None)  # type: ignore[misc]
    assert asked.params.rules.startswith("region 1: inside(averaged_q4, averaged_q6, ")
    assert 'bcc: cna == "bcc"' in asked.params.rules
    again = MAP.commands[1].computes(drawn, result, asked.params)  # type: ignore[misc]
    assert again.params.rules.startswith("region 2: ")
    table = compared(second="rules", rules=asked.params.rules, frame=4).tables["confusion"]
    counted = sum(
        n for name, n in zip(table["second"], table["count"], strict=True) if name == "region 1"
    )
    assert counted == held.sum()
