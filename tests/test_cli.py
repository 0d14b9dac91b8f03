"""The command line as a script meets it: exit codes, one line for each error, files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import mlipviewer
from mlipviewer import __version__
from mlipviewer.cli import BAD_INPUT, CANCELLED, DONE, WRONG_ARGUMENTS, main
from mlipviewer.io.files import fingerprint

STUDY = "tables/learning_from_models"
TABLE = """\
Models,ModelName,vac_Ef,hex_c11
DFT,Threshold,2.5,2.5
GAP,a1,1,5
GAP,a2,2,2
NNP,b1,3,3
NNP,b2,5,1
NNP,=b3,2,6
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "errors.csv"
    path.write_text(TABLE)
    return path


def status(*words: object) -> int:
    """The exit code, whether it is returned or argparse exits with it."""
    try:
        return main([str(word) for word in words])
    except SystemExit as end:
        return int(end.code or 0)


def test_that_the_analyses_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("list") == DONE
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("pareto") and "table" in line for line in lines)
    assert any(line.startswith("series") and "trajectory" in line for line in lines)


def test_that_help_and_version_are_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("--help") == DONE
    assert "run NAME" in capsys.readouterr().out
    assert status("--version") == DONE
    assert __version__ in capsys.readouterr().out
    assert status("run", "correlation", "--help") == DONE
    text = capsys.readouterr().out
    assert "--threshold" in text
    assert "{default,authors}" in text


def test_that_a_table_is_described(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("info", table) == DONE
    text = capsys.readouterr().out
    assert "n_models: 5" in text
    assert "thresholds: Threshold" in text
    assert status("info", table, "--json") == DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["n_rows"], found["scale"], found["family"]) == (6, "linear", "Models")
    assert found["categories"] == {"E_f": ["vac_Ef"], "EC": ["hex_c11"]}


