"""To how much compressed files may unpack: asked for, kept, and heeded at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QInputDialog, QWidget

from mlipviewer.session.session import Session
from mlipviewer.session.settings import heed_unpack_limit, load_settings, save_settings
from mlipviewer.session.state import Weight

MOST_GB = 100_000

USUAL = "4 GB and 200 times its own size, bz2 and xz to 1 GB"


def ask_unpack_limit(parent: QWidget, session: Session) -> None:
    """Ask for the limit in GB; 0 is the usual one."""
    settings = load_settings()
    text = (
        "GB to which a compressed file may unpack\n"
        f"(0: as usual, up to {USUAL}). A damaged or hostile file may claim any size."
    )
    wanted, done = QInputDialog.getInt(
        parent, "Limit of compressed files", text, settings.unpack_gb, 0, MOST_GB, 1
    )
    if done:
        keep_unpack_limit(session, wanted)


def keep_unpack_limit(session: Session, gigabytes: int) -> None:
    """Heed a limit for files that are opened from now on, in this window and in later ones."""
    settings = replace(load_settings(), unpack_gb=gigabytes)
    heed_unpack_limit(settings)
    shown = f"{gigabytes:,} GB" if gigabytes else f"{USUAL}"
    try:
        save_settings(settings)
    except OSError as problem:
        session.notify(f"The setting is not kept: {problem}", Weight.WARNING)
    else:
        session.notify(
            f"A compressed file may unpack to {shown}; this holds from the next opening."
        )
