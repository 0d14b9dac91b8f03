"""Rules of classes: read, written, and what they make of atoms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis.methods.class_rules import (
    LITHIUM,
    OTHER,
    Rule,
    classes_of,
    classified,
    left_out,
    read_rules,
    write_rules,
)
from mlipviewer.core.analysis import AnalysisProblem

NAMES = {
    "x": np.array([0.0, 1.0, 2.0, 3.0]),
    "cna": np.array(["bcc", "fcc", "hcp", ""], object),
}


def test_that_the_first_rule_that_holds_counts() -> None:
    rules = read_rules('metal: cna == "bcc"; dense #2CA02C: cna in ("fcc", "hcp"); metal: x > 0')
    classes, colours = classes_of(rules)
    assert classes == ("metal", "dense", OTHER)
    assert colours == ("", "#2ca02c", "")
    assert [classes[i] for i in classified(rules, NAMES, 4)] == ["metal", "dense", "dense", "metal"]
    swapped = (rules[2], *rules[:2])
    assert [classes_of(swapped)[0][i] for i in classified(swapped, NAMES, 4)] == ["metal"] * 4


def test_that_atoms_without_a_rule_are_other() -> None:
    rules = read_rules("far: x > 2")
    assert [classes_of(rules)[0][i] for i in classified(rules, NAMES, 4)] == [OTHER] * 3 + ["far"]


def test_that_parentheses_leave_a_class_out_of_counts() -> None:
    assert left_out(LITHIUM) == {"wall", "electrolyte Li"}
    rules = read_rules('(the wall) #112233: cna == "a:b;c"\nrest: true')
    assert rules == (
        Rule("the wall", 'cna == "a:b;c"', "#112233", counted=False),
        Rule("rest", "true"),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no rules"),
        ("bcc", "a colon"),
        ("bcc:", "a colon"),
        (": x > 1", "a colon"),
        ("(wall: x > 1", "a colon"),
        ("far: x >", "rule 'far'"),
        ("far: y > 1", "there is no 'y'"),
    ],
)
def test_that_wrong_rules_are_told(text: str, reason: str) -> None:
    with pytest.raises(AnalysisProblem, match=reason):
        classified(read_rules(text), NAMES, 4)


names = st.from_regex(r"[A-Za-z][A-Za-z0-9 _.-]{0,12}[A-Za-z0-9]", fullmatch=True)
conditions = st.sampled_from(["true", "x > 1", 'cna == "a;b: c"', "near('O', 2.6) and x < 1"])
colours = st.sampled_from(["", "#00ff7f", "#123456"])
some_rules = st.lists(st.builds(Rule, names, conditions, colours, st.booleans()), min_size=1)


@given(some_rules)
def test_that_rules_are_written_as_they_are_read(rules: list[Rule]) -> None:
    assert read_rules(write_rules(rules)) == tuple(rules)


@given(some_rules)
def test_that_every_atom_has_one_class(rules: list[Rule]) -> None:
    rules = [rule for rule in rules if "near" not in rule.condition]
    if rules:
        codes = classified(rules, NAMES, 4)
        assert codes.max() < len(classes_of(rules)[0])
