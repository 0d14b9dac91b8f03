"""Error tables: what is guessed of columns, rows and scales; published tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlipviewer.core.table import Direction, ErrorTable, Role, RowRole, Scale
from mlipviewer.io.tables import read_table, with_roles
from mlipviewer.io.tables.known_metrics import known_metrics
from mlipviewer.io.tables.probe import probe_table
from tests.io.made_tables import PUBLISHED_SHAPE, read

STUDY = "tables/learning_from_models"


def notes(table: ErrorTable) -> list[str]:
    return [str(note) for note in table.notes]


def role_of(table: ErrorTable, name: str) -> Role:
    return next(column.role for column in table.columns if column.name == name)


# --- roles, keys, families -------------------------------------------------------------------


def test_that_a_table_of_the_published_shape_needs_no_hand(tmp_path: Path) -> None:
    table = read(tmp_path, PUBLISHED_SHAPE)
    assert table.keys == (
        "DFT|Threshold",
        "GAP|93-5|VacEnh",
        "GAP|93-5|Org",
        "NNP|93-5|VacEnh",
        "NNP|7-1|VacEnh",
    )
    assert table.row_roles == (RowRole.THRESHOLD, *[RowRole.MODEL] * 4)
    assert (table.n_models, table.family, table.scale) == (4, "Models", Scale.LINEAR)
    assert table.metrics == ("vac_Ef", "hex_c11", "unit_a")
    assert [c.unit for c in table.metric_columns] == ["eV", "GPa", "Å"]
    assert table.categories == ("E_f", "EC", "lattice")
    assert role_of(table, "") is Role.IGNORE
    assert role_of(table, "SelectionType") is Role.METADATA
    assert "" not in table.text
    assert table.metric("hex_c11").tolist() == [3.0, 2.0, 1.0, 4.0, 0.5]
    assert not table.notes


def test_that_the_last_rows_may_be_references(tmp_path: Path) -> None:
    text = ",Models,Bulk_E_free,C11\n" + "".join(
        f"{i},{name},{-i},{i}\n"
        for i, name in enumerate(["GAI1-2", "MTV3-9", "SNAP1", "X", "Theory", "DFT", "Alter"])
    )
    table = read(tmp_path, text, "small_log.csv")
    assert [table.keys[row] for row in table.rows_of(RowRole.REFERENCE)] == [
        "Theory",
        "DFT",
        "Alter",
    ]
    assert table.scale is Scale.LOG10
    assert table.family is None


def test_that_a_level_of_theory_does_not_make_references(tmp_path: Path) -> None:
    table = read(tmp_path, "model,method,e\na,DFT,1\nb,DFT,2\nc,DFT,3\n")
    assert table.n_models == 3


def test_that_the_key_is_the_shortest_unique_set_in_file_order(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b,c,e\n1x,1y,z,1\n1x,2y,z,2\n2x,1y,w,3\n")
    assert [c.name for c in table.columns if c.role is Role.KEY] == ["a", "b"]
    assert table.keys == ("1x|1y", "1x|2y", "2x|1y")


def test_that_rows_nothing_tells_apart_are_numbered_with_a_note(tmp_path: Path) -> None:
    table = read(tmp_path, "model,e\na,1\na,2\nb,3\n")
    assert table.keys == ("a", "a #2", "b")
    assert any("tells all models apart" in note for note in notes(table))


def test_that_rows_without_names_are_counted(tmp_path: Path) -> None:
    table = read(tmp_path, "T,D\n600,1E-06\n700,2E-06\n")
    assert table.keys == ("row 1", "row 2")
    assert table.metrics == ("T", "D")


def test_that_counts_and_ranks_are_no_errors_but_can_be_asked_for(tmp_path: Path) -> None:
    table = read(tmp_path, "model,rank,rmse\na,1,0.1\nb,2,0.2\n")
    assert table.metrics == ("rmse",)
    assert table.text["rank"] == ("1", "2")


def test_that_roles_can_be_corrected(tmp_path: Path) -> None:
    table = with_roles(read(tmp_path, PUBLISHED_SHAPE), {"NNP|7-1|VacEnh": RowRole.REFERENCE})
    assert table.n_models == 3


def test_that_units_in_names_are_read_and_better_high_is_seen(tmp_path: Path) -> None:
    table = read(tmp_path, "model,K [GPa],msd (A^2),All (WTMAD),R2\na,1,2,3,0.5\n")
    assert [c.title for c in table.metric_columns] == [
        "K (GPa)",
        "msd (A^2)",
        "All (WTMAD)",
        "R2",
    ]
    assert table.metric_column("R2").direction is Direction.HIGHER


def test_that_sixty_published_properties_are_known_with_their_categories() -> None:
    known = known_metrics()
    published = [n for n in known if not n.endswith("RMSE")][:60]
    counts: dict[str, int] = {}
    for name in published:
        counts[known[name][0]] = counts.get(known[name][0], 0) + 1
    assert counts == {
        "E_f": 4,
        "EC": 20,
        "lattice": 6,
        "energy ranking": 12,
        "RE": 8,
        "enhanced": 4,
        "thermodynamic": 6,
    }


# --- scales ----------------------------------------------------------------------------------


def test_that_scales_are_recognised_by_name_or_content(tmp_path: Path) -> None:
    errors = 10 ** np.random.default_rng(0).normal(-1, 1, (30, 3))

    def text(values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> str:
        rows = [f"m{i}," + ",".join(map(repr, row.tolist())) for i, row in enumerate(values)]
        return "model,vac_Ef,hex_c11,unit_a\n" + "\n".join(rows) + "\n"

    logs = np.log10(errors)
    z = (logs - logs.mean(0)) / logs.std(0)
    assert read(tmp_path, text(errors), "log_errors.csv").scale is Scale.LINEAR
    assert read(tmp_path, text(logs), "log_errors.csv").scale is Scale.LOG10
    assert read(tmp_path, text(logs), "plain.csv").scale is Scale.LOG10
    assert read(tmp_path, text(z), "plain.csv").scale is Scale.ZSCORE
    assert read(tmp_path, text(z[:9]), "normalized_log_errors.csv").scale is Scale.ZSCORE
    signed = text(logs).replace("vac_Ef", "p").replace("hex_c11", "q").replace("unit_a", "r")
    assert read(tmp_path, signed, "catalogue.csv").scale is Scale.LINEAR


# --- published tables ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("absolute_errors", Scale.LINEAR),
        ("log_errors", Scale.LOG10),
        ("normalized_log_errors", Scale.ZSCORE),
    ],
)
def test_that_the_published_tables_open(shared_data: Path, name: str, scale: Scale) -> None:
    table = read_table(shared_data / STUDY / f"{name}.csv")
    assert (table.n_rows, table.n_models, len(table.metrics)) == (2301, 2300, 60)
    assert [table.keys[row] for row in table.rows_of(RowRole.THRESHOLD)] == ["DFT|Threshold"]
    assert table.has_key("GAP|93-5|VacEnh")
    assert (table.scale, table.family) == (scale, "Models")
    assert len(table.categories) == 7


def test_that_the_small_published_table_has_three_references(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "D124_log.csv")
    references = [table.keys[row] for row in table.rows_of(RowRole.REFERENCE)]
    assert references == ["Theory", "DFT", "Alter"]
    assert (table.n_models, len(table.metrics), table.scale) == (124, 31, Scale.LOG10)
    assert all(column.category for column in table.metric_columns)


def test_that_every_published_table_opens_or_says_why_not(shared_data: Path) -> None:
    files = [p for p in sorted((shared_data / "tables").rglob("*")) if p.is_file()]
    found = {path: probe_table(str(path)) for path in files}
    unread = [p.name for p, one in found.items() if p.suffix == ".csv" and one["status"] != "ok"]
    assert not unread
    for path, one in found.items():
        assert one["status"] == "ok" or one["problems"][0]["message"].startswith(path.name)
