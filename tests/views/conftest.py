"""A stage for one view at a time, closed after the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.windows import Stage


@pytest.fixture
def stage(qtbot: Any) -> Iterator[Callable[..., Stage]]:
    """Show a view: `stage(lambda store: PlotView(store, "pareto"))`."""
    stages: list[Stage] = []

    def made(make: Any, width: int = 620, height: int = 460, **about: Any) -> Stage:
        stages.append(Stage(make, **about))
        return stages[-1].show(qtbot, width, height)

    yield made
    for one in stages:
        one.close()
