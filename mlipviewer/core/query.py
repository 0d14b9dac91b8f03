"""A condition in words -> the rows for which it holds. Parsed by us, never evaluated as Python.

    Models == "GAP" and 0 < vac_Ef <= 0.1 and not isnull(hex_c11)
    `c_pe[1]` * 2 > -3 or type in (1, 2)

Names (in backticks where they are odd), numbers, strings, comparisons also in chains, `and or not`,
`in (...)`, `not in (...)`, `+ - * /`, `isnull(name)`, `set("name")` for what is in a named set,
`spread(name)` for the spread of a column over runs side by side, `near("O", 2.6)` for atoms with
another of a kind within a distance in A, `inside(q4, q6, "0 0, 1 0, 1 1")` for a region between
corners in the plane of two columns; `forces[2]` is a component, counted from 1. A
missing value makes a comparison false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.polygons import in_polygon, read_polygon
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query_values import OPERATORS, Value, calculated_value, known, numbers_in
from mlipviewer.core.rows import Mask, Rows, from_mask

LONGEST = 4000  # a list of ticked values may be long
DEEPEST = 30

Array = NDArray[Any]
Namespace = Mapping[str, Array]
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">", "=")
WORDS = frozenset({"and", "or", "not", "in", "isnull", "true", "false"})
TERMS = {"set": ("string",), "spread": ("name", "quoted"), "near": ("string",),
         "inside": ("name", "quoted")}  # fmt: skip
_WANTED = {
    "set": "the name of a set, in quotes,",
    "spread": "the name of a column",
    "inside": "the name of a column",
    "near": "an element, a species or a condition, in quotes,",
}
AXES = ("x", "y", "z")
TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<name>[^\W\d]\w*(?:\[\d+\]|\.[xyz]\b)?)
    | `(?P<quoted>[^`]+)`
    | (?P<string>"[^"]*"|'[^']*')
    | (?P<sign>==|!=|<=|>=|[<>=+\-*/(),])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    kind: str  # "number", "name", "quoted", "string" (with its quotes), "sign", "word", "end"
    text: str
    position: int
    end: int = 0


def matching_rows(text: str, namespace: Namespace, n: int) -> Rows:
    """The rows of 0..n-1 for which the condition holds. Raises QueryProblem."""
    return from_mask(matching_mask(text, namespace, n))


def matching_mask(text: str, namespace: Namespace, n: int) -> Mask:
    """(n,) where the condition holds. `namespace` has an (n,) array for each name: numbers, or
    objects that are text. Raises QueryProblem with the position of what cannot be read."""
    if len(text) > LONGEST:
        raise QueryProblem(f"a condition has at most {LONGEST} characters", LONGEST)
    return _Parser(tokens_of(text), namespace, n, len(text)).condition()


def near_term(what: str, distance: float) -> str:
    """The name under which a namespace holds which atoms have one of a kind within a distance in A.
    `what` is an element, a species, or a condition."""
    quote = "'" if '"' in what else '"'
    return f"near({quote}{what}{quote}, {distance:g})"


_NEAR = re.compile(r"""near\((?:"([^"]*)"|'([^']*)'), ([^)]+)\)""")


def near_parts(term: str) -> tuple[str, float] | None:
    """(what, distance) of a name that `near_term` made, None for others."""
    match = _NEAR.fullmatch(term)
    return None if match is None else (match[1] or match[2] or "", float(match[3]))


def set_term(name: str) -> str:
    """The name under which a namespace holds a named set, as (n,) truth."""
    return f'set("{name}")'


def calculated(text: str, namespace: Namespace, n: int) -> Array:
    """(n,) numbers that a calculation such as `a / 2 + b` gives, in the grammar of conditions.
    Raises QueryProblem."""
    if len(text) > LONGEST:
        raise QueryProblem(f"a calculation has at most {LONGEST} characters", LONGEST)
    return _Parser(tokens_of(text), namespace, n, len(text)).calculation()


def names_in(text: str) -> tuple[str, ...]:
    """The names that a condition speaks of, each once. Raises QueryProblem."""
    found = (t.text for t in tokens_of(text) if t.kind in ("name", "quoted"))
    return tuple(dict.fromkeys(found))


def tokens_of(text: str) -> list[Token]:
    """The words and signs of a condition. Raises QueryProblem where one cannot be read."""
    tokens = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            start = len(text) - len(text[position:].lstrip())
            raise QueryProblem(_unreadable(text[start]), start)
        kind = match.lastgroup
        word = match[kind]
        if kind == "name" and word.lower() in WORDS:
            kind, word = "word", word.lower()
        tokens.append(Token(kind, word, match.start(match.lastgroup), match.end()))
        position = match.end()
    return tokens


def _unreadable(sign: str) -> str:
    if sign in "\"'`":
        return f"the {sign} is never closed"
    return f"{sign!r} is not understood"


