"""P7: however a table is written down, it is the same table; texts are never made numbers."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table

ODD = ("NA", "None", "nan", "1e5", "12e4567", "007", "1_000", "inf", "TRUE", "2024-01-05", "0x10")
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöü"
WORDS = st.sampled_from(ODD) | st.text(LETTERS + " .,;'\"-", min_size=1, max_size=9).map(str.strip)
NAMES = WORDS.filter(lambda word: word != "" and word[0] not in "'\"#")
NUMBERS = st.floats(1e-6, 1e6).map(lambda x: float(f"{x:.6g}"))


@st.composite
def contents(draw: st.DrawFn) -> tuple[list[str], list[str], list[list[float]]]:
    """(models, their sets, errors): the models differ, and one is surely a text."""
    n = draw(st.integers(3, 6))
    models = draw(st.lists(NAMES, min_size=n, max_size=n, unique_by=str.casefold))
    sets = draw(st.lists(st.sampled_from(["rand", "active", "007"]), min_size=n, max_size=n))
    rows = draw(st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=n, max_size=n))
    return ["GAP x", *models[1:]], ["rand", *sets[1:]], rows


def written(
    content: tuple[list[str], list[str], list[list[float]]],
    delimiter: str,
    decimal: str,
    newline: str,
    quoting: int,
) -> str:
    models, sets, rows = content
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["Models", "Selection", "C11", "RMSE_f", "vac_Ef"])
    for model, kind, values in zip(models, sets, rows, strict=True):
        numbers = [repr(value).replace(".", decimal) for value in values]
        writer.writerow([model, kind, *numbers])
    return target.getvalue()


def same(one: ErrorTable, other: ErrorTable) -> bool:
    return (
        one.keys == other.keys
        and [c.name for c in one.columns] == [c.name for c in other.columns]
        and [c.role for c in one.columns] == [c.role for c in other.columns]
        and one.row_roles == other.row_roles
        and dict(one.text) == dict(other.text)
        and np.array_equal(one.values, other.values, equal_nan=True)
    )


@settings(max_examples=60, deadline=None)
@given(
    content=contents(),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "latin-1"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_that_p7_any_way_of_writing_a_table_gives_the_same_table(
    content: tuple[list[str], list[str], list[list[float]]],
    delimiter: str,
    decimal: str,
    encoding: str,
    newline: str,
    quoting: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    if decimal == delimiter:
        delimiter = ";"
    folder = tmp_path_factory.mktemp("p7")
    plain, other = folder / "plain.csv", folder / "other.csv"
    plain.write_bytes(written(content, ",", ".", "\n", csv.QUOTE_MINIMAL).encode())
    text = written(content, delimiter, decimal, newline, quoting)
    if encoding == "utf-16-le-bom":
        other.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    else:
        other.write_bytes(text.encode(encoding))
    reference = read_table(plain)
    models, sets, rows = content
    assert list(reference.text["Models"]) == models  # as they stand: NA, 1e5, 007
    assert list(reference.text["Selection"]) == sets
    found = {c.name: k for k, c in enumerate(reference.columns)}
    for name, column in zip(("C11", "RMSE_f", "vac_Ef"), np.transpose(rows), strict=True):
        assert name in found
        assert np.array_equal(reference.metric(name), column)
    assert same(reference, read_table(other)), text
