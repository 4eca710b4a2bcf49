"""Recognise medicines, illnesses and supplements by the names people use, without guessing between two classes.

A name is looked for inside what was written: exactly first (accents, capitals, punctuation and the order of the words
forgiven), the longest first, then, in parts where nothing was found, with a small misspelling. A name that is denied
("no diabetes") is not recognised: what it leaves open is asked, never assumed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mollet.knowledge.model import Catalogue, Figure, NameClass, Stage

KINDS: Mapping[str, str] = {"medicine": "medicines", "illness": "illnesses", "supplement": "supplements"}
"""First part of a class fact, and the kind of the catalogue that holds the class."""

_ELISION = re.compile(r"\b(?:[ldnjmtsc]|qu)['’]")
# A comma between figures is a French point: 1,5 mg.
_SEPARATOR = re.compile(r"(?<!\d),|,(?!\d)|[;/+()\n]|(?<=\S)\s(?:and|et|with|avec|but|mais)\s")
_NOT_LETTERS = re.compile(r"[^0-9a-z]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Shortest name that may be misspelt; length from which two slips are forgiven, in a name and in a part of several
# words. All arbitrary, on the safe side.
_SHORTEST_FUZZY, _LONG, _LONG_PART = 6, 10, 16
# Shortest word read as a misspelt name beside a name that is known: an adjective would be mistaken for one.
_LONG_WORD = 8
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Recognised:
    """Class facts found in what was written; whether all was understood; facts left open; facts said to be past."""

    facts: tuple[str, ...]
    is_whole: bool
    open: frozenset[str]
    past: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Meaning:
    facts: tuple[str, ...]
    is_vague: bool
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class _Staged:
    """A wide class, and how a stage of it is written."""

    fact: str
    early: re.Pattern[str]
    late: re.Pattern[str]
    late_fact: str


@dataclass(frozen=True, slots=True)
class _Index:
    exact: Mapping[str, _Meaning]
    unordered: Mapping[tuple[str, ...], _Meaning]
    misspelt: Sequence[str]
    longest: int
    below: Mapping[str, frozenset[str]]
    denials: frozenset[str]
    fillers: frozenset[str]
    more: frozenset[str]
    nothing: frozenset[str]
    past: frozenset[str]
    stages: Sequence[_Staged]
    figures: Sequence[tuple[re.Pattern[str], Figure]]


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    meaning: _Meaning


def fold(text: str) -> str:
    """Write a name without accents, capitals, elided articles or punctuation, words one space apart."""
    lower = _ELISION.sub(" ", text.casefold().replace("œ", "oe").replace("æ", "ae").replace("µ", "u"))
    flat = unicodedata.normalize("NFKD", lower)
    letters = "".join(letter for letter in flat if not unicodedata.combining(letter))
    return _NOT_LETTERS.sub(" ", letters).strip()


def names_of(name_class: NameClass) -> Iterator[str]:
    """Every name that stands for one class and no other."""
    yield from _specific_names(name_class)
    yield from name_class.lay.en
    yield from name_class.lay.fr


def recognise(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the class facts that a name stands for, such as ``medicine:statin``; none when it is not recognised."""
    return read_name(text, catalogue).facts


def is_nothing(text: str, catalogue: Catalogue) -> bool:
    """Whether what was written says that there is nothing to name."""
    return fold(text) in _index(catalogue).nothing


@lru_cache(maxsize=4096)
def read_name(text: str, catalogue: Catalogue) -> Recognised:
    """Say what was recognised in one name or phrase, and what it leaves open."""
    index = _index(catalogue)
    segments = [fold(part).split() for part in _SEPARATOR.split(f" {_with_figures(text.casefold(), index)} ")]
    segments = [words for words in segments if words]
    whole = _matches([word for words in segments for word in words], index)
    facts: list[str] = []
    still_open: set[str] = set()
    settled: set[str] = set()
    now: set[str] = set()
    is_whole, start = True, 0
    for words in segments:
        inside = [one for one in whole if one.start < start + len(words) and one.end > start]
        kept, is_clear = _read_segment(words, start, inside, index)
        staged = [_at_stage(one, words, index) for one in kept]
        settled |= {fact for was, one in zip(kept, staged, strict=True) if was != one for fact in one.facts}
        kept = staged
        is_whole = is_whole and is_clear
        said = [fact for meaning in kept for fact in meaning.facts]
        facts += said
        if not _is_past(words, index):
            now.update(said)
        elif not said:
            # "A cancer, in remission": the part of the past speaks of what was named before it.
            now.clear()
        still_open |= _left_open(kept, index)
        start += len(words)
    found = tuple(dict.fromkeys(facts))
    # A stage that is named somewhere speaks of the illness wherever else it is named.
    still_open -= {one for fact in settled for one in index.below.get(fact, frozenset())}
    return Recognised(found, is_whole and bool(found), frozenset(still_open) - set(found), frozenset(found) - now)