class _Parser:
    """Recursive descent; each rule returns the value of what it has read."""

    def __init__(self, tokens: list[Token], namespace: Namespace, n: int, end: int) -> None:
        self._tokens, self._namespace, self._n, self._end = tokens, namespace, n, end
        self._next = 0
        self._depth = 0

    def condition(self) -> Mask:
        if not self._tokens:
            raise QueryProblem("the condition is empty", 0)
        value = self._any()
        if self._next < len(self._tokens):
            token = self._tokens[self._next]
            raise QueryProblem(f"{token.text!r} is not expected here", token.position)
        return self._truth(value)

    def calculation(self) -> Array:
        if not self._tokens:
            raise QueryProblem("the calculation is empty", 0)
        value = self._sum()
        if self._next < len(self._tokens):
            token = self._tokens[self._next]
            raise QueryProblem(f"{token.text!r} is not expected here", token.position)
        if value.kind != "number":
            raise QueryProblem("this is no number", value.position)
        return np.broadcast_to(np.asarray(value.data, float), (self._n,)).copy()

    # -- reading tokens

    def _peek(self) -> Token:
        if self._next < len(self._tokens):
            return self._tokens[self._next]
        return Token("end", "", self._end)

    def _take(self, *texts: str) -> Token | None:
        """The next token if it is one of these signs or words."""
        token = self._peek()
        if token.kind in ("sign", "word") and token.text in texts:
            self._next += 1
            return token
        return None

    def _expect(self, text: str) -> None:
        if self._take(text) is None:
            raise QueryProblem(f"{text!r} is missing here", self._peek().position)

    def _deeper(self, rule: Callable[[], Value]) -> Value:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryProblem(f"parts are nested more than {DEEPEST} deep", self._peek().position)
        value = rule()
        self._depth -= 1
        return value

    # -- truth

    def _any(self) -> Value:
        left = self._all()
        while self._take("or"):
            right = self._all()
            left = Value(self._truth(left) | self._truth(right), "truth", left.position)
        return left

    def _all(self) -> Value:
        left = self._negation()
        while self._take("and"):
            right = self._negation()
            left = Value(self._truth(left) & self._truth(right), "truth", left.position)
        return left

    def _negation(self) -> Value:
        token = self._take("not")
        if token is None:
            return self._comparison()
        value = self._deeper(self._negation)
        return Value(~self._truth(value), "truth", token.position)

    def _truth(self, value: Value) -> Mask:
        if value.kind != "truth":
            raise QueryProblem("a comparison is expected here", value.position)
        return np.broadcast_to(np.asarray(value.data, bool), (self._n,)).copy()

    def _comparison(self) -> Value:
        """`a < b <= c` means `a < b and b <= c`."""
        left = first = self._sum()
        mask: Mask | None = None
        while True:
            found, left = self._one_comparison(left)
            if found is None:
                break
            mask = found if mask is None else mask & found
        return first if mask is None else Value(mask, "truth", first.position)

    def _one_comparison(self, left: Value) -> tuple[Mask | None, Value]:
        operator = self._take(*COMPARISONS)
        if operator is not None:
            right = self._sum()
            return self._compared(left, operator, right), right
        negated = self._take("not")
        if self._take("in"):
            mask, there = self._among(left)
            return (~mask & there if negated else mask), left
        if negated:
            raise QueryProblem("'in' is missing after 'not'", self._peek().position)
        return None, left

    def _compared(self, left: Value, operator: Token, right: Value) -> Mask:
        if "truth" in (left.kind, right.kind):
            if left.kind != right.kind or operator.text not in ("==", "=", "!="):
                raise QueryProblem("a comparison cannot be compared", operator.position)
            same = self._truth(left) == self._truth(right)
            return np.asarray(~same if operator.text == "!=" else same)
        numbers = "number" in (left.kind, right.kind)
        a, b = (numbers_in(left), numbers_in(right)) if numbers else (left.data, right.data)
        found = OPERATORS[operator.text](a, b) & known(a) & known(b)
        return np.broadcast_to(found, (self._n,)).copy()

    def _among(self, left: Value) -> tuple[Mask, Mask]:
        """Which values are in the list that follows, and which are known at all."""
        self._expect("(")
        sign = Token("sign", "==", self._peek().position)
        mask = np.zeros(self._n, bool)
        while True:
            mask |= self._compared(left, sign, self._sum())
            if not self._take(","):
                break
        self._expect(")")
        data = left.data if left.kind != "truth" else np.asarray(left.data, float)
        return mask, np.broadcast_to(known(data), (self._n,))

    # -- numbers

    def _sum(self) -> Value:
        left = self._product()
        while token := self._take("+", "-"):
            left = calculated_value(left, token.text, self._product())
        return left

    def _product(self) -> Value:
        left = self._signed()
        while token := self._take("*", "/"):
            left = calculated_value(left, token.text, self._signed())
        return left

    def _signed(self) -> Value:
        token = self._take("-", "+")
        if token is None:
            return self._atom()
        value = self._deeper(self._signed)
        return calculated_value(Value(0.0, "number", token.position), token.text, value)

    def _atom(self) -> Value:  # noqa: PLR0911 (one return a kind of word)
        token = self._peek()
        if self._take("("):
            value = self._deeper(self._any)
            self._expect(")")
            return value
        if self._take("isnull"):
            return self._isnull(token.position)
        self._next += 1
        match token.kind:
            case "number":
                return Value(float(token.text), "number", token.position)
            case "string":
                return Value(token.text[1:-1], "text", token.position)
            case "name" if token.text in TERMS and self._take("("):
                return self._term(token)
            case "name" | "quoted":
                return self._named(token)
            case "word" if token.text in ("true", "false"):
                return Value(np.full(self._n, token.text == "true"), "truth", token.position)
            case "end":
                raise QueryProblem("the condition ends too early", token.position)
        raise QueryProblem(f"{token.text!r} is not expected here", token.position)

    def _isnull(self, position: int) -> Value:
        self._expect("(")
        value = self._deeper(self._sum)
        self._expect(")")
        if value.kind == "truth":
            raise QueryProblem("isnull asks for a name", position)
        return Value(np.broadcast_to(~known(value.data), (self._n,)), "truth", position)

    def _term(self, token: Token) -> Value:
        """`set("name")` ...: names that the namespace has with their brackets."""
        inside, what = self._peek(), token.text
        if inside.kind not in TERMS[what]:
            raise QueryProblem(f"{_WANTED[what]} is expected here", inside.position)
        self._next += 1
        if what == "inside":
            return self._inside(inside)
        term = set_term(inside.text[1:-1]) if what == "set" else f"{what}({inside.text})"
        if what == "near":
            term = near_term(inside.text[1:-1], self._distance())
        self._expect(")")
        return self._named(Token("quoted", term, inside.position), f"there is no {term} here")

    def _inside(self, x: Token) -> Value:
        """`inside(x, y, "corners")`: the place in the plane of two columns lies in a region."""
        self._expect(",")
        y = self._peek()
        if y.kind not in ("name", "quoted"):
            raise QueryProblem("the name of a column is expected here", y.position)
        self._next += 1
        self._expect(",")
        region = self._peek()
        if region.kind != "string":
            raise QueryProblem("corners in quotes are expected here", region.position)
        self._next += 1
        self._expect(")")
        values = [self._named(one) for one in (x, y)]
        if any(value.kind != "number" for value in values):
            raise QueryProblem("inside asks for columns of numbers", x.position)
        try:
            corners = read_polygon(region.text[1:-1])
        except ValueError as problem:
            raise QueryProblem(str(problem), region.position) from None
        along, up = (np.asarray(value.data, float) for value in values)
        held = in_polygon(along, up, corners)
        return Value(held, "truth", x.position)

    def _distance(self) -> float:
        self._expect(",")
        token = self._peek()
        if token.kind != "number" or float(token.text) <= 0:
            raise QueryProblem("a distance in A is expected here", token.position)
        self._next += 1
        return float(token.text)

    def _named(self, token: Token, missing: str = "") -> Value:
        try:
            data = np.asarray(self._held(token.text))
        except KeyError:
            raise QueryProblem(missing or self._unknown(token.text), token.position) from None
        if data.shape != (self._n,):
            raise QueryProblem(f"{token.text!r} is not one number each", token.position)
        if data.dtype.kind == "b":
            return Value(data, "truth", token.position)
        kind = "number" if data.dtype.kind in "iuf" else "text"
        return Value(data.astype(float) if kind == "number" else data, kind, token.position)

    def _held(self, name: str) -> Any:
        """`forces.x` is `forces[1]` where no name is written so. Raises KeyError."""
        whole, dot, axis = name.rpartition(".")
        if dot and axis in AXES and name not in self._namespace:
            name = f"{whole}[{AXES.index(axis) + 1}]"
        return self._namespace[name]

    def _unknown(self, name: str) -> str:
        whole, sign, _ = name.partition("[0]")
        if sign and whole in self._namespace:
            return f"components count from 1: {whole}[1]"
        return f"there is no {name!r}{_near(name, tuple(self._namespace))}"


def _near(name: str, known: tuple[str, ...]) -> str:
    """A name like the unknown one, for people who mistype."""
    from difflib import get_close_matches

    lower = {one.lower(): one for one in known}
    found = get_close_matches(name.lower(), tuple(lower), 1)
    return f"; do you mean {lower[found[0]]!r}?" if found else ""
