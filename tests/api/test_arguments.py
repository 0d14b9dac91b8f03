"""What `mlipviewer.run` is given is taken, or told: arguments, values of parameters, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mlipviewer
from tests import made


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("doas", {"atoms": "element == 'Na'"}),
        ("doas", {"atoms": [1]}),
        ("series", {"where": "e0 > 1"}),
        ("series", {"rows": ["m1"]}),
        ("msd", {"runs": {"m1": "run.extxyz"}}),
        ("pareto", {"atoms": "element == 'Na'"}),
    ],
)
def test_that_what_an_analysis_does_not_take_is_told(
    tmp_path: Path, name: str, given: dict[str, Any]
) -> None:
    made.write_extxyz(tmp_path / "run.extxyz")
    (word,) = given
    with pytest.raises(TypeError, match=f"{name} takes no {word}"):
        mlipviewer.run(name, trajectory=tmp_path / "run.extxyz", **given)


def test_that_empty_arguments_are_none(tmp_path: Path) -> None:
    made.write_table(tmp_path / "errors.csv")
    found = mlipviewer.run("pareto", table=tmp_path / "errors.csv", atoms="", runs={}, where=" ")
    assert found.summary["n_models"]
