"""Tables side by side by key; metrics that are named differently."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.table import ErrorTable, Role, RowRole, Scale
from mlipviewer.io.tables import TableChoices, read_table
from mlipviewer.io.tables.aliases import canonical, same_metrics
from mlipviewer.io.tables.join import JoinProblem, join, ways_to_match

ONE = "model,type,force_rmse,c11\nA,x,1,10\nB,x,2,20\nC,y,3,30\nDFT,y,0,0\n"
TWO = "name,note,RMSE_F,c11\nC,c,300,3\nA,a,100,1\nZ,z,900,9\n"


def read(
    folder: Path, text: str, name: str = "one", choices: TableChoices | None = None
) -> ErrorTable:
    (folder / f"{name}.csv").write_text(text)
    return read_table(folder / f"{name}.csv", choices=choices)


def test_that_rows_are_matched_by_key_not_by_order(tmp_path: Path) -> None:
    found = join(read(tmp_path, ONE), read(tmp_path, TWO, "two"))
    table = found.table
    assert table.keys == ("A", "C")
    assert table.metrics == ("force_rmse", "c11", "RMSE_F", "c11 [two]")
    assert table.values.tolist() == [[1, 10, 100, 1], [3, 30, 300, 3]]
    assert (found.only_first, found.only_second) == (("B", "DFT"), ("Z",))
    assert dict(found.pairs) == {"force_rmse": "RMSE_F", "c11": "c11 [two]"}
    assert table.text["note"] == ("a", "c")
    assert table.family == "type"
    told = " ".join(map(str, table.notes))
    assert "1 models have no partner in two: B" in told
    assert "1 models have no partner in one: Z" in told


def test_that_every_row_can_be_kept(tmp_path: Path) -> None:
    table = join(read(tmp_path, ONE), read(tmp_path, TWO, "two"), keep_all=True).table
    assert table.keys == ("A", "B", "C", "DFT", "Z")
    assert table.row_roles[3] is RowRole.REFERENCE
    assert np.isnan(table.metric("RMSE_F")).tolist() == [False, True, False, True, False]
    assert np.isnan(table.metric("force_rmse")).tolist() == [False] * 4 + [True]
    assert table.text["note"] == ("a", "", "c", "", "z")


def test_that_columns_to_match_on_can_be_chosen(tmp_path: Path) -> None:
    one = read(tmp_path, "model,set,e\nA,1x,1\nA,2x,2\nB,1x,3\n")
    two = read(tmp_path, "model,cost\nB,5\nA,7\n", "two")
    found = join(one, two, on=("model",)).table
    assert found.metric("cost").tolist() == [7, 7, 5]
    assert [c.name for c in found.columns if c.role is Role.KEY] == ["model", "set"]
    with pytest.raises(JoinProblem, match="1 rows of one are named twice by model"):
        join(two, one, on=("model",))
    with pytest.raises(JoinProblem, match="two has no text column set"):
        join(one, two, on=("set",))
    with pytest.raises(JoinProblem, match="no row of one has a partner"):
        join(one, two)


def test_that_only_sensible_ways_to_match_are_offered(tmp_path: Path) -> None:
    one = read(tmp_path, "model,set,e\nA,1x,1\nA,2x,2\nB,1x,3\n")
    two = read(tmp_path, "model,set,cost\nB,1x,5\nA,1x,7\nA,3x,1\n", "two")
    assert ways_to_match(one, two) == (((), 2), (("model", "set"), 2))
    seeds = read(tmp_path, "model,seed,e\nA,1,1\nA,2,2\nB,1,3\n", "seeds")
    assert ways_to_match(seeds, seeds) == ((("model", "seed"), 3), ((), 3))
    three = read(tmp_path, "model,cost\nB,5\nA,7\n", "three")
    assert ways_to_match(one, three) == ((("model",), 3),)
    assert ways_to_match(three, read(tmp_path, "name,f\nX,1\nY,2\n", "four")) == ()


def test_that_the_pairs_of_metrics_can_be_told_and_made_one_column(tmp_path: Path) -> None:
    one, two = read(tmp_path, ONE), read(tmp_path, TWO, "two")
    same = {"RMSE_F": "force_rmse", "gone": "c11"}
    apart = join(one, two, keep_all=True, same=same)
    assert apart.pairs == (("force_rmse", "RMSE_F"),)
    found = join(one, two, keep_all=True, same=same, as_one=True).table
    assert found.metrics == ("force_rmse", "c11", "c11 [two]")
    assert found.metric("force_rmse").tolist() == [1, 2, 3, 0, 900]
    assert join(one, two, as_one=True).table.metrics == ("force_rmse", "c11")


def test_that_the_whole_list_without_partner_is_kept(tmp_path: Path) -> None:
    one = read(tmp_path, "model,e\n" + "".join(f"m{i},{i}\n" for i in range(9)))
    table = join(one, read(tmp_path, "model,f\nm0,1\n", "two")).table
    assert table.notes[-1].text.endswith("m1, m2, m3, m4, m5 ...")
    assert table.notes[-1].details.split() == [f"m{i}" for i in range(1, 9)]


def test_that_scales_are_brought_together(tmp_path: Path) -> None:
    one = read(tmp_path, "model,e\nA,1\nB,10\n")
    two = read(tmp_path, "model,f\nA,-1\nB,2\n", "two", TableChoices(scale=Scale.LOG10))
    assert join(one, two).table.metric("f").tolist() == [0.1, 100]
    assert join(two, one).table.metric("e").tolist() == [0, 1]
    scores = read(tmp_path, "model,g\nA,-1\nB,2\n", "three", TableChoices(scale=Scale.ZSCORE))
    with pytest.raises(JoinProblem, match="z-score"):
        join(one, scores)


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), min_size=1))
def test_that_order_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], kept: set[int]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    one = read(folder, "model,e\n" + "".join(f"m{i},{i}\n" for i in range(6)))
    lines = "".join(f"m{i},{10 * i}\n" for i in order if i in kept)
    joined = join(one, read(folder, "model,f\n" + lines, "two"))
    assert joined.table.keys == tuple(f"m{i}" for i in sorted(kept))
    assert np.array_equal(joined.table.metric("f"), 10 * joined.table.metric("e"))


# --- aliases ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("force_rmse", "RMSE_F"),
        ("energy_mae", "MAE energy [meV/atom]"),
        ("vac_Ef", "Vacancy_E_f"),
        ("K_vrh", "bulk modulus (GPa)"),
        ("force_mae", "mae.forces"),
        ("r2", "rsq"),
    ],
)
def test_that_names_of_one_metric_are_recognised(one: str, two: str) -> None:
    assert canonical(one) == canonical(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [("force_rmse", "force_mae"), ("c11", "c12"), ("vac_Ef", "hex_Ef"), ("L1_max", "L2_max")],
)
def test_that_different_metrics_are_told_apart(one: str, two: str) -> None:
    assert canonical(one) != canonical(two)


def test_that_what_is_told_wins_and_what_is_unclear_is_left_out() -> None:
    one, two = ("force_rmse", "c11", "e_mae"), ("rmse_f", "F_rmse", "C_11", "x")
    assert same_metrics(one, two) == {}
    assert same_metrics(one, two, {"x": "e_mae", "F_rmse": "force_rmse", "no": "c11"}) == {
        "F_rmse": "force_rmse",
        "x": "e_mae",
    }


def test_that_published_tables_are_joined(shared_data: Path) -> None:
    folder = shared_data / "tables" / "benchmark_app"
    one = read_table(folder / "phonons_mae_phonons.csv")
    two = read_table(folder / "GMTKN55_mae_per_subset.csv")
    found = join(one, two)
    assert len(found.table.metrics) == len(one.metrics) + len(two.metrics)
    assert found.table.n_models == len(set(one.keys) & set(two.keys)) >= 5
    row = found.table.row("mace_mp_0a_D3")
    assert found.table.metric("bhrot27")[row] == 3.258001434857271


def test_that_the_two_published_sets_share_names(shared_data: Path) -> None:
    folder = shared_data / "tables" / "learning_from_models"
    large, small = (read_table(folder / f"{n}.csv") for n in ("absolute_errors", "D124_log"))
    same = same_metrics(large.metrics, small.metrics)
    assert same["Vacancy_E_f"] == "vac_Ef"
    assert same["Split_E_f"] == "spl_Ef"
    assert same["Bulk_entropy"] == "bulk_entropy"
