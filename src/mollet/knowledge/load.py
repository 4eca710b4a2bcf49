"""Read the knowledge files, refuse what is wrong with them, and compile them once into one checked JSON."""

import datetime as dt
import hashlib
import json
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from mollet.errors import KnowledgeError
from mollet.knowledge import model
from mollet.knowledge.check import check
from mollet.knowledge.model import Catalogue
from mollet.knowledge.schema import BAD, complain, read_table

Tables = dict[str, Any]

_COMPILED = "compiled.json"
# Raised when the same TOML must be compiled anew because this module reads it differently.
_FORM = 3

_FOLDERS: Mapping[str, type] = {
    "relief": model.ReliefStep,
    "remedies": model.Remedy,
    "causes": model.Cause,
    "red_flags": model.RedFlag,
    "claims": model.Claim,
    "medicines": model.NameClass,
    "illnesses": model.NameClass,
    "supplements": model.NameClass,
}
# Files whose tables are named by their id: kind of the catalogue, file, model.
_BY_KEY = (
    ("sources", "sources.toml", model.Source),
    ("tiers", "tiers.toml", model.Tier),
    ("derived", "derived.toml", model.Derived),
    ("contradictions", "contradictions.toml", model.Contradiction),
    ("countries", "countries.toml", model.Country),
)
# Files that list their items: kind of the catalogue, file, key of the list, model.
_LISTED = (
    ("groups", "questions.toml", "group", model.Group),
    ("questions", "questions.toml", "question", model.Question),
    ("signs", "questions.toml", "sign", model.Sign),
    ("exposures", "exposures.toml", "exposure", model.Exposure),
    ("foods", "foods.toml", "food", model.Food),
    ("features", "recognise.toml", "feature", model.Feature),
)
_READING = "names.toml"
_OTHER_KEYS = {"foods.toml": ("reference",)}


@cache
def load() -> Catalogue:
    """Return the catalogue of this installation.

    Raises
    ------
    KnowledgeError
        A file cannot be used; everything that is wrong in any file is listed at once.
    """
    return load_folder(files("mollet.knowledge"))


def load_folder(folder: Traversable) -> Catalogue:
    """Return the catalogue of a folder, compiling its files when they changed since they were compiled."""
    written = dict(_written(folder))
    digest = _digest(written)
    compiled = _read_compiled(folder, digest)
    if compiled is not None:
        return _build(compiled["tables"], compiled["version"], [])
    tables, catalogue = _compile(written)
    _keep_compiled(folder, {"toml": digest, "version": catalogue.version, "tables": tables})
    return catalogue


def complaints_of(folder: Traversable) -> tuple[str, ...]:
    """Everything that is wrong in the files of a folder, in the order of the files."""
    complaints: list[str] = []
    tables = _expand(_parse(dict(_written(folder)), complaints), complaints)
    catalogue = _build(tables, "", complaints)
    complaints.extend(check(catalogue))
    return tuple(dict.fromkeys(complaints))


def _compile(written: Mapping[str, bytes]) -> tuple[Tables, Catalogue]:
    complaints: list[str] = []
    tables = _expand(_parse(written, complaints), complaints)
    catalogue = _build(tables, _version(tables), complaints)
    complaints.extend(check(catalogue))
    if complaints:
        listed = list(dict.fromkeys(complaints))
        raise KnowledgeError("error.knowledge.refused", n=len(listed), complaints="\n".join(listed))
    return tables, catalogue


