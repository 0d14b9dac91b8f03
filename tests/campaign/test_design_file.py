"""Designs: read, written, and refused with one sentence."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.design_file import as_toml, design_of, read_design
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder
from mlipviewer.campaign.plan import Plan
from mlipviewer.campaign.starting import new_design

GOOD = """
properties = ["lattice", "set-errors"]
[crystal]
element = "Si"
[reference]
calculator = "stillinger-weber"
values = { a = 5.43 }
sources = { a = "measured" }
[[set]]
name = "Org"
generate = ["bulk"]
frames = 4
enrich = { vacancy = 2 }
[[existing]]
name = "my \\"own\\" one"
calculator = "emt"
settings = { "odd key" = [1, 2.5, true] }
"""


def test_that_a_design_is_written_as_it_is_read() -> None:
    design = design_of(tomllib.loads(GOOD))
    assert design_of(tomllib.loads(as_toml(design))) == design
    assert design.existing[0].settings == {"odd key": [1, 2.5, True]}
    assert design.sets[0].enrich == {"vacancy": 2}


def test_that_a_new_design_is_a_design_of_all_families(tmp_path: Path) -> None:
    text = new_design("mine", list(FAMILIES), 4)
    design = design_of(tomllib.loads(text))
    plan = Plan(design, Folder(tmp_path))
    assert [one.family for one in design.families] == list(FAMILIES)
    assert plan.totals()["train"] == 8 * 2 * len(FAMILIES)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("[crystal]", "[crystals]"), "there is no [crystal]"),
        (('element = "Si"', ""), "crystal: element is missing"),
        (('element = "Si"', "element = 14"), "crystal: element is a text, not 14"),
        (("frames = 4", "frames = 4.5"), "set: frames is a whole number"),
        (("frames = 4", "frames = 0"), "frames is at least one"),
        (('["bulk"]', '["bulky"]'), "'bulky' is none of bulk, strained"),
        (("frames = 4", "frame = 4"), "set: 'frame' is none of"),
        (("frames = 4", "frames = 4\nvalidation = 2.0"), "validation is a share"),
        (('name = "Org"', 'name = "a/b"'), "'a/b' is no name that a file can have"),
        (('["lattice", "set-errors"]', "[]"), "properties names none"),
        (("properties", 'sampler = "dice"\nproperties'), "sampler is one of sobol"),
        (("properties", "format = 2\nproperties"), "a newer program wrote this design"),
        (("properties", "limits = { seconds = -1 }\nproperties"), "limits: seconds"),
        (("[[existing]]", "[[set]]"), "set: 'calculator' is none of"),
        (("[[set]]", "[set]"), "several of a kind are written as [[set]]"),
    ],
)
def test_that_what_is_wrong_is_told_in_one_sentence(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(GOOD.replace(*change, 1))
    with pytest.raises(DesignProblem) as problem:
        read_design(path)
    assert told in str(problem.value)
    assert str(problem.value).startswith("wrong.toml: ")
    assert "\n" not in str(problem.value)


def test_that_no_toml_and_unknown_properties_are_told(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("= 3")
    with pytest.raises(DesignProblem, match="is no TOML"):
        read_design(path)
    design = design_of(tomllib.loads(GOOD.replace('"lattice"', '"charm"')))
    with pytest.raises(DesignProblem, match=r"'charm' is none of .*lattice"):
        Plan(design, Folder(tmp_path))
