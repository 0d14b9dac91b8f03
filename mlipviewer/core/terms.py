"""The terms of one column within a condition: read, written and replaced; the others stay as typed.

A condition is a chain of terms joined by `and`. A term belongs to a column where it is one of the
simple forms that a filter of that column writes:

    0.1 <= x <= 5    x < 5    isnull(x)    not isnull(x)
    x in ("a", "b")    x not in ("a")    (x in ("a") or isnull(x))

A condition that is no such chain (`a < 1 or b < 2`) is one foreign term, put in parentheses when
another joins it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import WORDS, Token, matching_mask, tokens_of

_END = r"(<=?|>=?|==?)"
_LIMITS = re.compile(rf"(?:(n){_END})?x(?:{_END}(n))?")
_LIST = r"(?:x(?:not )?in \(s(?:,s)*\)|x==?s|x!=s)"
_TEXTS = re.compile(rf"{_LIST}|\({_LIST}or isnull \(x\)\)")
_NULLS = re.compile(r"(?:not )?isnull \(x\)")
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


class Missing(StrEnum):
    """What a filter does with cells that have no value. Limits leave them out by themselves."""

    ANY = "any"
    WITHOUT = "without"
    ONLY = "only"


@dataclass(frozen=True)
class Limits:
    """The range of numbers that a column is limited to; None: no limit on that side."""

    low: float | None = None
    high: float | None = None
    missing: Missing = Missing.ANY
    low_open: bool = False  # the limit itself is left out
    high_open: bool = False


class CannotBeWritten(ValueError):
    """A name or a text holds signs that the grammar of conditions cannot quote."""


# --- the chain of terms ------------------------------------------------------------------------


def terms_of(condition: str) -> tuple[str, ...]:
    """The terms joined by `and`, as they were typed; the whole where an `or` joins terms.

    Raises QueryProblem where the condition cannot be read.
    """
    tokens = tokens_of(condition)
    if not tokens:
        return ()
    depth, cuts = 0, []
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")") if token.kind == "sign" else 0
        if token.kind == "word" and depth == 0 and token.text in ("and", "or"):
            cuts.append(token)
    if any(cut.text == "or" for cut in cuts):
        return (condition.strip(),)
    starts = [0, *(cut.end for cut in cuts)]
    ends = [*(cut.position for cut in cuts), len(condition)]
    parts = (condition[a:b].strip() for a, b in zip(starts, ends, strict=True))
    return tuple(part for part in parts if part)


def column_terms(condition: str, column: str) -> tuple[str, ...]:
    """The simple terms of a column. Raises QueryProblem."""
    return tuple(term for term in terms_of(condition) if _column_of(term) == column)


def filtered_columns(condition: str) -> frozenset[str]:
    """The columns that have simple terms; none where the condition cannot be read."""
    try:
        found = (_column_of(term) for term in terms_of(condition))
        return frozenset(column for column in found if column is not None)
    except QueryProblem:
        return frozenset()


def without_column(condition: str, column: str) -> str:
    """The condition without the simple terms of a column. Raises QueryProblem."""
    return replace_terms(condition, column, "")


def replace_terms(condition: str, column: str, term: str) -> str:
    """The condition with `term` for the simple terms of a column, where the first of them stood,
    else at the end; '' takes them away. Raises QueryProblem."""
    terms = terms_of(condition)
    own = [i for i, one in enumerate(terms) if _column_of(one) == column]
    at = own[0] if own else len(terms)
    kept = [one for i, one in enumerate(terms) if i not in own]
    new = [*kept[:at], *([term] if term else []), *kept[at:]]
    if len(new) > 1:
        new = [_joinable(one) for one in new]
    return " and ".join(new)


def _joinable(term: str) -> str:
    """The term, in parentheses where an `or` would come apart."""
    depth = 0
    for token in tokens_of(term):
        depth += (token.text == "(") - (token.text == ")") if token.kind == "sign" else 0
        if depth == 0 and token.kind == "word" and token.text == "or":
            return f"({term})"
    return term


# --- reading a term ----------------------------------------------------------------------------


def _column_of(term: str) -> str | None:
    """The column that a simple term belongs to, None for a foreign term."""
    tokens = tokens_of(term)
    names = {token.text for token in tokens if token.kind in ("name", "quoted")}
    if len(names) != 1:
        return None
    shape = _shape(tokens)
    limits = _LIMITS.fullmatch(shape)
    simple = (limits and shape != "x") or _TEXTS.fullmatch(shape) or _NULLS.fullmatch(shape)
    return names.pop() if simple else None


def _shape(tokens: Sequence[Token]) -> str:
    """The form of a term: x for its name, n for (signed) numbers, s for texts."""
    letters = {"number": "n", "name": "x", "quoted": "x", "string": "s"}
    words = (letters.get(token.kind) or token.text + " " * (token.kind == "word")
             for token in tokens)  # fmt: skip
    return re.sub(r"(?<![nx])[+-]n", "n", "".join(words))


def limits_of(condition: str, column: str) -> Limits:
    """What the simple terms of a column leave of its numbers. Raises QueryProblem."""
    found = Limits()
    for term in column_terms(condition, column):
        tokens = tokens_of(term)
        shape = _shape(tokens)
        if _NULLS.fullmatch(shape):
            missing = Missing.WITHOUT if shape.startswith("not") else Missing.ONLY
            found = replace(found, missing=missing)
        elif match := _LIMITS.fullmatch(shape):
            found = _narrowed(found, match, _values(tokens))
    return found


def _values(tokens: Sequence[Token]) -> list[float]:
    values, sign = [], 1.0
    for token in tokens:
        if token.kind == "number":
            values.append(sign * float(token.text))
        sign = -1.0 if token.text == "-" else 1.0
    return values


def _narrowed(limits: Limits, match: re.Match[str], values: list[float]) -> Limits:
    before, after = match[2], match[3]
    if before:
        turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(before, before)
        limits = _one_end(limits, turned, values[0])
    return _one_end(limits, after, values[-1]) if after else limits


def _one_end(limits: Limits, sign: str, value: float) -> Limits:
    """The limits with `x sign value` besides: the narrower limit stays."""
    if sign in (">", ">=", "=", "==") and (limits.low is None or value >= limits.low):
        limits = replace(limits, low=value, low_open=sign == ">")
    if sign in ("<", "<=", "=", "==") and (limits.high is None or value <= limits.high):
        limits = replace(limits, high=value, high_open=sign == "<")
    return limits


def chosen_of(condition: str, column: str, values: Sequence[str]) -> frozenset[str]:
    """Which of the different cells of a text column its simple terms let pass ('': no value).

    Raises QueryProblem.
    """
    cells = np.array(values, object)
    kept = np.ones(len(values), bool)
    for term in column_terms(condition, column):
        kept &= matching_mask(term, {column: cells}, len(values))
    return frozenset(cell for cell, keep in zip(values, kept, strict=True) if keep)


# --- writing a term ----------------------------------------------------------------------------


def limits_term(column: str, limits: Limits) -> str:
    """The term that limits a column; '' where nothing is limited. Raises CannotBeWritten."""
    name = written_name(column)
    if limits.missing is Missing.ONLY:
        return f"isnull({name})"
    low, high = limits.low, limits.high
    before, after = "<" if limits.low_open else "<=", "<" if limits.high_open else "<="
    if low is not None and high is not None:
        return f"{_written(low)} {before} {name} {after} {_written(high)}"
    if low is not None:
        return f"{name} {before.replace('<', '>')} {_written(low)}"
    if high is not None:
        return f"{name} {after} {_written(high)}"
    return f"not isnull({name})" if limits.missing is Missing.WITHOUT else ""


def values_term(column: str, chosen: Collection[str], values: Sequence[str]) -> str:
    """The term that keeps the `chosen` among all different `values` of a text column.

    '' is a cell without a value; the shorter of `in` and `not in` is written; all chosen is no
    term. Raises CannotBeWritten.
    """
    name = written_name(column)
    known = [value for value in values if value]
    kept = [value for value in known if value in chosen]
    left = [value for value in known if value not in chosen]
    has_missing, with_missing = "" in values, "" in chosen
    if not left and (with_missing or not has_missing):
        return ""
    if not kept:
        return f"isnull({name})" if with_missing else f"{name} in ({_quoted('')})"
    if not left:
        return f"not isnull({name})"
    negated = len(left) < len(kept)
    listed = left if negated else kept
    among = f"{name} {'not in' if negated else 'in'} ({', '.join(map(_quoted, listed))})"
    return f"({among} or isnull({name}))" if with_missing and has_missing else among


def written_name(column: str) -> str:
    """A column's name as a condition writes it. Raises CannotBeWritten."""
    if _PLAIN_NAME.fullmatch(column) and column.lower() not in WORDS:
        return column
    if "`" in column or not column:
        raise CannotBeWritten(f"a condition cannot name the column {column!r}")
    return f"`{column}`"


def can_write(text: str) -> bool:
    """Whether a condition can quote a text."""
    return not ('"' in text and "'" in text)


def _quoted(text: str) -> str:
    if not can_write(text):
        raise CannotBeWritten(f"a condition cannot quote {text!r}")
    return f"'{text}'" if '"' in text else f'"{text}"'


def _written(value: float) -> str:
    if not math.isfinite(value):
        raise CannotBeWritten("a limit is a finite number")
    return f"{value:.6g}"
