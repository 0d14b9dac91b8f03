"""Finding names by a few of their letters: `cogr` finds `Correlation graph`."""

from __future__ import annotations

from collections.abc import Iterable

START, INSIDE, GAP = 8.0, 1.0, 0.05
"""Worth of a letter that begins a word or follows the one before it, of another, and the price of
each letter between."""


def fit(asked: str, name: str) -> float | None:
    """How well a name fits what was typed, the higher the better; None where it does not.

    Each word typed must be found in the name, its letters in order."""
    text, score = name.lower(), 0.0
    for word in asked.lower().split():
        found = _fit_word(word, text)
        if found is None:
            return None
        score += found
    return score - 0.01 * len(text)


def _fit_word(word: str, text: str) -> float | None:
    """The best of the fits that begin at each place of the first letter."""
    whole = text.find(word)
    if whole >= 0:
        begins = whole == 0 or not text[whole - 1].isalnum()
        return START * len(word) + (START if begins else 0.0)
    fits = (_fit_from(word, text, at) for at, letter in enumerate(text) if letter == word[0])
    return max((one for one in fits if one is not None), default=None)


def _fit_from(word: str, text: str, at: int) -> float | None:
    score, last = 0.0, at - 1
    for letter in word:
        found = _next(letter, text, last)
        if found < 0:
            return None
        begins = found == 0 or not text[found - 1].isalnum()
        score += START if begins or at <= last == found - 1 else INSIDE
        score -= GAP * (found - last - 1)
        last = found
    return score


def _next(letter: str, text: str, last: int) -> int:
    """The letter at once, else where it begins a word, else anywhere after `last`."""
    if text[last + 1 : last + 2] == letter:
        return last + 1
    at = text.find(letter, last + 1)
    while at > 0 and text[at - 1].isalnum():
        further = text.find(letter, at + 1)
        if further < 0:
            return text.find(letter, last + 1)
        at = further
    return at


SHARE = 0.4  # of the best fit; what fits worse is found by chance


def best(asked: str, names: Iterable[str], most: int) -> list[int]:
    """The places of the names that fit best, the best first."""
    fits = ((fit(asked, name), place) for place, name in enumerate(names))
    found = sorted((-score, place) for score, place in fits if score is not None)
    least = -SHARE * found[0][0] if found else 0.0
    return [place for score, place in found[:most] if -score >= least or least <= 0]
