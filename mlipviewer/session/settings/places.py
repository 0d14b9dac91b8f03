"""Where the program keeps what is not the user's own files, and how that is put aside."""

from __future__ import annotations

import time
from pathlib import Path

from mlipviewer.session.settings.settings_file import settings_path


def state_folder() -> Path:
    """For logs, what a crash left, what was opened last: of this computer, not to be copied."""
    import platformdirs

    return Path(platformdirs.user_state_dir("mlipviewer", appauthor=False))


def put_aside() -> Path | None:
    """Rename the folder of settings, so that the usual ones hold from now on; its new name, None
    where there are none. Nothing is deleted. Raises OSError."""
    folder = settings_path().parent
    if not folder.is_dir():
        return None
    when = time.strftime("%Y-%m-%d-%H%M%S")
    names = (f"{folder.name}.aside-{when}{more}" for more in ("", *(f"-{n}" for n in range(2, 99))))
    aside = next(one for name in names if not (one := folder.with_name(name)).exists())
    folder.rename(aside)
    return aside
