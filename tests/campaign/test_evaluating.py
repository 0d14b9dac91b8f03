"""One existing model joins the table of a finished campaign; runs are asked to stop."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mlipviewer.campaign import beat
from mlipviewer.campaign.beat import Beat, ask_to_stop, running
from mlipviewer.campaign.design_file import as_toml, read_design
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder
from mlipviewer.campaign.given_models import existing_of
from mlipviewer.cli import main
from mlipviewer.core.progress import Progress
from mlipviewer.io.tables.reading import read_table
from tests.campaign.stage import design, existing
from tests.campaign.test_running import DRIVING, wait_for, written

CALCULATOR = "mlipviewer.campaign.potentials.stillinger_weber:StillingerWeber"


def begun(folder: Path, properties: str = "lattice", count: int = 1) -> Path:
    """A finished campaign; its design file has a comment."""
    file = folder / "some.toml"
    file.write_text("# mine\n" + as_toml(design(properties, existing(count))))
    assert main(["campaign", "run", str(file), "--folder", str(folder / "done")]) == 0
    return file


def test_that_an_evaluated_model_is_a_row_of_the_table(tmp_path: Path) -> None:
    file, done = begun(tmp_path), tmp_path / "done"
    before = written(done / "journal.sqlite")
    words = ["campaign", "evaluate", str(file), "mine", CALCULATOR, "--folder", str(done)]
    assert main([*words, "--settings", '{"strength": 24.0}']) == 0
    table = read_table(done / "errors.csv")
    assert table.keys[1:] == ("sw0", "mine")
    assert 0 <= table.metric("a")[2] < 0.1
    assert written(done / "journal.sqlite") == before + 1
    assert file.read_text().startswith("# mine\n")
    assert [one.name for one in read_design(file).existing] == ["sw0", "mine"]
    assert main(["campaign", "run", str(file), "--folder", str(done)]) == 0
    assert written(done / "journal.sqlite") == before + 1


def test_that_a_model_of_which_nothing_is_known_does_not_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, done = begun(tmp_path), tmp_path / "done"
    text, table = file.read_text(), (done / "errors.csv").read_text()
    words = ["campaign", "evaluate", str(file)]
    assert main([*words, "metal", "emt", "--folder", str(done)]) == 1
    assert "No EMT-potential for Si" in capsys.readouterr().err
    assert (file.read_text(), (done / "errors.csv").read_text()) == (text, table)
    assert main([*words, "sw0", "emt", "--folder", str(done)]) == 1
    assert "there is a model 'sw0'" in capsys.readouterr().err
    assert main([*words, "new", "nothing.here", "--folder", str(done)]) == 1
    assert "is no file; it is an ASE calculator" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*words, "new"])


def test_that_a_model_may_be_tried_again_where_no_scheduler_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, done = begun(tmp_path), tmp_path / "done"
    texts = {path: path.read_text() for path in (file, done / "design.toml", done / "errors.csv")}
    words = ["campaign", "evaluate", str(file), "mine", CALCULATOR, "--folder", str(done)]

    def silent(_options: object) -> None:
        raise DesignProblem("no scheduler answers")

    with monkeypatch.context() as patch:
        patch.setattr("mlipviewer.cli.campaign.engine_of", silent)
        for _ in range(2):
            assert main([*words, "--scheduler", "tcp://127.0.0.1:9"]) == 1
            assert "no scheduler answers" in capsys.readouterr().err
    assert {path: path.read_text() for path in texts} == texts
    assert main(words) == 0


def test_that_files_of_models_are_known_by_their_names(tmp_path: Path) -> None:
    def named(file: str, **settings: object) -> object:
        path = tmp_path / file
        path.write_text("parameters")
        return existing_of("mine", str(path), settings, "Si", tmp_path / "given")

    sw = named("Si.sw")
    potential = Path(sw.calculator) / "potential.toml"  # type: ignore[attr-defined]
    assert 'pair_style = "sw"' in potential.read_text()
    assert (potential.parent / "parameters.sw").read_text() == "parameters"
    (tmp_path / "Si.snapparam").write_text("more")
    snap = Path(named("Si.snapcoeff").calculator) / "potential.toml"  # type: ignore[attr-defined]
    assert "* * parameters.snapcoeff parameters1.snapparam Si" in snap.read_text()
    mace = named("large.model", dispersion=True)
    assert mace.calculator == "mace.calculators:MACECalculator"  # type: ignore[attr-defined]
    assert mace.settings == {  # type: ignore[attr-defined]
        "model_paths": str(tmp_path / "large.model"),
        "device": "cpu",
        "dispersion": True,
    }
    with pytest.raises(DesignProblem, match="no kind of file that is known"):
        named("what.docx")
    with pytest.raises(DesignProblem, match=r"there is no other\.snapparam"):
        named("other.snapcoeff")


def test_that_who_runs_a_campaign_is_known_and_can_be_asked_to_stop(tmp_path: Path) -> None:
    folder, progress = Folder(tmp_path), Progress()
    assert running(folder) is None
    ask_to_stop(folder)
    assert not (tmp_path / "stop").exists()
    with Beat(folder, 3, progress):
        who = running(folder)
        assert who is not None
        assert who.here
        assert who.room == 3
        assert not progress.stopped
        ask_to_stop(folder)
        wait_for(lambda: progress.stopped, 10)
    assert running(folder) is None
    assert list(tmp_path.iterdir()) == []


RUNNING = """
import sys
from pathlib import Path
from mlipviewer.campaign.beat import Beat
from mlipviewer.campaign.folder import Folder
from mlipviewer.core.progress import Progress
with Beat(Folder(Path(sys.argv[1])), 1, Progress()):
    print("runs", flush=True)
    sys.stdin.read()
