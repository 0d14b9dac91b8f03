"""What a user decides about a table wins over the guesses; long tables; values with spreads."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.table import Direction, ErrorTable, Role, RowRole, Scale
from mlipviewer.io.tables import Pivot, TableChoices, choices_from, choices_of, read_table
from mlipviewer.io.tables.shape import TableShape, table_shape

TEXT = "model,type,rmse,seed,note\nA,x,1,1,ok\nB,x,2,2,ok\nC,y,3,3,bad\nDFT,y,0,4,ok\n"
LONG = "model,subset,mae,category,unit\n" + "".join(
    f"{model},{subset},{i + 10 * j},{'ab'[j % 2]},eV\n"
    for i, model in enumerate("PQR")
    for j, subset in enumerate(("s1", "s2", "s3"))
)


def read(
    folder: Path, text: str, choices: TableChoices | None = None, name: str = "e.csv"
) -> ErrorTable:
    (folder / name).write_text(text, "utf-8")
    return read_table(folder / name, choices=choices)


def notes(table: ErrorTable) -> str:
    return "\n".join(map(str, table.notes))


def test_that_choices_win_over_guesses(tmp_path: Path) -> None:
    guessed = read(tmp_path, TEXT)
    assert (guessed.metrics, guessed.family, guessed.n_models) == (("rmse",), "type", 3)
    choices = TableChoices(
        roles={"seed": Role.ERROR, "note": Role.IGNORE, "rmse": Role.METADATA},
        keys=("model", "type"),
        scale=Scale.LOG10,
        directions={"seed": Direction.HIGHER},
        units={"seed": "eV"},
        row_roles={"A|x": RowRole.THRESHOLD, "DFT|y": RowRole.MODEL},
        family="",
    )
    table = read(tmp_path, TEXT, choices)
    assert table.keys == ("A|x", "B|x", "C|y", "DFT|y")
    assert (table.metrics, table.scale, table.family) == (("seed",), Scale.LOG10, None)
    assert table.row_roles == (RowRole.THRESHOLD, *[RowRole.MODEL] * 3)
    assert table.metric_columns[0].title == "seed (eV)"
    assert table.metric_columns[0].direction is Direction.HIGHER
    assert set(table.text) == {"model", "type", "rmse"}
    assert not table.notes


def test_that_keys_that_repeat_are_told_with_a_better_choice(tmp_path: Path) -> None:
    table = read(tmp_path, TEXT, TableChoices(keys=("type",)))
    assert table.keys == ("x", "x #2", "y", "y #2")
    assert "2 rows repeat a key of type and are numbered; model tells all models apart" in (
        notes(table).replace("1 rows", "2 rows")
    )


def test_that_choices_of_what_is_not_there_are_told(tmp_path: Path) -> None:
    choices = TableChoices(roles={"no": Role.ERROR}, row_roles={"Z": RowRole.REFERENCE})
    told = notes(read(tmp_path, TEXT, choices))
    assert "columns that it does not have: no" in told
    assert "rows that it does not have: Z" in told


def test_that_text_chosen_as_an_error_is_missing_where_it_is_no_number(tmp_path: Path) -> None:
    table = read(tmp_path, "model,e\na,1\nb,fail\nc,oops\n", TableChoices(roles={"e": Role.ERROR}))
    assert np.array_equal(table.metric("e"), [1, math.nan, math.nan], equal_nan=True)
    assert "2 cells are no number" in notes(table)


def test_that_columns_can_have_other_names(tmp_path: Path) -> None:
    table = read(tmp_path, TEXT, TableChoices(names={"rmse": "force_rmse", "note": "model"}))
    assert table.metrics == ("force_rmse",)
    assert "note" in table.text  # two columns may not have one name


names = st.dictionaries(st.text(max_size=4), st.sampled_from(Role), max_size=3)


@given(
    st.builds(
        TableChoices,
        roles=names,
        keys=st.lists(st.text(max_size=3), max_size=3).map(tuple),
        scale=st.none() | st.sampled_from(Scale),
        directions=st.dictionaries(st.text(max_size=3), st.sampled_from(Direction), max_size=2),
        units=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
        row_roles=st.dictionaries(st.text(max_size=3), st.sampled_from(RowRole), max_size=2),
        family=st.none() | st.text(max_size=3),
        sheet=st.text(max_size=3),
        pivot=st.none() | st.builds(Pivot, st.text(), st.text(), st.text()),
        long=st.booleans(),
        names=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    )
)
def test_that_choices_survive_json(choices: TableChoices) -> None:
    assert choices_from(json.loads(json.dumps(choices.to_dict()))) == choices


def test_that_no_choice_is_nothing() -> None:
    assert TableChoices().to_dict() == {}


@pytest.mark.parametrize(
    "wrong", [{"scale": "cubic"}, {"roles": {"a": "b"}}, {"pivot": {"model": "a"}}, {"roles": 3}]
)
def test_that_wrong_choices_are_errors(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        choices_from(wrong)


def test_that_choices_beside_the_table_are_kept_with_it(tmp_path: Path) -> None:
    (tmp_path / "e.metrics.yaml").write_text(
        "table: {keys: [model, type], roles: {seed: error}, scale: log10}\n"
        "metrics: {rmse: {unit: eV}}\n"
    )
    table = read(tmp_path, TEXT)
    assert (table.keys[0], table.metrics, table.scale) == ("A|x", ("rmse", "seed"), Scale.LOG10)
    assert table.metric_columns[0].unit == "eV"
    assert not table.notes
    assert read(tmp_path, TEXT, TableChoices()).metrics == ("rmse",)  # choices given win
    (tmp_path / "e.metrics.yaml").write_text("table: {scale: cubic}\n")
    table = read(tmp_path, TEXT)
    assert "table: 'cubic' is not a valid Scale" in notes(table)
    assert len(table.notes) == 1


def same_table(one: ErrorTable, two: ErrorTable) -> bool:
    facts = ("columns", "keys", "row_roles", "text", "scale", "family")
    same = all(getattr(one, name) == getattr(two, name) for name in facts)
    return same and np.array_equal(one.values, two.values, equal_nan=True)


@pytest.mark.parametrize("text", [TEXT, LONG, "a,b\n1,2\n", ",e\n0,1\n1,2\n"])
def test_that_guesses_as_choices_give_the_same_table(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, text)
    choices = choices_from(json.loads(json.dumps(choices_of(table).to_dict())))
    assert same_table(read_table(tmp_path / "e.csv", choices=choices), table)


def test_that_published_guesses_as_choices_give_the_same_table(shared_data: Path) -> None:
    folder = shared_data / "tables"
    for name in (
        "learning_from_models/absolute_errors.csv",
        "learning_from_models/D124_log.csv",
        "lambench/results.json",
        "matbench-discovery/models",
        "mlip-dynamic-stability/ledger.parquet",
        "summer/surface_energy_MACE_ensembles.xlsx",
    ):
        table = read_table(folder / name)
        assert same_table(read_table(folder / name, choices=choices_of(table)), table), name


# --- long tables -----------------------------------------------------------------------------


def test_that_a_long_table_becomes_wide(tmp_path: Path) -> None:
    table = read(tmp_path, LONG)
    assert (table.keys, table.metrics) == (("P", "Q", "R"), ("s1", "s2", "s3"))
    assert table.values.tolist() == [[0, 10, 20], [1, 11, 21], [2, 12, 22]]
    assert [c.category for c in table.metric_columns] == ["a", "b", "a"]
    assert table.metric_columns[0].unit == "eV"
    assert "3 model x 3 subset, cells mae" in notes(table)


def test_that_a_long_table_can_stay_long(tmp_path: Path) -> None:
    table = read(tmp_path, LONG, TableChoices(long=True))
    assert (table.n_models, table.metrics) == (9, ("mae",))


def test_that_a_pivot_can_be_chosen_and_repeated_values_are_averaged(tmp_path: Path) -> None:
    text = "who,what,a,b\nP,x,1,5\nP,x,3,6\nP,y,4,7\nQ,x,,8\n"
    table = read(tmp_path, text, TableChoices(pivot=Pivot("who", "what", "a")))
    assert np.array_equal(table.values, [[2, 4], [math.nan, math.nan]], equal_nan=True)
    assert "1 cells are means" in notes(table)
    with pytest.raises(ReadProblem, match="no column 'z'"):
        read(tmp_path, text, TableChoices(pivot=Pivot("z", "what", "a")))


@pytest.mark.parametrize(
    "text",
    [
        "model,training,rmse\nA,x,1\nA,y,2\nB,x,3\nB,y,4\n",
        "model,property,e,f\nA,x,1,1\nA,y,2,1\nB,x,3,1\nB,y,4,1\n",
        "model,property,e\nA,x,1\nA,x,2\nB,x,3\nB,y,4\n",
        "model,property,e\nA,x,1\nB,y,2\nC,z,3\nD,w,4\n",
    ],
)
def test_that_what_is_not_clearly_long_stays(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).n_models == 4


# --- values with spreads ---------------------------------------------------------------------


def test_that_values_with_spreads_are_two_columns(tmp_path: Path) -> None:
    text = "model,e,f\nA,0.12 ± 0.03,1\nB,1e-2+/-2e-3,2\nC,-0.5 +- .1,3\nD,,4\n"
    table = read(tmp_path, text)
    assert table.metrics == ("e", "f")
    assert np.array_equal(table.metric("e"), [0.12, 0.01, -0.5, math.nan], equal_nan=True)
    assert table.text["e std"] == ("0.03", "2e-3", ".1", "")
    assert "value and spread" in notes(table)


def test_that_columns_of_spreads_are_not_ranked(tmp_path: Path) -> None:
    table = read(tmp_path, "model,e,e-std,f_std\nA,1,2,3\nB,2,3,4\n")
    assert table.metrics == ("e", "f_std")
    assert table.text["e-std"] == ("2", "3")


def test_that_columns_made_by_the_reader_are_renamed_too(tmp_path: Path) -> None:
    text = "model,metric,value\nA,e,1 ± 2\nA,f,2 ± 1\nB,e,3 ± 1\nB,f,4 ± 1\n"
    pivot = Pivot("name", "metric", "value")
    names = {"model": "name", "f": "force", "e std": "spread"}
    roles = {"spread": Role.METADATA}
    table = read(tmp_path, text, TableChoices(names=names, pivot=pivot, roles=roles))
    assert table.metrics == ("e", "force")
    assert set(table.text) == {"name", "spread", "force std"}


def test_that_a_shape_names_columns_sheets_and_the_guess(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("model,metric,value\nA,e,5\nA,f,2\nB,e,3\nB,f,4\n")
    shape = table_shape(path, TableChoices(names={"value": "mae"}))
    assert shape == TableShape((), ("model", "metric", "mae"), Pivot("model", "metric", "mae"))
