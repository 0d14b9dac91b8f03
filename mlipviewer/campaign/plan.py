"""What a campaign has to do: pieces of work, what each waits for, and what is known already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import inf
from typing import Any

from mlipviewer.analysis.methods.potential_files import fingerprint_of_calculator
from mlipviewer.campaign import FAMILIES, PROPERTIES
from mlipviewer.campaign.design import Design, Existing, FamilyPart, LabelledSet
from mlipviewer.campaign.estimate import PROPERTY, SET, TRAIN, sorts_of
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder
from mlipviewer.campaign.given_models import files_in
from mlipviewer.campaign.journal import Entry, key_of
from mlipviewer.campaign.property import Asked, Metric, Property
from mlipviewer.campaign.sampling import chosen, sampled
from mlipviewer.campaign.space import HyperParameters, Space, narrowed
from mlipviewer.io.files import fingerprint

REFERENCE = "reference"
Known = Mapping[str, Entry]


@dataclass(frozen=True)
class Piece:
    """One piece of work: `said` is what a worker needs to know beside the folder."""

    key: str
    kind: str
    model: str
    name: str
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """A model to be trained: `name` is its own, `number` counts in its family and set."""

    name: str
    family: str
    set: str
    number: int
    seed: int
    choice: HyperParameters
    key: str


@dataclass(frozen=True)
class Model:
    """A model to be judged."""

    name: str
    family: str
    set: str
    selection: str
    key: str
    said: Mapping[str, Any]
    trained: bool = True
    rank: int = 0
    """Its place among the models of its family and set."""


class Plan:
    """The work of a design in a folder. Raises DesignProblem for what cannot be done."""

    def __init__(self, design: Design, folder: Folder) -> None:
        self.design, self.folder = design, folder
        self._pieces: dict[tuple[str, str], Piece] = {}
        self.properties = tuple(_property(name) for name in design.properties)
        for part in design.families:
            space_of(part)
        if len(self.metrics) != len({one.name for one in self.metrics}):
            raise DesignProblem("two properties give a metric of the same name")
        names = {one.name for one in self.metrics}
        odd = [name for name in design.thresholds if name not in names]
        if odd:
            raise DesignProblem(f"thresholds: no property asked for gives {odd[0]!r}")

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        found = [one for prop in self.properties for one in prop.metrics(self._judging)]
        return tuple(found)

    def good_enough(self, metric: Metric) -> float:
        """The error of its threshold: the design's, else its own."""
        return float(self.design.thresholds.get(metric.name, metric.good))

    def metrics_of(self, prop: Property) -> tuple[Metric, ...]:
        return prop.metrics(self._judging)

    @cached_property
    def _judging(self) -> Asked:
        sets = self.design.test_sets
        rare = tuple(one.name for one in sets if one.role == "rare")
        return Asked(self.design.crystal, tuple(one.name for one in sets), rare)

    @cached_property
    def _reference(self) -> Mapping[str, Any]:
        one = self.design.reference
        return {"calculator": one.calculator, "settings": dict(one.settings)}

    @cached_property
    def _labelling(self) -> Mapping[str, Any]:
        """What values of the reference depend on: its files too, where it has such."""
        return {
            **self._reference,
            "files": fingerprint_of_calculator(self.design.reference.calculator),
        }

    # -- sets

    @cached_property
    def set_keys(self) -> Mapping[str, str]:
        return {one.name: self._set_key(one) for one in self.design.sets}

    def _set_key(self, one: LabelledSet) -> str:
        what = asdict(one)
        if not one.weights:  # sets of before there were weights keep their keys
            del what["weights"]
        if one.file:
            return key_of(kind=SET, set={**what, "file": fingerprint(one.file)})
        crystal = asdict(self.design.crystal)
        return key_of(
            kind=SET, set=what, crystal=crystal, by=self._labelling, seed=self.design.seed
        )

    def _set_pieces(self) -> Iterator[Piece]:
        for one in self.design.sets:
            key = self.set_keys[one.name]
            said = {"set": one.name, "file": str(self.folder.set_file(one.name, key))}
            yield Piece(key, SET, "", one.name, said)

    # -- models

    @cached_property
    def groups(self) -> Sequence[tuple[FamilyPart, str, Sequence[Candidate]]]:
        """The candidates of each family and training set."""
        return [
            (part, name, self._candidates(part, name))
            for part in self.design.families
            for name in part.sets
        ]

    def _candidates(self, part: FamilyPart, set_name: str) -> Sequence[Candidate]:
        family, seed = FAMILIES[part.family], self.design.seed
        made = []
        for k, choice in enumerate(
            sampled(space_of(part), part.candidates, self.design.sampler, seed)
        ):
            name = f"{part.family}-{set_name}-{k + 1:04d}"
            about = {"family": family.name, "version": family.version, "choice": dict(choice)}
            key = key_of(kind=TRAIN, on=self.set_keys[set_name], seed=seed + k, **about)
            made.append(Candidate(name, part.family, set_name, k + 1, seed + k, choice, key))
        return made

    def _train_piece(self, one: Candidate) -> Piece:
        said = {
            "family": one.family,
            "set": one.set,
            "set_file": str(self.folder.set_file(one.set, self.set_keys[one.set])),
            "choice": dict(one.choice),
            "seed": one.seed,
            "place": str(self.folder.model(one.key)),
        }
        return Piece(one.key, TRAIN, one.name, one.family, said)

    def models(self, known: Known) -> Iterator[Model]:
        """The models that can be judged: of the groups whose candidates are all trained, and those
        that exist."""
        for one in self.design.existing:
            yield self._existing(one)
        for part, name, candidates in self.groups:
            if all(one.key in known for one in candidates):
                yield from self._models_of(part, name, candidates, known)

    def _models_of(
        self, part: FamilyPart, name: str, candidates: Sequence[Candidate], known: Known
    ) -> Iterator[Model]:
        entries = [known[one.key] for one in candidates]
        scores = [float(e.data["score"]) if e.good else inf for e in entries]
        picked = chosen(scores, part.models, part.selected, self.design.seed)
        for rank, (index, how) in enumerate(picked.items()):
            one = candidates[index]
            said = {"family": one.family, "place": str(self.folder.model(one.key))}
            label = FAMILIES[one.family].label
            yield Model(one.name, label, name, how, one.key, said, entries[index].good, rank)

    def _existing(self, one: Existing) -> Model:
        said = {"calculator": one.calculator, "settings": dict(one.settings)}
        about = {"by": said, "files": fingerprint_of_calculator(one.calculator)}
        if read := files_in(one.settings):
            about["read"] = [fingerprint(path) for path in read]
        key = key_of(kind="existing", **about)
        return Model(one.name, one.family, "", "existing", key, said)

    @cached_property
    def reference_model(self) -> Model:
        key = key_of(kind="existing", by=self._labelling)
        return Model(REFERENCE, REFERENCE, "", REFERENCE, key, self._reference)

    # -- properties

    def property_piece(self, model: Model, prop: Property) -> Piece:
        """The piece that computes a property of a model; asked for often, made once."""
        known = model.key + model.name, prop.name
        if known not in self._pieces:
            self._pieces[known] = self._property_piece(model, prop)
        return self._pieces[known]

    def _property_piece(self, model: Model, prop: Property) -> Piece:
        sets = {one.name: self.set_keys[one.name] for one in self.design.test_sets}
        about = {"crystal": asdict(self.design.crystal), "version": prop.version}
        about |= {"sets": sets} if prop.of_sets else {}
        key = key_of(
            kind=PROPERTY,
            model=model.key,
            name=prop.name,
            by=self._labelling,
            seed=self.design.seed,
            **about,
        )
        said = {"model": dict(model.said), "property": prop.name}
        if prop.of_sets:
            said["sets"] = {name: str(self.folder.set_file(name, k)) for name, k in sets.items()}
        if self.design.evidence and model.name != REFERENCE:
            said["evidence"] = str(self.folder.evidence(model.name, model.key))
        return Piece(key, PROPERTY, model.name, prop.name, said)

    def judged(self, known: Known) -> Iterator[tuple[Model, Property, Piece]]:
        for model in (self.reference_model, *self.models(known)):
            for prop in self.properties:
                if model.trained and self.asks(model, prop):
                    yield model, prop, self.property_piece(model, prop)

    def asks(self, model: Model, prop: Property) -> bool:
        """Whether the design wants this property of this model: a subset has the first ones."""
        return model.rank < self.design.subset.get(prop.name, model.rank + 1)

    # -- what is next

    def ready(self, known: Known) -> Iterator[Piece]:
        """The pieces that can be done now, the most useful first: sets, then whole rows of the
        table, then more models."""
        yield from (one for one in self._set_pieces() if one.key not in known)
        sets = {name for name, key in self.set_keys.items() if key in known and known[key].good}
        for _, prop, piece in self.judged(known):
            waits = prop.of_sets and not {one.name for one in self.design.test_sets} <= sets
            if piece.key not in known and not waits:
                yield piece
        for _, name, candidates in self.groups:
            if name in sets:
                yield from (self._train_piece(one) for one in candidates if one.key not in known)

    def sorts(self) -> Mapping[tuple[str, str], tuple[int, float]]:
        """Of each kind and name: how many pieces there are when all is done, and a guess of the
        seconds of one. All sets count as one sort."""
        return sorts_of(self.design)

    def totals(self) -> Mapping[str, int]:
        """How many pieces of each kind there are when all is done."""
        found = dict.fromkeys((SET, TRAIN, PROPERTY), 0)
        for (kind, _), (n, _) in self.sorts().items():
            found[kind] += n
        return found


def _property(name: str) -> Property:
    if name not in PROPERTIES:
        raise DesignProblem(f"properties: {name!r} is none of {', '.join(PROPERTIES)}")
    return PROPERTIES[name]


def space_of(part: FamilyPart) -> Space:
    """The hyper-parameters of a family as a design narrows them. Raises DesignProblem."""
    if part.family not in FAMILIES:
        raise DesignProblem(f"family {part.family!r} is none of {', '.join(FAMILIES)}")
    space = dict(FAMILIES[part.family].space)
    for name, given in part.ranges.items():
        if name not in space:
            known = ", ".join(space)
            raise DesignProblem(f"family {part.family!r}: ranges: {name!r} is none of {known}")
        try:
            space[name] = narrowed(space[name], given)
        except ValueError as problem:
            raise DesignProblem(f"family {part.family!r}: {name}: {problem}") from None
    return space
