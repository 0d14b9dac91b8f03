"""The garbage collector rests while the program is loaded, and only then."""

from __future__ import annotations

import gc

import pytest

from mlipviewer.app.main import unswept


def test_that_sweeps_rest_while_the_program_is_loaded() -> None:
    frozen = gc.get_freeze_count()
    try:
        with unswept():
            assert not gc.isenabled()
            held = [[k] for k in range(1000)]
        assert gc.isenabled()
        assert gc.get_freeze_count() >= frozen + len(held)
    finally:
        gc.unfreeze()


def test_that_sweeps_go_on_where_loading_fails() -> None:
    with pytest.raises(RuntimeError), unswept():
        raise RuntimeError
    assert gc.isenabled()
