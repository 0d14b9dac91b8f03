"""`mlipviewer convert`: a table in another format, and what is told when it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlipviewer.cli import main
from mlipviewer.io.tables import read_table

VALUES = "model,seed,K [GPa],E [eV]\nDFT,,100,2\nA,1,90,1\nA,2,80,3\nB,1,110,\n"


@pytest.fixture
def values(tmp_path: Path) -> Path:
    path = tmp_path / "values.csv"
    path.write_text(VALUES)
    return path


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_that_a_table_is_converted_and_read_again(values: Path, suffix: str) -> None:
    out = values.with_name(f"out.{suffix}")
    assert main(["convert", str(values), str(out)]) == 0
    one, two = read_table(values), read_table(out)
    assert (one.keys, one.metrics, one.row_roles) == (two.keys, two.metrics, two.row_roles)
    assert str(one.values.tolist()) == str(two.values.tolist())


def test_that_errors_of_values_are_written(values: Path, capsys: pytest.CaptureFixture) -> None:  # type: ignore[type-arg]
    out = values.with_name("out.csv")
    words = ["--errors", "absolute", "--reference", read_table(values).keys[0]]
    choices = values.with_name("choices.json")
    choices.write_text(json.dumps({"keys": ["model", "seed"]}))
    assert main(["convert", str(values), str(out), *words, "--choices", str(choices)]) == 0
    assert read_table(out).metric("K [GPa]").tolist() == [10, 20, 10]
    assert "absolute errors of the values against DFT" in capsys.readouterr().out


def test_that_seeds_are_combined(values: Path) -> None:
    out = values.with_name("out.csv")
    assert main(["convert", str(values), str(out), "--replicates", "mean", "--by", "model"]) == 0
    table = read_table(out)
    assert table.keys == ("DFT", "A", "B")
    assert table.metric("K [GPa]").tolist() == [100, 85, 110]
    assert table.text["K [GPa] std"][1] == "5.0"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no.csv", "out.csv"], "no.csv: there is no such file"),
        (["values.csv", "out.xyz"], "written as .csv or .parquet"),
        (["values.csv", "out.csv", "--errors", "signed"], "needs --reference"),
        (["values.csv", "out.csv", "--errors", "signed", "--reference", "X"], "no row 'X'"),
        (["values.csv", "out.csv", "--replicates", "mean", "--by", "x"], "text columns"),
        (["values.csv", "out.csv", "--choices", "values.csv"], "no choices about a table"),
        (["values.csv", "no/such/out.csv"], "out.csv"),
    ],
)
def test_that_bad_input_is_one_line(
    values: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,  # type: ignore[type-arg]
    words: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(values.parent)
    assert main(["convert", *words]) == 1
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert told in error
