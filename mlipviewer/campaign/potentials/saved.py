"""Trained models in files: arrays and a few words, never programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign.potentials.moments import Array

WORDS, NUMBERS = "model.json", "model.npz"


def save(folder: Path, words: Mapping[str, Any], **arrays: Array) -> None:
    (folder / WORDS).write_text(json.dumps(dict(words), indent=1) + "\n", encoding="utf-8")
    np.savez_compressed(folder / NUMBERS, allow_pickle=False, **arrays)


def load(folder: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Raises OSError, ValueError."""
    words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
    with np.load(folder / NUMBERS, allow_pickle=False) as found:
        return words, {name: found[name] for name in found.files}
