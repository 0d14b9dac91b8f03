"""Text of data where Qt guesses whether it is HTML: tool tips, messages, questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import Qt, QTextDocument

from mlipviewer.gui.plain import plain, plain_tip

TAGS = st.sampled_from(
    [
        "<b>",
        "</b>",
        "<img src='/dev/zero'>",
        "<br>",
        "&lt;",
        "&amp;",
        "<a href=x>",
        "\n",
        " ",
        "a<b",
    ]
)
WORDS = st.lists(TAGS | st.text(max_size=6), max_size=8).map("".join)


def seen(text: str) -> str:
    """What a label of Qt shows, whose format is not set."""
    if not Qt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


@given(WORDS)
def test_that_s2_text_of_data_is_shown_as_it_stands(text: str) -> None:
    shown = seen(plain_tip(text)).replace("\N{NO-BREAK SPACE}", " ")
    assert shown.split() == plain(text).replace("\N{NO-BREAK SPACE}", " ").split()


@pytest.mark.parametrize("text", ["<b>M</b>", "a <img src='/dev/zero'>", "x &lt; y", "<!-- c -->"])
def test_that_s2_what_looks_like_html_is_none(text: str) -> None:
    assert seen(plain_tip(text)) == text
    assert "<img" not in plain_tip(text)


def test_that_s2_usual_text_stays_and_a_long_one_is_cut() -> None:
    assert plain_tip("x < 2 and y > 3\nnext") == "x < 2 and y > 3\nnext"
    assert len(plain_tip("x" * 10_000)) < 1100
