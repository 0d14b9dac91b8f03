"""Receipts of figures: what a figure shows, as a session that can be opened from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlipviewer
from mlipviewer.core.problem import ReadProblem
from mlipviewer.io import receipts
from mlipviewer.session.saving.restoring import fingerprints
from mlipviewer.session.saving.session_file import APP, Saved, digest, session_from, session_text

SUFFIXES = receipts.SUFFIXES
OF_WINDOW = ("cameras", "shapes", "dark")


def is_figure(path: Path) -> bool:
    """Whether a file may be a figure of this program, by its name."""
    return path.suffix.lower() in SUFFIXES


def session_of_figure(saved: Saved, folder: Path) -> str:
    """The session of a figure that is to lie in `folder`: without history, places and time."""
    window = {name: saved.window[name] for name in OF_WINDOW if name in saved.window}
    text = session_text(replace(saved, past=(), window=window), folder)
    found = {name: one for name, one in json.loads(text).items() if name not in ("saved", "past")}
    return json.dumps(found, ensure_ascii=True, allow_nan=False, sort_keys=True)


def receipt_of(saved: Saved, folder: Path, figure: Mapping[str, Any]) -> tuple[str, str]:
    """(the packet of XMP for a figure in `folder`, the digest of its session); '' where it would be
    too large. The inputs are read for their hashes."""
    marks = fingerprints(saved.document.inputs)
    session = session_of_figure(replace(saved, fingerprints=marks), folder)
    told = {
        "app": APP,
        "version": mlipviewer.__version__,
        "figure": dict(figure),
        "inputs": marks,
        "session": session,
    }
    about = [f"{name}: sha256 {mark}" for name, mark in marks.items()]
    program = f"{APP} {mlipviewer.__version__}"
    text = json.dumps(told, ensure_ascii=True, allow_nan=False, sort_keys=True)
    xmp = receipts.packet(text, about, program)
    return xmp, digest(session)


def read_figure(path: Path) -> Saved:
    """The session in a figure, as that of a stranger. Raises ReadProblem."""
    try:
        found = json.loads(receipts.read_receipt(path))
    except (ValueError, RecursionError):
        raise ReadProblem("has a damaged receipt", path) from None
    session = found.get("session") if isinstance(found, dict) else None
    if not isinstance(session, str):
        raise ReadProblem("has a receipt without a session", path)
    return replace(session_from(session, path), digest=digest(session))
