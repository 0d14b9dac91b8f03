"""A folder of structures becomes a table: its rows, its links, what cannot be treated and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ase.io import write

from mlipviewer import cli
from mlipviewer.analysis import ANALYSES
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.table import Direction
from mlipviewer.io.links import read_links
from mlipviewer.io.tables import read_table
from mlipviewer.session.batches import batch, formula_of, names_of, structure_files
from mlipviewer.session.opening import open_path
from tests.analysis.crystals import atoms_of, frame_of

MIXED = """data_mixed
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_name_H-M_alt 'F m -3 m'
_space_group_IT_number 225
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Na1 Na 0 0 0 0.5
Al1 Al 0 0 0 0.1
Y1 Y 0 0 0 0.0667
Cl1 Cl 0.5 0.5 0.5 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four structures, two of which cannot be treated, a table, a file of words."""
    made = tmp_path / "structures"
    (made / "deeper").mkdir(parents=True)
    for name in ("NaCl", "LaCl3", "rutile"):
        write(made / f"{name}.cif", atoms_of(name))
    write(made / "deeper" / "POSCAR", atoms_of("P2-NaCoO2"), format="vasp")
    (made / "mixed.cif").write_text(MIXED)
    (made / "broken.cif").write_text("data_x\nloop_\n_atom_site_label\n")
    (made / "numbers.csv").write_text("a,b\n1,2\n")
    (made / "README.md").write_text("about these files")
    return made


def run(*words: str) -> int:
    return cli.main(["run", "sites", *words])


def test_that_each_file_is_a_row_of_a_table_that_opens_as_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sites.csv"
    assert run(str(folder), "--out", str(out)) == 0
    table = read_table(out)
    rows = {key: row for row, key in enumerate(table.keys)}
    assert set(rows) == {
        "NaCl.cif", "LaCl3.cif", "rutile.cif", "POSCAR", "mixed.cif", "broken.cif", "numbers.csv"
    }  # fmt: skip
    assert table.metric("percolation_radius")[rows["LaCl3.cif"]] == pytest.approx(0.965, abs=1e-3)
    passes = table.metric("passes")
    assert [passes[rows[name]] for name in ("LaCl3.cif", "NaCl.cif", "POSCAR")] == [1, 0, 1]
    assert table.metric_column("percolation_radius").direction is Direction.HIGHER
    assert table.metric_column("percolation_radius").category == "ways"
    assert table.metric_column("percolation_radius").unit == "Å"
    assert set(table.families) == {"Na", "none"}
    assert table.text["formula"][rows["POSCAR"]] == "Na2CoO2"
    said = capsys.readouterr().out
    assert "n_structures: 7" in said
    assert "n_passes: 2" in said
    assert "note: rutile.cif: it holds no Na or Li: name the mobile ion" in said
    assert "note: numbers.csv: is a table, no structure" in said
    assert table.text["problem"][rows["rutile.cif"]].startswith("it holds no Na")


def test_that_rows_link_to_their_structures(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "sites.csv"
    assert run(str(folder), "--out", str(out)) == 0
    links = read_links(tmp_path / "sites.links.csv")
    assert {link.model for link in links} >= {"NaCl.cif", "POSCAR", "rutile.cif"}
    assert all(Path(link.path).exists() for link in links)
    assert "broken.cif" not in {link.model for link in links}
    assert open_path(str(tmp_path / "sites.links.csv")).links == links


def test_that_files_are_named_one_by_one_too(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "sites.json"
    files = [str(folder / "LaCl3.cif"), str(folder / "NaCl.cif")]
    assert run(*files, "--least-radius", "0.5", "--out", str(out)) == 0
    found = json.loads(out.read_text())
    assert found["tables"]["structures"]["structure"] == ["LaCl3.cif", "NaCl.cif"]
    assert found["params"]["least_radius"] == 0.5
    assert [one["name"] for one in found["inputs"]] == ["LaCl3.cif", "NaCl.cif"]


def test_that_shared_sites_of_a_file_are_known(folder: Path) -> None:
    trajectory = open_path(str(folder / "mixed.cif")).thing
    frame = trajectory.frame(0)  # type: ignore[union-attr]
    assert sorted(set(frame.columns["occupants"].tolist())) == ["Cl 1", "Na 0.5, Al 0.1, Y 0.0667"]
    assert formula_of(frame) == "Na2Y0.267Al0.4Cl4"
    (row,) = batch(ANALYSES["sites"], ANALYSES["sites"].params(), structure_files(
        [str(folder / "mixed.cif")]), Progress())  # fmt: skip
    assert row.problem == ""
    assert row.found is not None


def test_that_names_are_as_short_as_they_can_be() -> None:
    paths = ["/a/b/POSCAR", "/a/c/POSCAR", "/a/c/x.cif"]
    assert names_of(paths) == ["b/POSCAR", "c/POSCAR", "x.cif"]


def test_that_formulas_are_the_least_whole_amounts() -> None:
    assert formula_of(frame_of(atoms_of("NaCl"))) == "NaCl"
    assert formula_of(frame_of(atoms_of("NASICON"))) == "NaZr2P3O12"


def test_that_words_that_are_not_possible_are_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "nowhere")) == 1
    assert "there is no such file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run()
    assert "name files or folders" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(str(folder), "--figure", str(tmp_path / "a.svg"))
    with pytest.raises(ReadProblem):
        structure_files([str(tmp_path / "nowhere")])


def test_that_a_batch_can_be_stopped(folder: Path) -> None:
    progress = Progress()
    progress.stop()
    analysis = ANALYSES["sites"]
    with pytest.raises(Cancelled):
        batch(analysis, analysis.params(), structure_files([str(folder)]), progress)


def test_that_published_structures_run_as_one_batch(shared_data: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    folders = [str(shared_data / name) for name in ("sodium", "structures")]
    lithium = sorted((shared_data / "lithium").rglob("*.cif"))[::90]
    assert run(*folders, *map(str, lithium), "--out", str(out)) == 0
    table = read_table(out)
    treated = [row for row in range(table.n_rows) if not table.text["problem"][row]]
    assert len(treated) >= 3 + len(lithium) - 1
    untreated = set(range(table.n_rows)) - set(treated)
    assert all(table.text["problem"][row] for row in untreated)
    row = table.row("LiFePO4.cif")
    assert 0.52 < table.metric("percolation_radius")[row] < 0.72  # as of lithium conductors
