"""Files of curves beside a table."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.core.curves import REFERENCE, Curves
from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.tables import read_table
from mlipviewer.io.tables.curves import read_curves, write_curves
from mlipviewer.io.tables.join import join

TABLE = "ModelName,eos,other\nA,1.5,1\nB,2.5,2\n"
SAID = "eos:\n  floor: 0.1\n  curves: curves/eos.csv\n"
POINTS = (
    "model,volume,energy (meV/atom)\nreference,0.9,10\nA,0.9,11.5\nreference,1.1,12\nA,1.1,13\n"
)


def given(folder: Path, said: str = SAID, points: str | None = POINTS) -> Path:
    (folder / "errors.csv").write_text(TABLE)
    (folder / "errors.metrics.yaml").write_text(said)
    (folder / "curves").mkdir()
    if points is not None:
        (folder / "curves" / "eos.csv").write_text(points)
    return folder / "errors.csv"


def test_that_a_table_has_the_curves_that_its_metadata_names(tmp_path: Path) -> None:
    table = read_table(given(tmp_path))
    assert table.notes == ()
    assert table.metric_column("eos").floor == 0.1
    curves = table.curves["eos"]
    assert (curves.x_title, curves.y_title) == ("volume", "energy (meV/atom)")
    assert {key: [axis.tolist() for axis in curve] for key, curve in curves.of.items()} == {
        REFERENCE: [[0.9, 1.1], [10.0, 12.0]],
        "A": [[0.9, 1.1], [11.5, 13.0]],
    }
    assert "other" not in table.curves


def test_that_a_packed_file_is_read_in_its_place(tmp_path: Path) -> None:
    file = given(tmp_path, points=None)
    packed = tmp_path / "curves" / "eos.csv.gz"
    packed.write_bytes(gzip.compress(POINTS.encode()))
    assert set(read_table(file).curves["eos"].of) == {REFERENCE, "A"}


@pytest.mark.parametrize(
    ("said", "points", "why"),
    [
        (SAID, None, "there is no such file"),
        (SAID, "model,x\nA,1\n", "the header of a file of curves is model,x,y"),
        (SAID, "model,x,y\nA,1,one\n", "is no point model,x,y"),
        (SAID, "model,x,y\nA,1\n", "is no point model,x,y"),
        (SAID.replace("curves/eos", "../eos"), POINTS, "is not a file beside the table"),
        (SAID.replace("curves/eos", "/etc/eos"), POINTS, "is not a file beside the table"),
    ],
)
def test_that_a_table_is_good_without_curves_that_cannot_be_read(
    tmp_path: Path, said: str, points: str | None, why: str
) -> None:
    table = read_table(given(tmp_path, said, points))
    assert table.curves == {}
    assert table.n_models == 2
    assert [why in one.text and "eos" in one.text for one in table.notes] == [True]


def test_that_what_is_written_is_read(tmp_path: Path) -> None:
    x = np.linspace(0, 1, 7)
    made = Curves("x, of a kind", "y", {"a,b": (x, x**2), REFERENCE: (x, -x)})
    write_curves(tmp_path / "c.csv", made)
    found = read_curves(tmp_path / "c.csv")
    assert (found.x_title, found.y_title) == ("x, of a kind", "y")
    assert all(np.allclose(found.of[key], made.of[key], rtol=1e-5) for key in made.of)
    with pytest.raises(ReadProblem):
        read_curves(tmp_path / "none.csv")


def test_that_joined_tables_keep_their_curves(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = read_table(given(tmp_path / "one"), "one")
    two = read_table(given(tmp_path / "two"), "two")
    joined = join(one, two, (), False, None, {}, False).table
    second = next(name for name in joined.metrics if name not in one.metrics and "eos" in name)
    assert set(joined.curves) == {"eos", second}
    assert set(joined.curves[second].of) == {REFERENCE, "A"}
    assert joined.has_key("A")
