"""Whether what is painted may stay: values of all kinds that plots are made of."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from mlipviewer.gui.sameness import _same

ARRAY, OTHER = np.arange(3.0), np.arange(3.0) + 1


@pytest.mark.parametrize(
    "made",
    [
        lambda array: array,
        lambda array: ("a name", array),
        lambda array: (("a name", array), ("b", None)),
        lambda array: {"a": array},
        lambda array: MappingProxyType({"a": (1, array)}),
        lambda array: tuple(map(str, array)),
    ],
)
def test_that_values_that_hold_arrays_are_compared(made: Any) -> None:
    assert _same(made(ARRAY), made(ARRAY.copy()))
    assert not _same(made(ARRAY), made(OTHER))
    assert not _same(made(ARRAY), made(ARRAY[:2]))