def test_that_a_run_writes_schema_1(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "front.json"
    assert status("run", "pareto", "--table", f"mine={table}", "--out", out) == DONE
    found = json.loads(out.read_text())
    assert found["schema"] == 1
    assert found["analysis"] == "pareto"
    assert found["version"] == __version__
    assert found["params"]["keep_duplicates"] is True
    assert found["params"]["metrics"] == ["vac_Ef", "hex_c11"]
    assert found["inputs"] == [
        {"name": "mine", "path": str(table), "fingerprint": fingerprint(table)}
    ]
    assert found["summary"]["n_models"] == 5
    assert found["tables"]["front"]["model"] == ["a1", "a2", "b2"]
    assert found["units"] == {"vac_Ef": "eV", "hex_c11": "GPa"}


def test_that_a_run_writes_the_first_or_the_named_table(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "t.csv"
    words = ["run", "pareto", "--table", table, "--out", out]
    assert status(*words) == DONE
    assert out.read_text().splitlines()[0] == "model,family,vac_Ef,hex_c11,rank"
    assert status(*words, "--out-table", "ranks") == DONE
    assert out.read_text().splitlines()[-1] == "'=b3,0"
    assert status(*words, "--out-table", "nosuch") == WRONG_ARGUMENTS


def test_that_conditions_and_parameters_reach_the_analysis(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", "pareto", "--table", table, "--metrics", 'hex_c11,"vac_Ef"', "--layers", 2]
    assert status(*words, "--where", "Models == 'NNP' and vac_Ef > 2", "--no-keep-duplicates") == 0
    assert "n_models: 2" in capsys.readouterr().out


def test_that_the_summary_is_printed(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("run", "correlation", "--table", table) == DONE
    out = capsys.readouterr().out
    assert "n_nodes: 2" in out
    assert "n_edges: 0" in out


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["info", "{}/nosuch.csv"], BAD_INPUT, "nosuch.csv: there is no such file"),
        (["run", "pareto", "--table", "{}/nosuch.csv"], BAD_INPUT, "there is no such file"),
        (["run", "pareto", "--table", "{}/bad.csv"], BAD_INPUT, "bad.csv: is no table"),
        (["run", "pareto", "--table", "{}/errors.csv", "--metrics", "x"], BAD_INPUT, "no metric"),
        (
            ["run", "pareto", "--table", "{}/errors.csv", "--out", "{}/no/x.csv"],
            BAD_INPUT,
            "there is no such folder",
        ),
        (["run"], WRONG_ARGUMENTS, "NAME"),
        (["run", "nosuch"], WRONG_ARGUMENTS, "no analysis 'nosuch'; there are"),
        (["run", "pareto"], WRONG_ARGUMENTS, "--table"),
        (["run", "pareto", "--table", "a", "--nosuch"], WRONG_ARGUMENTS, "--nosuch"),
        (
            ["run", "pareto", "--table", "{}/errors.csv", "--layers", "0"],
            WRONG_ARGUMENTS,
            "outside",
        ),
        (["run", "pareto", "--table", "{}/errors.csv", "--log", "x"], WRONG_ARGUMENTS, "choice"),
        (["run", "pareto", "--table", "a.csv", "--table", "b.csv"], WRONG_ARGUMENTS, "takes one"),
        (["run", "pareto", "--table", "{}/errors.csv", "--out", "x.doc"], WRONG_ARGUMENTS, ".csv"),
        (
            ["run", "pareto", "--table", "{}/errors.csv", "--where", "vac_Ef >"],
            WRONG_ARGUMENTS,
            "too early (character 9)",
        ),
        (["info"], WRONG_ARGUMENTS, "FILE"),
        (["--nosuch"], WRONG_ARGUMENTS, "--nosuch"),
    ],
)
def test_that_what_is_wrong_is_one_line_with_its_code(
    table: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, sentence: str
) -> None:
    (table.parent / "bad.csv").write_text("just words\n")
    assert status(*[word.replace("{}", str(table.parent)) for word in words]) == code
    error = capsys.readouterr().err.splitlines()
    assert sentence in error[-1]
    assert code == WRONG_ARGUMENTS or len(error) == 1


def test_that_an_interrupted_run_is_cancelled(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mlipviewer.io.tables.formats.read_bytes", interrupt)
    assert status("run", "pareto", "--table", table) == CANCELLED


def test_that_a_file_with_an_odd_name_is_that_file(tmp_path: Path) -> None:
    for name in ("a=b.csv", "run@2.csv"):
        (tmp_path / name).write_text(TABLE)
        assert status("run", "pareto", "--table", tmp_path / name) == DONE
        assert status("info", tmp_path / name) == DONE


def test_that_a_probe_is_one_line_of_json(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("probe", table, "table/csv") == DONE
    line = capsys.readouterr().out
    found = json.loads(line.removeprefix("@@"))
    assert (found["status"], found["good_frames"]) == ("ok", 6)
    assert found["columns"]["ModelName"][-1] == "=b3"
    assert found["seconds"] >= 0


def test_that_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mlipviewer", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"mlipviewer {__version__}"


def test_that_the_published_answers_come_from_the_command_line(
    shared_data: Path, tmp_path: Path
) -> None:
    file, out = shared_data / STUDY / "absolute_errors.csv", tmp_path / "out.json"
    assert (
        status("run", "pareto", "--table", file, "--metrics", "vac_Ef,hex_c11", "--out", out) == 0
    )
    summary = json.loads(out.read_text())["summary"]
    assert (summary["n_models"], summary["n_front"]) == (2300, 10)
    words = ["--threshold", "0.6", "--transform", "authors", "--out", out]
    assert status("run", "correlation", "--table", file, *words) == 0
    summary = json.loads(out.read_text())["summary"]
    found = [summary[key] for key in ("n_nodes", "n_edges", "n_isolated", "n_components")]
    assert found == [60, 128, 10, 19]


def frames(n: int, off: float) -> str:
    """n frames of two atoms whose forces are `off` the reference."""
    head = 'Lattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3:forces:R:3:REF_forces:R:3 '
    return "".join(
        f"2\n{head}energy={-i}.5\nLi 0 0 1 {off} 0 0 0 0 0\nNa 0 0 5 0 0 0 0 0 0\n"
        for i in range(n)
    )


def test_that_frames_are_followed_and_sliced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run@2.xyz"
    run.write_text(frames(6, 0.0))
    assert status("run", "series", "--trajectory", run) == DONE
    assert "n_frames: 6" in capsys.readouterr().out
    out = tmp_path / "out.json"
    assert status("run", "series", "--trajectory", f"li={run}@1::2", "--out", out) == DONE
    assert json.loads(out.read_text())["tables"]["series"]["energy"] == [-1.5, -3.5, -5.5]
    assert status("run", "series", "--trajectory", run, "--frames", ":2", "--out", out) == DONE
    assert json.loads(out.read_text())["summary"]["n_frames"] == 2
    assert status("run", "series", "--trajectory", f"{run}@9:") == BAD_INPUT
    assert status("info", run) == DONE
    assert "n_frames: 6" in capsys.readouterr().out


def test_that_atoms_are_chosen_in_words(tmp_path: Path, table: Path) -> None:
    for name, off in (("good", 0.1), ("bad", 2.0)):
        (tmp_path / f"{name}.xyz").write_text(frames(3, off))
    links = tmp_path / "links.csv"
    links.write_text("model,role,path\na1,trajectory,bad.xyz\nb1,trajectory,good.xyz\n")
    out = tmp_path / "out.json"
    words = ["run", "atom-errors", "--table", table, "--links", links, "--out", out]
    assert status(*words, "--atoms", "element == 'Li'") == DONE
    assert json.loads(out.read_text())["tables"]["models"]["model"] == ["b1", "a1"]
    assert status(*words, "--atoms", "nosuch > 1") == WRONG_ARGUMENTS
    run = ["run", "atom-series", "--trajectory", tmp_path / "good.xyz", "--out", out]
    assert status(*run, "--atoms", "z > 3") == DONE
    assert json.loads(out.read_text())["tables"]["series"]["mean"] == [5.0] * 3


def test_that_a_reference_of_the_same_name_is_another_file(tmp_path: Path) -> None:
    for name, off in (("model", 0.1), ("dft", 0.0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.xyz").write_text(frames(3, off))
    model, dft, out = tmp_path / "model" / "run.xyz", tmp_path / "dft" / "run.xyz", "out.json"
    words = ["run", "force-errors", "--trajectory", model, "--reference", dft]
    assert status(*words, "--out", tmp_path / out) == DONE
    found = json.loads((tmp_path / out).read_text())["inputs"]
    assert [(one["name"], one["path"]) for one in found] == [
        ("run", str(model)),
        ("run (2)", str(dft)),
    ]


def test_that_centres_of_pairs_are_chosen_in_words(tmp_path: Path) -> None:
    (tmp_path / "run.xyz").write_text(frames(3, 0.0))
    words = ["run", "rdf", "--trajectory", tmp_path / "run.xyz", "--out", tmp_path / "out.json"]
    for more, centres in ((["--atoms", "z > 3"], 1), ([], 2)):
        assert status(*words, *more) == DONE
        assert json.loads((tmp_path / "out.json").read_text())["summary"]["n_centres"] == centres


def lammps_frames(n: int, damaged: int = -1, head: str = "") -> str:
    """n frames of two lithium atoms as a dump; a position of one of them is no number."""
    top = "ITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n" + "0 9\n" * 3
    top += "ITEM: ATOMS id type element x y z\n"
    places = [("nan" if k == damaged else str(k)) for k in range(n)]
    return "".join(
        f"{head}ITEM: TIMESTEP\n{k}\n{top}1 1 Li {x} 1 1\n2 1 Li 5 5 5\n"
        for k, x in enumerate(places)
    )


def test_that_a_run_tells_what_was_left_out_guessed_or_damaged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ragged.csv").write_text("model,family,e0,e1\na,F,.1,.2\nb,F,.3\nc,G,.2,.1\n")
    (tmp_path / "plain.dump").write_text(lammps_frames(4))
    (tmp_path / "bad.dump").write_text(lammps_frames(4, 2, "ITEM: UNITS\nmetal\n"))
    told = {
        ("ranks", "--table", "ragged.csv"): "the row is left out",
        ("series", "--trajectory", "plain.dump"): "units are not stated: taken as metal",
        ("series", "--trajectory", "bad.dump"): "a position is not a finite number",
    }
    for (*words, file), sentence in told.items():
        out = tmp_path / "out.json"
        assert status("run", *words, tmp_path / file, "--out", out) == DONE
        notes = [line for line in capsys.readouterr().out.splitlines() if sentence in line]
        written = [note for note in json.loads(out.read_text())["notes"] if sentence in note]
        assert notes == [f"note: {one}" for one in written], file
        assert len(notes) == 1, file
        given = {words[-1].removeprefix("--"): tmp_path / file}
        assert written[0] in mlipviewer.run(words[0], **given).notes, file


@pytest.mark.parametrize("option", ["--thermo", "--topology"])
@pytest.mark.parametrize("command", ["run series --trajectory", "info", "convert"])
def test_that_a_named_file_beside_a_trajectory_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, option: str
) -> None:
    run = tmp_path / "run.dump"
    run.write_text(lammps_frames(3))
    out = [tmp_path / "out.extxyz"] if command == "convert" else []
    assert status(*command.split(), run, *out, option, tmp_path / "no-such") == BAD_INPUT
    assert capsys.readouterr().err == "no-such: there is no such file\n"


@pytest.mark.parametrize("name", ["msd", "van-hove", "vibrations", "events", "density-profile"])
def test_that_a_condition_that_holds_for_no_atom_is_told_and_not_taken_for_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    run = tmp_path / "run.dump"
    run.write_text(lammps_frames(8))
    said = "element == 'Na' holds for no atom of the first frame"
    words = ["run", name, "--trajectory", run, "--frame-interval", "1"]
    assert status(*words, "--atoms", "element == 'Na'") == BAD_INPUT
    assert capsys.readouterr().err == f"{said}\n"
    with pytest.raises(mlipviewer.AnalysisProblem, match=said):
        mlipviewer.run(name, trajectory=run, atoms="element == 'Na'")
    with pytest.raises(mlipviewer.AnalysisProblem, match="no atoms are chosen"):
        mlipviewer.run(name, trajectory=run, atoms=[])


def test_that_no_file_that_is_read_is_written_over(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run.extxyz"
    run.write_text(frames(3, 0.1))
    log = tmp_path / "log.csv"
    log.write_text("Step Temp\n0 300\n1 310\n")
    (tmp_path / "drawn.pdf").symlink_to(run)
    files = {path: path.read_bytes() for path in (table, run, log)}
    series = ["run", "series", "--trajectory", run]
    for words, out in (
        (["run", "pareto", "--table", table, "--out", table], table),
        ([*series, "--figure", tmp_path / "drawn.pdf"], tmp_path / "drawn.pdf"),
        ([*series, "--thermo", log, "--out", log], log),
        (["convert", table, table], table),
        (["convert", run, run], run),
    ):
        assert status(*words) == BAD_INPUT
        said = f"{out.name}: is the file that is read: choose another name\n"
        assert capsys.readouterr().err == said
    found = mlipviewer.run("pareto", table=table)
    for write in (found.save, mlipviewer.run("series", trajectory=run).figure):
        with pytest.raises(mlipviewer.ReadProblem, match="choose another name"):
            write(table if write == found.save else tmp_path / "drawn.pdf")
    assert {path: path.read_bytes() for path in files} == files
