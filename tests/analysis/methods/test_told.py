"""Weights and levels as text, and presets of weights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis.methods.told import (
    EQUAL,
    of_representatives,
    one_per_category,
    read_levels,
    read_told,
    read_weights,
    write_levels,
    write_told,
    write_weights,
)
from mlipviewer.core.analysis import AnalysisProblem
from tests.made import error_table

NAMES = st.text(st.characters(exclude_characters="`", codec="utf-8", exclude_categories=["C"]),
                min_size=1).filter(lambda name: name.strip())  # fmt: skip


@given(st.dictionaries(NAMES, st.sampled_from(["3", "0.5", "1:2", ":7"])))
def test_that_what_was_written_is_read(told: dict[str, str]) -> None:
    assert read_told(write_told(told), "") == told


def test_that_weights_and_levels_are_read_with_spaces_and_quotes() -> None:
    assert read_weights(" a b = 3 ,`x,y=z`=0.5") == {"a b": 3.0, "x,y=z": 0.5}
    assert read_levels("a=0.1:5, b=:2, c=1e-3:") == {
        "a": (0.1, 5.0),
        "b": (None, 2.0),
        "c": (0.001, None),
    }
    assert read_weights("") == {}


@pytest.mark.parametrize("text", ["a", "a=", "=3", "a=-1", "a=inf", "a=1=2"])
def test_that_other_texts_are_refused(text: str) -> None:
    with pytest.raises(AnalysisProblem):
        read_weights(text)


def test_that_presets_weigh_as_they_say() -> None:
    table = error_table(n_metrics=5, missing=0)  # even: e0, e2, e4; odd: e1, e3
    assert write_weights(EQUAL) == ""
    shared = one_per_category(table, table.metrics)
    assert shared == pytest.approx({"even": 1 / 3, "odd": 1 / 2})
    stands = {"e0": "e0", "e2": "e0", "e4": "e4", "e1": "e1", "e3": "e0"}
    assert of_representatives(table.metrics, stands) == {
        "e0": 3.0,
        "e1": 1.0,
        "e2": 0.0,
        "e3": 0.0,
        "e4": 1.0,
    }
    assert write_levels({"a": (None, 2.0), "b": (None, None)}) == "a=:2"