"""


def test_that_a_campaign_is_run_by_one_process(tmp_path: Path) -> None:
    folder, ran = Folder(tmp_path), list[str]()
    words = [sys.executable, "-c", RUNNING, str(tmp_path)]
    other = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "runs\n"
    said = f"process {other.pid} on this computer runs"
    with pytest.raises(DesignProblem, match=said), Beat(folder, 1, Progress()):
        ran.append("too")
    assert not ran
    assert running(folder) is not None, "the sign of life of the other one stays"
    other.communicate()
    with Beat(folder, 1, Progress()):
        ran.append("then")
    assert ran == ["then"]


def test_that_the_sign_of_life_of_the_dead_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    with Beat(folder, 1, Progress()):
        said = (tmp_path / "running.json").read_text()
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                           capture_output=True, text=True, check=True)  # fmt: skip
    here = tmp_path / "running.json"
    here.write_text(said)
    assert running(folder) is not None
    monkeypatch.setattr(beat, "STALE", -1.0)
    assert running(folder) is None
    monkeypatch.undo()
    here.write_text(json.dumps(json.loads(said) | {"pid": int(ended.stdout)}))
    assert running(folder) is None
    here.write_text("damaged")
    assert running(folder) is None


def test_that_a_run_stops_when_it_is_asked_and_goes_on_later(tmp_path: Path) -> None:
    file, done = tmp_path / "some.toml", tmp_path / "done"
    file.write_text(as_toml(design("lattice elastic", existing(12))))
    words = ["campaign", "run", str(file), "--folder", str(done)]
    command = [sys.executable, "-c", DRIVING, *words]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    wait_for(lambda: written(done / "journal.sqlite") >= 3)
    assert main(["campaign", "stop", str(file), "--folder", str(done)]) == 0
    said, _ = driver.communicate(timeout=60)
    assert driver.returncode == 3
    assert "resume goes on where it was" in said
    so_far = written(done / "journal.sqlite")
    assert 3 <= so_far < 26
    assert read_table(done / "errors.csv").n_models >= 1
    assert main(["campaign", "resume", str(file), "--folder", str(done)]) == 0
    assert written(done / "journal.sqlite") == 26