def _with_figures(text: str, index: _Index) -> str:
    """Write a figure of a blood test as the name it stands for, such as a clearance of 22 as one below 30."""
    for pattern, figure in index.figures:
        text = pattern.sub(lambda found, figure=figure: _name_of_figure(found, figure), text)  # type: ignore[misc]
    return text


def _name_of_figure(found: re.Match[str], figure: Figure) -> str:
    value = float(found["value"].replace(",", "."))
    if found["above"] and figure.bands and value < figure.bands[-1].below:
        return found[0]
    bands = (one.name for one in figure.bands if value < one.below or (found["below"] and value <= one.below))
    return next(bands, figure.otherwise)


def _at_stage(meaning: _Meaning, words: list[str], index: _Index) -> _Meaning:
    """Read the stage beside the name of an illness: early, nothing is left open; late, it is the narrower illness."""
    for one in index.stages if meaning.is_vague else ():
        if one.fact in meaning.facts:
            written = " ".join(words)
            if one.late.search(written):
                return replace(
                    meaning, facts=tuple(one.late_fact if each == one.fact else each for each in meaning.facts)
                )
            if one.early.search(written):
                return replace(meaning, is_vague=False)
    return meaning


def _is_past(words: list[str], index: _Index) -> bool:
    """Whether a part of what was written speaks of something that may be over."""
    return any(word in index.past or _YEAR.fullmatch(word) for word in words)


def _left_open(kept: list[_Meaning], index: _Index) -> set[str]:
    """Narrower classes that the wide names of one part leave open; none where the part names a narrower one too."""
    named = {fact for meaning in kept for fact in meaning.facts}
    wide = {fact for meaning in kept if meaning.is_vague for fact in meaning.facts}
    return {one for fact in wide for one in index.below.get(fact, frozenset()) if not named & index.below[fact]}


def _read_segment(words: list[str], start: int, inside: list[_Match], index: _Index) -> tuple[list[_Meaning], bool]:
    """Meanings that hold in one part, and whether everything named in it was understood."""
    named = {place for one in inside for place in range(one.start, one.end)}
    rest = [(start + place, word) for place, word in enumerate(words) if start + place not in named]
    denials = [place for place, word in rest if word in index.denials]
    idle = index.fillers | index.past | index.denials
    others = [(place, word) for place, word in rest if word not in idle and not word.isdigit() and not _is_dose(word)]
    unknown = [word for _, word in others]
    if inside:
        last = max([place for place, _ in others] + [one.start for one in inside])
        inside = [one for one in inside if not (one.meaning.is_form and one.start < last)]
        if not inside:
            return [], False
        kept = [one.meaning for one in inside if not any(place < one.start for place in denials)]
        if _holds_more(rest, inside, index):
            return kept, False
        if unknown and not denials:
            return _read_with_slips(words, unknown, kept, index)
        return kept, len(kept) == len(inside)
    if not unknown or denials:
        return [], not unknown and not denials
    close = _misspelt(words, index)
    return ([close], True) if close else ([], False)


def _holds_more(rest: list[tuple[int, str]], inside: list[_Match], index: _Index) -> bool:
    """Whether a name has a word beside it that makes it another product, which holds one thing more: "comp", "co-".

    Between two names such a word only joins them.
    """
    ends, starts = {one.end for one in inside}, {one.start for one in inside}
    beside = (place for place, word in rest if word in index.more)
    return any((place in ends) != (place + 1 in starts) for place in beside)


def _read_with_slips(
    words: list[str], unknown: list[str], kept: list[_Meaning], index: _Index
) -> tuple[list[_Meaning], bool]:
    """Read a part of which some words are known: a longer name that is misspelt says more than a shorter one.

    A further word that looks like a name is not added, for that would be a guess, but the part is not clear then.
    """
    whole = _close(" ".join(words), index, is_whole=True)
    if whole:
        return [whole], True
    return kept, not any(_close(word, index) for word in unknown if len(word) >= _LONG_WORD)


