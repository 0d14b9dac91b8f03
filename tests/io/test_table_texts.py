"""Tables as text for other programs."""

from __future__ import annotations

import math

from mlipviewer.io.table_texts import as_latex, as_markdown, as_tsv

TABLE = {"model": ["a_1", "b|2"], "error": [0.123456789, math.nan], "n": [3, 4]}


def test_that_tsv_keeps_all_digits_and_leaves_missing_cells_empty() -> None:
    assert as_tsv(TABLE) == "model\terror\tn\na_1\t0.123456789\t3\nb|2\t\t4\n"


def test_that_tabs_and_line_ends_in_cells_do_not_break_rows() -> None:
    assert as_tsv({"x": ["a\tb\nc"]}) == "x\na b c\n"


def test_that_markdown_escapes_pipes_and_aligns_numbers() -> None:
    lines = as_markdown(TABLE).splitlines()
    assert lines[1] == "| :--- | ---: | ---: |"
    assert lines[2] == "| a_1 | 0.1235 | 3 |"
    assert lines[3] == "| b\\|2 |  | 4 |"


def test_that_latex_escapes_its_signs() -> None:
    text = as_latex({"a_b": ["50 % & $"], "x": [1.5]})
    assert text.startswith("\\begin{tabular}{lr}\n\\toprule\na\\_b & x \\\\\n\\midrule\n")
    assert "50 \\% \\& \\$ & 1.5 \\\\" in text
