"""Numbers out of the window: what a plot shows, models, and frames with some of their columns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMenu

from mlipviewer.app.window import MainWindow
from mlipviewer.cli import main
from mlipviewer.io.files import fingerprint
from tests import made
from tests.main_window import plot, settled


@pytest.mark.window
def test_that_a_plot_gives_its_numbers_with_their_origin(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = made.write_table(tmp_path / "errors.csv")
    window.open([str(table)])
    settled(window)
    view, menu = plot(window, "pareto"), QMenu()
    view.menus.fill_options(menu)
    (entry,) = [one for one in menu.actions() if one.text() == "Export data ..."]
    out = tmp_path / "front.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    entry.trigger()
    settled(window)
    lines = out.read_text().splitlines()
    points = [line for line in lines if line.startswith("points")]
    drawn = sum(len(m.x) for m in view.canvas.plot.marks if type(m).__name__ == "Points")
    assert len(points) == drawn > 0
    told = json.loads((tmp_path / "front.csv.about.json").read_text())
    assert told["inputs"] == {"errors.csv": fingerprint(table)}
    assert told["settings"]["metrics"]
    openpyxl = pytest.importorskip("openpyxl")
    out = tmp_path / "front.xlsx"
    entry.trigger()
    settled(window)
    assert len(openpyxl.load_workbook(out).sheetnames) >= 3
    out = tmp_path / "front.doc"
    entry.trigger()
    settled(window)
    assert "front.doc was not written" in window.notices.text.text()


def test_that_frames_are_written_with_some_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = made.write_extxyz(tmp_path / "run.extxyz", n_frames=4)
    out = tmp_path / "part.extxyz"
    words = ["convert", str(source), str(out), "--frames", "0:4:2", "--atoms", "element == 'Li'"]
    assert main([*words, "--columns", "forces"]) == 0
    heads = [line for line in out.read_text().splitlines() if "Properties" in line]
    assert len(heads) == 2
    assert "forces:R:3" in heads[0]
    assert "ref_forces" not in heads[0]
    assert "energies" not in heads[0]
    assert main([*words, "--columns", "nothing"]) == 1
    assert "no column nothing; it has" in capsys.readouterr().err