def _matches(words: list[str], index: _Index) -> list[_Match]:
    """Names found among the words, the longest first, none over another."""
    found: list[_Match] = []
    taken: set[int] = set()
    for length in range(min(index.longest, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            place = range(start, start + length)
            meaning = None if taken.intersection(place) else _meaning(words[start : start + length], index)
            if meaning:
                found.append(_Match(start, start + length, meaning))
                taken.update(place)
    return found


def _meaning(words: list[str], index: _Index) -> _Meaning | None:
    exact = index.exact.get(" ".join(words))
    return exact or (index.unordered.get(tuple(sorted(words))) if len(words) > 1 else None)


def _is_dose(word: str) -> bool:
    return word[0].isdigit() and word.lstrip("0123456789") in {"mg", "g", "ug", "mcg", "ml", "x", "h", "cp", "iu", "ui"}


def _misspelt(words: list[str], index: _Index) -> _Meaning | None:
    """What a part stands for if a letter or two are wrong, and all names as close stand for the same."""
    whole = _close(" ".join(words), index, is_whole=True) if len(words) > 1 else None
    if whole:
        return whole
    useful = [word for word in words if word not in index.fillers | index.past]
    for length in range(min(index.longest, len(useful)), 0, -1):
        for start in range(len(useful) - length + 1):
            meaning = _close(" ".join(useful[start : start + length]), index)
            if meaning:
                return None if _may_be_another(words, meaning, index) else meaning
    return None


def _may_be_another(words: list[str], meaning: _Meaning, index: _Index) -> bool:
    """Whether the whole part is as close to a name of another meaning, so that a word of it decides nothing."""
    near = _near(" ".join(words), index, _LONG_PART) if len(words) > 1 else []
    return any(index.exact[other].facts != meaning.facts for other in near)


def _near(name: str, index: _Index, long: int) -> list[str]:
    """Names that differ by a slip, or two where a name is long."""
    slips = 1 if len(name) < long else 2
    found = process.extract(name, index.misspelt, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return [other for other, _, _ in found]


def _close(name: str, index: _Index, is_whole: bool = False) -> _Meaning | None:
    """What all names as close as this one stand for.

    The first letter is rarely wrong, and must be right; but in a whole part of several words it may be wrong too,
    where the others leave little doubt: fewer slips are forgiven there, since short words are soon another name.
    """
    if len(name) < _SHORTEST_FUZZY:
        return None
    near = _near(name, index, _LONG_PART if is_whole else _LONG)
    own = _letters_alone(name, index)
    alike = [other for other in near if (is_whole or other[0] == name[0]) and _letters_alone(other, index) == own]
    meanings = {index.exact[other].facts for other in alike}
    return index.exact[alike[0]] if len(meanings) == 1 and len(alike) == len(near) else None


def _letters_alone(name: str, index: _Index) -> tuple[str, ...]:
    """Digits and words of a letter or two that say something, which no slip may change: vitamin K is not vitamin E."""
    said = (word for word in name.split() if len(word) <= _SHORT and word not in index.fillers)
    return (*(letter for letter in name if letter.isdigit()), *said)


@lru_cache(maxsize=4)
def _index(catalogue: Catalogue) -> _Index:
    exact = dict(_all_names(catalogue))
    for form in map(fold, catalogue.reading.forms):
        if form in exact:
            exact[form] = replace(exact[form], is_form=True)
    unordered: dict[tuple[str, ...], _Meaning | None] = {}
    for name, meaning in exact.items():
        key = tuple(sorted(name.split()))
        unordered[key] = meaning if unordered.get(key, meaning) == meaning else None
    reading = catalogue.reading
    return _Index(
        exact=exact,
        unordered={key: meaning for key, meaning in unordered.items() if meaning and len(key) > 1},
        misspelt=[name for name in exact if len(name) >= _SHORTEST_FUZZY],
        longest=max((len(name.split()) for name in exact), default=1),
        below=_below(catalogue),
        denials=frozenset(fold(word) for word in reading.not_said),
        fillers=frozenset(fold(word) for word in reading.fillers),
        more=frozenset(fold(word) for word in reading.more),
        nothing=frozenset(fold(word) for word in reading.nothing),
        past=frozenset(fold(word) for word in reading.past),
        stages=[_staged(one) for one in reading.stages],
        figures=[(_figure_pattern(one), one) for one in reading.figures],
    )


def _staged(stage: Stage) -> _Staged:
    def pattern(values: tuple[str, ...]) -> re.Pattern[str]:
        # "Stage4" is a stage; in "stagev" the letter is as likely a slip.
        each = "|".join(
            rf"\s{'?' if value.isdigit() else ''}{value}" for value in sorted(values, key=len, reverse=True)
        )
        return re.compile(rf"\b{_any_of(map(fold, stage.words))}(?:{each})\s?[ab]?\b")

    return _Staged(f"illness:{stage.of}", pattern(stage.early), pattern(stage.late), f"illness:{stage.late_is}")


def _figure_pattern(figure: Figure) -> re.Pattern[str]:
    """Words, then perhaps "is below", then a figure with its unit: 22, < 30, 22 ml/min/1.73 m2."""
    between = r"(?:[^\w<>]|\b(?:is|at|of|a|à|de|est|la|créatinine|creatinine)\b){0,6}?"
    return re.compile(
        rf"\b{_any_of(figure.words)}\b{between}(?:(?P<below>{_any_of(figure.below)})|(?P<above>{_any_of(figure.above)}))?"
        rf"{between}(?P<value>\d{{1,3}}(?:[.,]\d+)?)(?!\w)(?:\s*ml\s*/\s*mi?n(?:\s*/\s*1[.,]73\s*m[2²])?)?"
    )


def _any_of(words: Iterable[str]) -> str:
    """Pattern of one of some words, the longest first."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"


def _all_names(catalogue: Catalogue) -> Iterator[tuple[str, _Meaning]]:
    """Folded names and what they stand for; products of several classes last, for they say most."""
    for prefix, kind in KINDS.items():
        for name_class in getattr(catalogue, kind).values():
            fact = (f"{prefix}:{name_class.id}",)
            for name in names_of(name_class):
                yield fold(name), _Meaning(fact, True)
            # A product that is named is that one; the name of an illness rarely says how far it has gone.
            for name in _specific_names(name_class) if prefix != "illness" else ():
                yield fold(name), _Meaning(fact, False)
    for prefix, kind in KINDS.items():
        for name_class in getattr(catalogue, kind).values():
            for one in name_class.combinations:
                facts = tuple(qualified(written, prefix) for written in one.classes)
                # A product is one thing; words that mean an illness and its medicine at once do not say which medicine.
                yield fold(one.name), _Meaning(facts, len({fact.partition(":")[0] for fact in facts}) > 1)


def _specific_names(name_class: NameClass) -> Iterator[str]:
    yield from name_class.generic
    yield from name_class.brand.en
    yield from name_class.brand.fr
    yield from (product.name for product in name_class.products)


def qualified(written: str, prefix: str) -> str:
    """Fact of a class as it is written in a file: ``diuretic`` there, ``medicine:diuretic`` everywhere else."""
    return written if ":" in written else f"{prefix}:{written}"


@lru_cache(maxsize=4)
def implications(catalogue: Catalogue) -> Mapping[str, frozenset[str]]:
    """For each class fact, every class fact that follows from it, itself included."""
    direct = {
        f"{prefix}:{one.id}": {qualified(written, prefix) for written in one.implies}
        for prefix, kind in KINDS.items()
        for one in getattr(catalogue, kind).values()
    }
    return {fact: frozenset(_closure(fact, direct)) for fact in direct}


def _closure(fact: str, direct: Mapping[str, set[str]]) -> set[str]:
    found, waiting = {fact}, [fact]
    while waiting:
        new = direct.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found


def _below(catalogue: Catalogue) -> Mapping[str, frozenset[str]]:
    """For each class, the narrower classes that a name of the wider one leaves open."""
    below: dict[str, set[str]] = {}
    for narrow, wider in implications(catalogue).items():
        for one in wider - {narrow}:
            if one.partition(":")[0] == narrow.partition(":")[0]:
                below.setdefault(one, set()).add(narrow)
    return {fact: frozenset(narrower) for fact, narrower in below.items()}


def known_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Every name that is recognised exactly, folded."""
    return tuple(_index(catalogue).exact)