def _written(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each TOML file, in a fixed order."""
    for name in sorted({_READING} | {file for _, file, *_ in _BY_KEY} | {file for _, file, *_ in _LISTED}):
        if folder.joinpath(name).is_file():
            yield name, folder.joinpath(name).read_bytes()
    for kind in _FOLDERS:
        if folder.joinpath(kind).is_dir():
            items = (item for item in folder.joinpath(kind).iterdir() if item.name.endswith(".toml"))
            yield from ((f"{kind}/{item.name}", item.read_bytes()) for item in sorted(items, key=lambda one: one.name))


def _digest(written: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(str(_FORM).encode())
    for name, content in written.items():
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _version(tables: Tables) -> str:
    return hashlib.sha256(_canonical(tables).encode()).hexdigest()[:12]


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _parse(written: Mapping[str, bytes], complaints: list[str]) -> Tables:
    """Tables of the files: by kind, then by place (file, or file and position) of each item."""
    tables: Tables = {}
    for name, content in written.items():
        try:
            tables[name] = _without_dates(tomllib.loads(content.decode("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            complain(complaints, name, f"is not TOML in UTF-8: {error}.")
    return tables


def _without_dates(value: Any) -> Any:
    """Write dates as text, so that what was read from TOML is what will be read from JSON."""
    if isinstance(value, dict):
        return {key: _without_dates(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_dates(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _expand(tables: Tables, complaints: list[str]) -> Tables:
    """Put the rules of derived facts where they are named, so that reasons are always answers."""
    derived = tables.get("derived.toml", {})
    return {name: _expanded(table, derived, (), name, complaints) for name, table in tables.items()}


def _expanded(value: Any, derived: Tables, inside: tuple[str, ...], file: str, complaints: list[str]) -> Any:
    if isinstance(value, dict):
        return {key: _expanded(one, derived, inside, file, complaints) for key, one in value.items()}
    if isinstance(value, list):
        return [_expanded(one, derived, inside, file, complaints) for one in value]
    if not isinstance(value, str) or not value.startswith("derived:"):
        return value
    name = value.removeprefix("derived:")
    if name in inside:
        complain(complaints, file, f"{value} rests on itself.")
        return value
    rule = derived.get(name, {}).get("when") if isinstance(derived.get(name), dict) else None
    return value if rule is None else _expanded(rule, derived, (*inside, name), file, complaints)


def _build(tables: Tables, version: str, complaints: list[str]) -> Catalogue:
    made: Tables = {kind: {} for kind in _FOLDERS}
    for name in tables:
        if "/" in name:
            kind, file = name.split("/")
            _add(made[kind], _FOLDERS[kind], tables[name], name, file.removesuffix(".toml"), complaints)
    for kind, file, table_model in _BY_KEY:
        made[kind] = {}
        for key, table in tables.get(file, {}).items():
            named = {"id": key, **table} if isinstance(table, dict) else table
            _add(made[kind], table_model, named, (file, key), key, complaints)
    for kind, file, key, item_model in _LISTED:
        made[kind] = _build_list(tables.get(file, {}), file, key, item_model, complaints)
    for file, _, keys in _listed_keys():
        for key in tables.get(file, {}).keys() - keys:
            complain(complaints, (file, key), f"is not known here; use {', '.join(sorted(keys))}.")
    _check_reference(tables.get("foods.toml", {}), made["sources"], complaints)
    reading = read_table(model.Reading, tables.get(_READING, {}), _READING, complaints)
    made["reading"] = (
        model.Reading(not_said=(), nothing=(), past=(), forms=(), fillers=()) if reading is BAD else reading
    )
    return Catalogue(version=version, reference=tables.get("foods.toml", {}).get("reference", {}), **made)


def _check_reference(foods: Any, sources: Tables, complaints: list[str]) -> None:
    """Check the reference intakes, which stay a plain table: each is one row of a list, and has no id."""
    if "reference" not in foods:
        return
    reference = read_table(model.Reference, foods["reference"], ("foods.toml", "reference"), complaints)
    rows = () if reference is BAD else (*reference.intake, *reference.upper, reference.guard)
    for cited in sorted({cited for row in rows for cited in row.sources} - sources.keys()):
        complain(complaints, ("foods.toml", "reference"), f'names "{cited}", which is not in sources.toml.')


def _listed_keys() -> Iterator[tuple[str, str, set[str]]]:
    for file in sorted({file for _, file, *_ in _LISTED}):
        keys = {key for _, one, key, _ in _LISTED if one == file}
        yield file, "", keys | set(_OTHER_KEYS.get(file, ()))


def _build_list(table: Any, file: str, key: str, item_model: type, complaints: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for number, item in enumerate(table.get(key, []), 1):
        name = item.get("id") if isinstance(item, dict) else None
        if name in made:
            complain(complaints, (((file, key), number), "id"), f'is "{name}" a second time; each id stands once.')
        place = ((file, key), name if isinstance(name, str) else number)
        _add(made, item_model, item, place, name, complaints)
    ordered = sorted(made.values(), key=lambda one: getattr(one, "order", 0) or 0) if key == "group" else made.values()
    return {one.id: one for one in ordered}


def _add(made: dict[str, Any], item_model: type, table: Any, place: Any, name: Any, complaints: list[str]) -> None:
    item = read_table(item_model, table, place, complaints)
    if item is BAD:
        return
    if item.id != name:
        complain(complaints, (place, "id"), f'is "{item.id}"; use "{name}", the name of the file.')
    made[item.id] = item


def _read_compiled(folder: Traversable, digest: str) -> Tables | None:
    """What was compiled from exactly these files, if it was."""
    try:
        compiled: Tables = json.loads(folder.joinpath(_COMPILED).read_bytes())
    except (OSError, ValueError):
        return None
    return compiled if isinstance(compiled, dict) and compiled.get("toml") == digest else None


def _keep_compiled(folder: Traversable, compiled: Tables) -> None:
    """Write the compiled file whole or not at all; a folder that cannot be written is no fault."""
    if not isinstance(folder, Path):
        return
    with suppress(OSError):
        handle, name = tempfile.mkstemp(dir=folder, prefix=".compiled-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(_canonical_in_order(compiled))
            Path(name).chmod(0o644)
            Path(name).replace(folder / _COMPILED)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def _canonical_in_order(compiled: Tables) -> str:
    return json.dumps(compiled, ensure_ascii=False, separators=(",", ":"))


def main() -> int:
    """Print everything that is wrong in the knowledge files; return the exit code."""
    complaints = complaints_of(files("mollet.knowledge"))
    for complaint in complaints:
        print(complaint)  # noqa: T201
    print(f"{len(complaints)} complaints.", file=sys.stderr)  # noqa: T201
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
