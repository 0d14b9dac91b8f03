"""The text of a design: changed without losing the rest of it, problems found at their line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.design_file import design_of
from mlipviewer.campaign.editing import (
    family_said,
    range_text,
    with_part,
    with_part_value,
    with_value,
    without_part,
)
from mlipviewer.campaign.estimate import costs_of, models_of, seconds_left
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder
from mlipviewer.campaign.plan import Plan
from mlipviewer.campaign.range_words import given_text, range_given
from mlipviewer.campaign.space import Choice, Real, Whole, narrowed
from mlipviewer.campaign.starting import new_design
from mlipviewer.session.campaigns.looking import read_text
from tests.campaign.stage import HEAD, existing

TEXT = new_design("some", ("mtp", "uf3"), 4)


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def test_that_a_changed_value_leaves_all_comments() -> None:
    changed = with_value(TEXT, "limits", "seconds", 30.0)
    changed = with_value(changed, "", "properties", ["lattice", "eos"])
    changed = with_part_value(changed, "family", 1, "models", 7)
    assert comments(changed) == comments(TEXT)
    design = design_of(tomllib.loads(with_part_value(changed, "family", 1, "candidates", 9)))
    assert design.limits.seconds == 30.0
    assert design.properties == ("lattice", "eos")
    assert [part.models for part in design.families] == [4, 7]


def test_that_parts_come_and_go() -> None:
    text = with_part(TEXT, "family", family_said("gap", 3))
    text = with_part(text, "existing", {"name": "metal", "calculator": "emt"})
    design = design_of(tomllib.loads(text))
    assert [part.family for part in design.families] == ["mtp", "uf3", "gap"]
    assert design.families[2].models == 3
    assert design.existing[0].calculator == "emt"
    fewer = without_part(without_part(text, "existing", 0), "family", 0)
    assert [p.family for p in design_of(tomllib.loads(fewer)).families] == ["uf3", "gap"]
    with pytest.raises(DesignProblem, match="has no such place"):
        without_part(text, "family", 9)
    with pytest.raises(DesignProblem, match="is no TOML"):
        with_value("a = [", "", "b", 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('element = "Si"', "element = 14", "crystal: element is a text"),
        ("models = 4", "models = 400", "0 < models <= candidates"),
        ('name = "mtp"', 'name = "mtb"', "family 'mtb' is none of"),
        ("seconds = 300.0", 'seconds = "long"', "limits: seconds is a number"),
        ("repeat = 2", "repeats = 2", "'repeats' is none of"),
        ('sampler = "sobol"', 'sampler = "sobols"', "sampler is one of"),
        ("frames = 20", "frames = 2", "frames is at least one for each kind"),
        ("format = 1", "format = 1 1", "this is no TOML"),
        ('properties = ["lattice"', 'properties = ["latice"', "'latice' is none of"),
    ],
)
def test_that_a_problem_is_told_at_its_line(old: str, new: str, said: str) -> None:
    at = TEXT.index(old)
    text = TEXT[:at] + new + TEXT[at + len(old) :]
    reading = read_text(text)
    assert reading.design is None
    assert said in reading.problem
    assert reading.line == TEXT[:at].count("\n") + 1


def test_that_the_cost_is_known_before_anything_is_sampled() -> None:
    reading = read_text(TEXT)
    assert reading.design is not None
    assert reading.costs == costs_of(reading.design)
    assert models_of(reading.design) == 2 * 2 * 4
    counts = {(cost.kind, cost.name): cost.count for cost in reading.costs}
    assert counts["train", "mtp"] == 2 * 8
    assert counts["property", "lattice"] == 17
    assert counts == {
        key: n for key, (n, _) in Plan(reading.design, Folder(Path())).sorts().items()
    }
    whole = seconds_left(reading.costs)
    assert seconds_left(reading.costs, 4) == pytest.approx(whole / 4)
    assert whole > 32 * 10


def test_that_every_range_of_a_family_reads_as_it_is_shown() -> None:
    for family in FAMILIES.values():
        for dimension in family.space.values():
            shown = range_text(dimension).removesuffix(", log")
            given = range_given(shown, dimension)
            assert range_text(narrowed(dimension, given)) == range_text(dimension)
            assert range_given(given_text(given, dimension), dimension) == given


@pytest.mark.parametrize(
    ("text", "dimension", "given"),
    [
        ("4.3 to 5", Real(4.0, 6.0), [4.3, 5.0]),
        ("4.3, 5", Real(4.0, 6.0), {"choices": [4.3, 5.0]}),
        ("[3 to 4]", Whole(3, 6), [3, 4]),
        ("5", Whole(3, 6), 5),
        ("4, 8", Choice((4, 6, 8)), [4, 8]),
        ("", Real(4.0, 6.0), None),
    ],
)
def test_that_ranges_are_read_as_people_write_them(
    text: str, dimension: Real | Whole | Choice, given: object
) -> None:
    found = range_given(text, dimension)
    assert found == given
    assert range_given(given_text(found, dimension), dimension) == given


@pytest.mark.parametrize("text", ["x", "5 to 4", "4.5 to 5", "1 to 2 to 3"])
def test_that_what_is_no_range_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"whole number|begins above|none of|is not"):
        range_given(text, Whole(3, 6))


def test_that_a_value_that_was_not_said_stands_before_the_tables() -> None:
    text = HEAD.format(properties='"lattice"') + existing(1)
    told = with_value(with_value(text, "", "sampler", "random"), "", "seed", 7)
    found = design_of(tomllib.loads(told))
    assert (found.sampler, found.seed) == ("random", 7)
