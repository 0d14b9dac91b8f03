"""The process that makes a movie: what it says, however much that is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mlipviewer.app.figures import movies
from mlipviewer.core.progress import Progress
from mlipviewer.io.movies import MovieProblem
from mlipviewer.session.saving.session_file import Saved
from mlipviewer.session.state import Document

MUCH = "import sys; sys.stderr.write('a warning\\n' * 200_000); sys.stderr.flush()"
DONE = 'print(\'{"done": 3, "total": 3}\', flush=True)'


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def made_by(monkeypatch: pytest.MonkeyPatch, code: str, path: Path) -> list[tuple[int, int]]:
    steps: list[tuple[int, int]] = []
    monkeypatch.setattr(movies, "own_command", lambda: [sys.executable, "-c", code])
    progress = Progress(lambda done, total: steps.append((done, total)))
    movies.make_movie(Saved(Document()), [], path, progress)
    return steps


@pytest.mark.timeout(60)
def test_that_many_warnings_do_not_hold_up_a_movie(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert made_by(monkeypatch, f"{MUCH}; {DONE}", tmp_path / "a.mp4") == [(3, 3)]


@pytest.mark.timeout(60)
def test_that_the_last_complaint_is_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(MovieProblem, match="no room at all"):
        made_by(monkeypatch, f"{MUCH}; sys.exit('no room at all')", tmp_path / "a.mp4")
