"""How much memory the frames that were read may take: asked for, kept, and heeded at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QInputDialog, QWidget

from mlipviewer.session.session import Session
from mlipviewer.session.settings import MB, load_settings, ram_bytes, save_settings
from mlipviewer.session.state import Weight

LEAST_MB = 16


def ask_frame_memory(parent: QWidget, session: Session) -> None:
    """Ask for the limit in MB; 0 is a share of the computer's memory."""
    settings = load_settings()
    usual = replace(settings, frame_memory_mb=0).frame_bytes // MB
    text = (
        f"Memory in MB for frames that were read (0: the usual {usual:,} MB).\n"
        f"Held now: {session.cache.n_bytes / MB:,.0f} MB."
    )
    most = max(ram_bytes() // MB // 2, 2 * LEAST_MB)
    wanted, done = QInputDialog.getInt(
        parent, "Memory for frames", text, settings.frame_memory_mb, 0, most, 64
    )
    if done:
        keep_frame_memory(session, max(wanted, LEAST_MB) if wanted else 0)


def keep_frame_memory(session: Session, megabytes: int) -> None:
    """Heed a limit from now on, in this window and in later ones."""
    settings = replace(load_settings(), frame_memory_mb=megabytes)
    session.cache.set_limit(settings.frame_bytes)
    try:
        save_settings(settings)
    except OSError as problem:
        session.notify(f"The setting is not kept: {problem}", Weight.WARNING)
    else:
        session.notify(f"Frames that were read take up to {settings.frame_bytes // MB:,} MB.")
