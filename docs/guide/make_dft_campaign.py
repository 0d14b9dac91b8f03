"""Trains 65 potentials on published DFT forces of silicon, and scores them on rare events.

    python docs/guide/make_dft_campaign.py FOLDER_OF_SETS --folder OUT [--test Si_test.json]

FOLDER_OF_SETS holds the sets of Liu, He and Mo (npj Comput. Mater. 9, 174 (2023)), a folder with
DATA.json each; they are not part of this program. What is printed stands in campaign.md: the median
and the best of each family. About half an hour of one core; what is done is not done again.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

from mlipviewer.cli import main as mlipviewer

MODELS = {"mtp": 12, "gap": 10, "uf3": 10, "snap": 10, "pod": 10, "qsnap": 8, "nnp": 5}
SHOWN = {
    "RE_I_A": "dNAC of directions",
    "RE_I_M": "dNAC of sizes",
    "RE_I_sigma": "RMSE of sizes, hopping atoms (eV/Å)",
    "val_F": "force RMSE, validation (eV/Å)",
    "val_E": "energy RMSE, validation (meV/atom)",
}
HEAD = """\
properties = ["lattice", "elastic", "set-errors", "ranking", "rare-events"]
evidence = false
[crystal]
element = "Si"
a = 5.47
[reference]
calculator = "lammps:Si-qSNAP"
[limits]
seconds = 1800.0
"""


def design(sets: Path, test: Path | None) -> str:
    """The text of the design. The reference gives lattice and moduli only; sets are of DFT."""
    files = [
        ("IntEnh", "train", sets / "Interstitial-enhanced_Training_Set" / "DATA.json"),
        ("val", "test", sets / "Enhanced_Validation_Set" / "DATA.json"),
        ("RE_I", "rare", sets / "Interstitial-RE_Testing_Set" / "DATA.json"),
    ]
    if test is not None:
        files.append(("mlearn", "test", test))
    text = HEAD
    for name, role, file in files:
        text += f'[[set]]\nname = "{name}"\nrole = "{role}"\nfile = "{file.absolute()}"\n'
    for family, models in MODELS.items():
        text += f'[[family]]\nname = "{family}"\nmodels = {models}\n'
    return text


def summary(table: Path) -> str:
    """Median / best of each family, as Markdown."""
    with table.open(encoding="utf-8", newline="") as handle:
        rows = [one for one in csv.DictReader(handle) if one["Models"] != "Threshold"]
    families = defaultdict(list)
    for one in rows:
        families[one["Models"]].append(one)
    lines = [f"| family | models | {' | '.join(SHOWN.values())} |", "|---" * (len(SHOWN) + 2) + "|"]
    for family, members in families.items():
        cells = [f"| {family} | {len(members)} |"]
        for column in SHOWN:
            found = [float(one[column]) for one in members if one[column]]
            cells.append(f" {median(found):.3g} / {min(found):.3g} |" if found else " |")
        lines.append("".join(cells))
    return "\n".join(lines)


def main(sets: Path, folder: Path, test: Path | None) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "dft.toml"
    file.write_text(design(sets, test), "utf-8")
    done = mlipviewer(["campaign", "run", str(file), "--folder", str(folder)])
    print(summary(folder / "errors.csv"))
    return done


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--test", type=Path, help="another file with energies and forces")
    given = parser.parse_args()
    sys.exit(main(given.sets, given.folder, given.test))
