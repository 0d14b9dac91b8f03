"""Numbers of tables as they are written in cells and cards."""

from __future__ import annotations

import math


def number_text(value: float) -> str:
    """A cell's number with four significant digits; missing ones are a dash."""
    if math.isnan(value):
        return "–"
    size = abs(value)
    text = f"{value:.3e}" if size and (size >= 1e5 or size < 1e-3) else f"{value:.4g}"
    return text.replace("-", "−")


def error_text(value: float, floor: float | None) -> str:
    """An error at the floor of its metric is told as what it is: not larger than that."""
    if floor is None or not 0 <= value <= floor * (1 + 1e-6):
        return number_text(value)
    return f"≤ {floor:.3g}".replace("-", "−")
