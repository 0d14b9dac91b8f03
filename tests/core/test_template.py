"""Templates of text over the atoms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.template import check_template, filled

VALUES = {"frame": 3, "time": 1.25, "T": np.float64(300.4), "phase": "bcc <b>", "odd name": 7}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("{frame} {time:.1f} ps {T:.0f} K", "3 1.2 ps 300 K"),
        ("{frame:04d} {phase}", "0003 bcc <b>"),
        ("{odd name}, {missing:.2f} {{x}}", "7, ? {x}"),
        ("{time:d}|{time:>8.2f}|{phase:.1f}|{frame:.1f}", "1|    1.25|bcc <b>|3.0"),
        ("{frame:<5}|{frame:,}|{T:.2e}", "3    |3|3.00e+02"),
        ("", ""),
    ],
)
def test_that_values_are_filled_in(form: str, text: str) -> None:
    assert filled(form, VALUES) == text


def test_that_numbers_that_are_none_are_unknown() -> None:
    assert filled("{a} {b:.1f} {c:d}", {"a": np.nan, "b": np.inf, "c": None}) == "? ? ?"


@pytest.mark.parametrize(
    "form",
    [
        "{frame",
        "frame}",
        "{}",
        "{:.1f}",
        "{frame:.1f:}",
        "{frame:1000d}",
        "{frame:.999f}",
        "{a:x}",
        "{a:s}",
    ],
)
def test_that_what_cannot_be_read_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=r"brace|names no value|not a format"):
        check_template(form)


@pytest.mark.parametrize("form", ["{frame.__class__}", "{frame[0]}", "{phase!r}"])
def test_that_nothing_is_looked_into(form: str) -> None:
    assert filled(form, VALUES) == "?"


@given(st.text(max_size=60), st.floats() | st.integers() | st.text(max_size=5))
def test_that_any_text_is_filled_or_refused(form: str, value: object) -> None:
    try:
        check_template(form)
    except ValueError:
        return
    assert isinstance(filled(form, {"a": value}), str)


_SPECS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "<", ">", "^"]),
        st.sampled_from(["", "-", "+", " "]),
        st.sampled_from(["", "0"]),
        st.sampled_from(["", "1", "12"]),
        st.sampled_from(["", ","]),
        st.sampled_from(["", ".0", ".12"]),
        st.sampled_from(["", *"defgEG%"]),
    ),
)


@given(_SPECS, st.floats() | st.integers() | st.booleans() | st.text(max_size=5))
def test_that_every_format_that_is_taken_formats(spec: str, value: object) -> None:
    assert isinstance(filled(f"{{a:{spec}}}", {"a": value}), str)
