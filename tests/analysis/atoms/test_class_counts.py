"""Counts of classes by rules along a trajectory."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.session.many_frames import ManyFrames
from tests.analysis.atoms.test_structure_counts import melting, share

COUNTS = ANALYSES["class-counts"]


def found(**params: object) -> Result:
    inputs = Inputs(trajectory=melting(), engine=ManyFrames(keep=False))
    return COUNTS.run(inputs, COUNTS.params(**params), Progress())


def test_that_rules_name_the_classes_and_leave_some_out() -> None:
    result = found(rules="(lower): z < 17.4; crystal: cna == 'bcc'; melt: true")
    assert set(result.tables["counts"]["class"]) == {"crystal", "melt"}
    assert 120 < result.summary["n_left_out"] < 200  # type: ignore[operator]
    shares = [share(result, name) for name in ("crystal", "melt")]
    assert np.allclose(np.sum(shares, axis=0), 1)
    assert shares[0][0] == 1.0
    assert shares[0][-1] == pytest.approx(2 * 0.32, abs=0.08)  # of the upper half
    assert result.summary["crystal_last"] == pytest.approx(shares[0][-1], abs=1e-6)


def test_that_atoms_without_a_rule_are_counted_as_other() -> None:
    result = found(rules="crystal: cna == 'bcc'")
    assert set(result.tables["counts"]["class"]) == {"crystal", "other"}
    assert np.sum(result.tables["counts"]["count"]) == 5 * 320
    with pytest.raises(AnalysisProblem, match="write a name"):
        found(rules="crystal")
