"""Readers, exports, colour maps, columns, properties and families of plug-ins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import mlipviewer
from mlipviewer.campaign import FAMILIES, PROPERTIES
from mlipviewer.core import plugins
from mlipviewer.core.plugins import Kind
from mlipviewer.gui.colours import colour_map, colour_map_names
from mlipviewer.session.settings.plugin_list import all_plugins
from tests import made
from tests.plugins.packages import install, install_example, on_path

MODULE = """
import numpy as np
from dataclasses import dataclass, replace
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.extension import ColourMap, Export, Reader
from mlipviewer.core.params import Params
from mlipviewer.core.trajectory import Frame
from mlipviewer.campaign.families.snap import FAMILY as OURS
from mlipviewer.campaign.properties.lattice import PROPERTY as THEIRS

def read(path):
    lines = path.read_text().split("\\n")[1:]
    for k, line in enumerate(lines):
        yield Frame(k, np.array([[float(x) for x in line.split()]]), np.array([3]))

READER = Reader("dots", "Dots", ("*.dots",), read)
SNIFFED = Reader("sniffed", "Sniffed", (), read, lambda head: head.startswith(b"#sniff"))
EXPORT = Export("count", "Counts", ".count", lambda f: f"{f.n_atoms}\\n".encode(),
                lambda t: ",".join(t).encode())
WRONG = Export("wrong", "Wrong", ".wrong", lambda f: "text", lambda t: 1 / 0)
MAP = ColourMap("broken", ((0.0, 0.0, 2.0), (1.0, 1.0, 1.0)))
FAMILY = replace(OURS, name="mine", label="MINE")
PROPERTY = replace(THEIRS, name="mine")

@dataclass(frozen=True)
class P(Params):
    pass

def column(frame, params):
    return Computed({"double_x": 2 * frame.positions[:, 0]})
COLUMN = Computation("double", "Double", "Twice x.", P, column, {"double_x": "twice x"})
"""
POINTS = {
    Kind.READER.value: {"dots": "mine:READER", "sniffed": "mine:SNIFFED"},
    Kind.EXPORT.value: {"count": "mine:EXPORT", "wrong": "mine:WRONG"},
    Kind.COLOUR_MAP.value: {"broken": "mine:MAP"},
    Kind.FAMILY.value: {"mine": "mine:FAMILY"},
    Kind.PROPERTY.value: {"mine": "mine:PROPERTY"},
    Kind.COMPUTATION.value: {"double": "mine:COLUMN"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "packages"
    place.mkdir()
    with on_path(place):
        install(place, "mine", POINTS, {"mine": MODULE})
        install_example(place)
        plugins.forget()
        yield place
    colour_map.cache_clear()


def test_that_a_format_of_a_plug_in_is_read_by_name_and_by_content(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.dots").write_text("dots\n1 2 3\n4 5 6")
    (tmp_path / "b.unknown").write_text("#sniff\n7 8 9")
    run = mlipviewer.read_trajectory(tmp_path / "a.dots")
    assert run.n_frames == 2
    assert run.frame(1).positions.tolist() == [[4, 5, 6]]
    assert mlipviewer.read_trajectory(tmp_path / "b.unknown").frame(0).positions[0, 2] == 9
    (tmp_path / "c.dots").write_text("dots\n1 2 x")
    with pytest.raises(mlipviewer.ReadProblem, match=r"c.dots: plug-in dots of mine 1.0: ValueErr"):
        mlipviewer.read_trajectory(tmp_path / "c.dots")
    with mlipviewer.open(tmp_path / "a.dots") as viewer:
        assert viewer.frame is not None
        assert viewer.frame.n_atoms == 1


def test_that_exports_of_plug_ins_are_written_or_say_why_not(folder: Path, tmp_path: Path) -> None:
    run = mlipviewer.read_trajectory(made.write_extxyz(tmp_path / "run.extxyz"))
    assert mlipviewer.write_frames(run, tmp_path / "run.count") == 8
    assert (tmp_path / "run.count").read_text() == "27\n" * 8
    mlipviewer.write_table(made.error_table(), tmp_path / "table.count")
    assert (tmp_path / "table.count").read_text().startswith("model,family,e0")
    with pytest.raises(mlipviewer.ReadProblem, match="it gives str, not bytes"):
        mlipviewer.write_frames(run, tmp_path / "run.wrong")
    assert not (tmp_path / "run.wrong").exists()
    with pytest.raises(ValueError, match="ZeroDivisionError"):
        mlipviewer.write_table(made.error_table(), tmp_path / "table.wrong")


def test_that_colour_maps_of_plug_ins_are_offered(folder: Path) -> None:
    assert colour_map_names()[-1] == "rust"
    table = colour_map("rust")
    assert table.shape == (256, 3)
    assert table[-1].tolist() == [255, 237, 204]
    assert (np.diff(table.sum(axis=1).astype(int)) >= 0).all()
    said = next(one.problem for one in all_plugins() if one.name == "broken")
    assert "from 0 to 1" in said


def test_that_families_properties_and_columns_of_plug_ins_are_known(folder: Path) -> None:
    assert FAMILIES["mine"].label == "MINE"
    assert PROPERTIES["mine"].name == "mine"
    assert "mine" in list(FAMILIES)
    run = made.trajectory()
    (found,) = mlipviewer.columns(run, "double", frames=[2])
    assert np.array_equal(found.columns["double_x"], 2 * run.frame(2).positions[:, 0])
