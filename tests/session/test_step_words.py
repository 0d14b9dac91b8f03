"""Choices, steps and joins in a JSON file: for `run` and `convert`, and back from the document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.cli import main
from mlipviewer.core.problem import ReadProblem
from mlipviewer.session.opening import read_stages
from mlipviewer.session.step_words import input_from, table_input, words_of

VALUES = "model,seed,K [GPa],E [eV]\nDFT,,100,2\nA,1,90,1\nA,2,80,3\nB,1,110,1\n"
OTHER = "model,cost,K\nA,5,1\nB,7,2\nDFT,0,3\n"
STEPS: list[dict[str, Any]] = [
    {"seeds": "mean", "by": ["model"]},
    {"errors": "signed", "reference": "DFT"},
    {"join": "other.csv", "on": ["model"], "keep_unmatched": True, "as_one": True},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "values.csv").write_text(VALUES)
    (tmp_path / "other.csv").write_text(OTHER)
    return tmp_path


def choices(folder: Path, **found: object) -> str:
    path = folder / "choices.json"
    path.write_text(json.dumps(found))
    return str(path)


def test_that_steps_and_joins_are_read_in_order(folder: Path) -> None:
    said = choices(folder, keys=["model", "seed"], steps=STEPS)
    one = table_input(str(folder / "values.csv"), "values", said)
    table = read_stages(one)[-1]
    assert table.name == "values + other.csv"
    assert table.keys == ("A", "B", "DFT")
    assert table.metrics == ("K [GPa]", "E [eV]", "cost")
    assert table.metric("K [GPa]").tolist() == [-15, 10, 3]


def test_that_words_and_tables_are_two_ways_to_say_it(folder: Path) -> None:
    later = {"seeds": "best", "by": ["model"]}
    again = {"join": "more.csv", "name": "m", "same": {"x": "y"}, "choices": {"steps": [later]}}
    said = {"keys": ["model"], "family": "", "steps": [*STEPS, later, again]}
    one = input_from(str(folder / "values.csv"), "values", said, folder)
    words = words_of(one)
    assert input_from(one.path, "values", words, Path("/elsewhere")) == one
    assert words_of(input_from(one.path, "values", json.loads(json.dumps(words)), folder)) == words
    assert words["keys"] == ["model"]
    assert [next(iter(step)) for step in words["steps"]] == [
        "seeds",
        "errors",
        "join",
        "seeds",
        "join",
    ]
    assert words_of(table_input("a.csv", "a")) == {}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], "no list of names"),
        ({"steps": [{"errors": "big", "reference": "DFT"}]}, "is no step"),
        ({"steps": [{"seeds": "mean"}]}, "is no step"),
        ({"steps": ["errors"]}, "holds no choices"),
        ({"steps": 3}, "holds no choices"),
        ({"scale": "furlongs"}, "furlongs"),
        ({"steps": [{"join": "a.csv", "same": [1]}]}, "holds no choices"),
    ],
)
def test_that_a_wrong_file_of_choices_is_one_sentence(
    folder: Path, found: object, told: str
) -> None:
    (folder / "choices.json").write_text(json.dumps(found))
    with pytest.raises(ReadProblem, match=told):
        table_input("values.csv", "values", str(folder / "choices.json"))


# --- the commands ------------------------------------------------------------------------------


def test_that_an_analysis_runs_on_the_table_that_was_meant(folder: Path) -> None:
    out = folder / "out.json"
    said = choices(folder, keys=["model", "seed"], steps=STEPS[:2])
    words = ["run", "pareto", "--table", str(folder / "values.csv"), "--out", str(out)]
    assert main([*words, "--choices", said]) == 0
    found = json.loads(out.read_text())
    assert found["summary"]["n_models"] == 2
    assert found["inputs"][0]["choices"] == {"keys": ["model", "seed"], "steps": STEPS[:2]}
    assert main(words) == 0
    found = json.loads(out.read_text())
    assert found["summary"]["n_models"] == 3
    assert "choices" not in found["inputs"][0]


def test_that_convert_takes_steps_too(folder: Path) -> None:
    out = folder / "out.csv"
    said = choices(folder, steps=[{"join": "other.csv", "on": ["model"]}])
    assert main(["convert", str(folder / "values.csv"), str(out), "--choices", said]) == 0
    assert out.read_text().splitlines()[0] == "model,seed,K [GPa],E [eV],cost,K"


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["--choices", "{}/no.json"], 1, "no such file"),
        (["--choices", "{}/other.csv"], 1, "holds no choices"),
        (["--choices", "a.json", "--choices", "b.json"], 2, "2 times for 1 --table"),
        (["--choices", "{}/lost.json"], 1, "no row of values has a partner"),
    ],
)
def test_that_what_is_wrong_is_told(
    folder: Path, capsys: Any, words: list[str], status: int, told: str
) -> None:
    (folder / "strange.csv").write_text("model,x\nX,1\nY,2\n")
    (folder / "lost.json").write_text(json.dumps({"steps": [{"join": "strange.csv"}]}))
    table = str(folder / "values.csv")
    given = [word.replace("{}", str(folder)) for word in words]
    try:
        code = main(["run", "pareto", "--table", table, *given])
    except SystemExit as end:
        code = int(end.code or 0)
    assert code == status
    assert told in capsys.readouterr().err
