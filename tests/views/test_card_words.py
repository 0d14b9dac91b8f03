"""What the card of an atom tells: what colours it, its classes, the error of its force."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.spheres import kinds_of
from mlipviewer.session.state import Colouring
from mlipviewer.views.atoms.words import card_words
from tests import made

ROLES = {"forces": "forces", "reference forces": "ref_forces"}


@pytest.fixture
def frame() -> Frame:
    """With classes, and units."""
    found = made.made_frames()[0]
    names = ("other", "bcc", "fcc")
    columns = {**found.columns, "structure": np.arange(27) % 4, "cluster": np.arange(27) % 3}
    return replace(
        found,
        columns=MappingProxyType(columns),
        units=MappingProxyType({"forces": "eV/Å", "energies": "eV"}),
        classes=MappingProxyType({"structure": names}),
    )


def lines(frame: Frame, row: int, column: str = "species", **roles: str) -> list[str]:
    known = {name.replace("_", " "): one for name, one in roles.items()}
    colouring = Colouring(column)
    return card_words(frame, kinds_of(frame), row, colouring, None, known).split("\n")[2:]


def test_that_a_value_has_its_unit(frame: Frame) -> None:
    energy = frame.columns["energies"][4]
    assert lines(frame, 4, "energies")[0] == f"energies = {energy:.6g} eV"
    norm = np.linalg.norm(frame.columns["forces"][4])
    assert lines(frame, 4, "forces")[0] == f"|forces| = {norm:.6g} eV/Å"


def test_that_a_unit_that_files_leave_out_is_the_usual_one(frame: Frame) -> None:
    assert lines(replace(frame, units=MappingProxyType({})), 4, "energies")[0].endswith(" eV")
    assert lines(replace(frame, units=MappingProxyType({})), 4, "cluster")[0] == "cluster = 1"


def test_that_classes_are_told_by_name_whatever_colours(frame: Frame) -> None:
    assert lines(frame, 1) == ["structure = bcc"]
    assert lines(frame, 2, "structure") == ["structure = fcc"]  # once
    assert lines(frame, 3) == ["structure = 3"]  # a number without a name
    assert lines(frame, 6, "energies")[1:] == ["structure = fcc"]


def test_that_words_are_classes_too(frame: Frame) -> None:
    words = np.array(["bulk", "wall"])[np.arange(27) % 2]
    named = replace(frame, columns=MappingProxyType({**frame.columns, "region": words}))
    assert lines(named, 1) == ["structure = bcc", "region = wall"]


def test_that_the_error_of_the_force_is_the_length_of_the_difference(frame: Frame) -> None:
    found = lines(frame, 7, forces="forces", reference_forces="ref_forces")
    assert found[-1] == "error of the force = 0.1 eV/Å"  # made so
    assert len(lines(frame, 7, forces="forces")) == 1  # without a reference none
    assert len(lines(frame, 7, forces="forces", reference_forces="energies")) == 1
