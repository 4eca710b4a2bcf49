"""The pocket edition: the pages a phone needs when there is no house, as a folder of static files.

It is made of the same templates, style sheets, scripts, words and rules as the house; what differs is that addresses
are relative, that the rules travel as packed data, and that the outbox is never emptied: it is the diary until its file
is taken home.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test.client import RequestFactory

from mollet.advice.compiled import compiled, sentences
from mollet.errors import FileError
from mollet.knowledge import load
from mollet.web import clock, statics
from mollet.web.templatetags.drawings import VIEW_BOX, drawn, shapes
from mollet.web.views import alarm, manifest, offline, phone, relief, worker
from mollet.words import LANGUAGES, say

LARGEST = 250_000
SCRIPTS = Path(__file__).parent / "pocket_scripts"
STYLES = ("tokens.css", "base.css", "parts.css", "pages.css", "print.css")
SHARED = (
    *("start.js", "relief.js", "speak.js", "clock.js", "outbox.js", "ahead.js", "offline.js", "routine.js", "plan.js"),
    *("fill.js", "answers.js", "calls.js", "checkup.js", "rules.js"),
    *("phone.js", "icon.svg", "icon-192.png"),
)
FIRST_DRAWING = "foot_up"
ONLY_WITH_A_HOUSE = "// --- only with a house"
"""Where in a script that part begins which is never reached without one."""
ANYWHERE = "ZZ"
"""Country of the pages as they are written: nobody knows yet where the phone is."""

_HASHED = re.compile(r"/static/([\w-]+)\.[0-9a-f]{12}\.(\w+)")
_ADDRESS = re.compile(r'(href|src|action)="/([^"]*)"')
_MAIN = re.compile(r'<main id="content" tabindex="-1">(.*)</main>', re.DOTALL)
_SCRIPT = re.compile(r'<script[^>]* src="([^"]+)"></script>')
_SHAPES = re.compile(r'<svg class="drawing" [^>]*role="img" aria-labelledby="d-([a-z_]+)(?:-\d+)?-t [^"]+">.*?</svg>')
_EMPTY = '<svg data-shapes="{name}" aria-hidden="true"></svg>'
_SIGNS = re.compile(
    r'(<details class="signs"[^>]*><summary[^>]*>[^<]*</summary>\s*)<ul>(.*?)</ul></details>', re.DOTALL
)
_FLAG = re.compile(r'(<p data-flag="\w+">)[^<]*')
_SAYS = re.compile(r"</b>[^<]*</li>")
_CLASSES = re.compile(r'class="([^"]*)"')
_QUOTED = re.compile(r'"([a-z][\w-]*)"')
_CLASS = re.compile(r"\.([a-z][\w-]*)")
_RULE = re.compile(r"^(\s*)([^@{}][^{}]*?) (\{[^{}]*\})\s*$")
_TIGHT = re.compile(r"\s*([{};]|: )\s*")
_BETWEEN_TAGS = re.compile(r">\s+<")
_BLOCK = re.compile(
    r"(</?(?:p|div|li|[uod]l|d[td]|section|h[1-6]|fieldset|legend|form|head|html|body|meta|link|header|main|nav|details|"
    r"summary|template|title|script)\b[^>]*>) (?=<)"
)
_TAG = re.compile(r"<(?!html)[a-z][^<>]*>")
_VALUE = re.compile(r'="([\w.#-]+)"(?=[ >])')
_AROUND = re.compile(r" (=>|===|!==|&&|\|\||=|\?\?|<=|>=) |(?<=\)) (?=\{)")
"""What stands between blanks in scripts only, and in no text of ours."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many files, how many bytes."""

    files: int
    size: int


def write(folder: Path) -> Written:
    """Write the folder; what stands in it under the same names is replaced, and nothing else is touched.

    Raises
    ------
    FileError
        The folder cannot be written.
    """
    statics.prepare()
    files = dict(everything())
    try:
        for name, content in files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    except OSError as error:
        raise FileError("pocket.cannot_write", folder=str(folder), why=error.strerror or str(error)) from error
    return Written(len(files), sum(map(len, files.values())))


def everything() -> dict[str, bytes]:
    """Return every file of the folder by its name; the worker last, since it knows all others."""
    files = {"index.html": _first_page(), "rules.bin": _packed(compiled(load()))}
    files["drawings.bin"] = _packed({"box": VIEW_BOX, **{name: shapes(name) for name in drawn()}})
    for name in SHARED:
        files[f"static/{name}"] = _script(statics.source(name)) if name.endswith(".js") else statics.content(name)
    for script in sorted(SCRIPTS.glob("*.js")):
        files[f"static/{script.name}"] = _script(script.read_text(encoding="utf-8"))
    for lang in LANGUAGES:
        files.update({f"{lang}/{name}": content for name, content in _pages(lang)})
    used = {
        word
        for lang in LANGUAGES
        for text in _all_markup(lang)
        for found in _CLASSES.findall(text)
        for word in found.split()
    }
    used |= {
        word for name, content in files.items() if name.endswith(".js") for word in _QUOTED.findall(content.decode())
    }
    for name in STYLES:
        files[f"static/{name}"] = _style(statics.source(name), used)
    files["sw.js"] = _worker(files)
    return files


def _all_markup(lang: str) -> Iterator[str]:
    """Yield all HTML of a language, also what is packed: the style sheets keep what it uses."""
    yield from (answer.content.decode() for _, answer in _parts(lang))
    yield _shell(lang).content.decode()
    for view, path in ((relief.relief, "/relief/"), (alarm.alarm, "/alarm/")):
        yield view(_request(path, lang)).content.decode()


def _pages(lang: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one language: relief and alarm whole, since they must never need anything else."""
    yield "index.html", _whole(_shell(lang), "")
    yield "relief/index.html", _whole(relief.relief(_request("/relief/", lang)), "../")
    yield "alarm/index.html", _whole(alarm.alarm(_request("/alarm/", lang)), "../")
    yield "pages.bin", _packed({name: _part(answer, name, lang) for name, answer in _parts(lang)})
    said = {key: say(f"alarm.{key}", lang, number="{number}") for key in ("call", "text")}
    drawings = {name: [say(f"drawing.{name}.{part}", lang) for part in ("title", "desc")] for name in drawn()}
    yield "words.bin", _packed({**sentences(load(), lang), "calls": said, "drawings": drawings})
    yield "manifest.webmanifest", json.dumps(_manifest(lang), ensure_ascii=False).encode()


def _parts(lang: str) -> Iterator[tuple[str, HttpResponse]]:
    catalogue = load()
    yield "now", offline.offline(_request("/", lang))
    yield "nights", _render("/nights/", lang, "pocket/nights.html", {})
    drawings = {"drawings": offline.routine_drawings(catalogue)}
    yield "plan", _render("/plan/", lang, "pocket/plan.html", drawings)
    yield "checkup", _render("/checkup/", lang, "offline_checkup.html", {})
    yield "claims", _render("/claims/", lang, "pocket/claims.html", {"claims": catalogue.claims.values()})
    yield "phone", phone.phone(_request("/phone/", lang))


_LIT = {"now": "", "nights": "nights", "plan": "plan", "checkup": "plan", "claims": "plan", "phone": "phone"}
"""Which word of the navigation is lit on each page."""


def _part(answer: HttpResponse, name: str, lang: str) -> dict[str, Any]:
    html = answer.content.decode()
    found = _MAIN.search(html)
    assert found is not None, name
    scripts = [_relative(one, "") for one in _SCRIPT.findall(html)]
    return {
        "title": html.split("<title>")[1].split("</title>")[0],
        "body": html.split('<body class="')[1].split('"')[0],
        "here": _LIT[name],
        "main": _lean(_SHAPES.sub(_empty, _addressed(found[1], ""))),
        "scripts": [script.removeprefix("../") for script in scripts],
    }


def _shell(lang: str) -> HttpResponse:
    return _render("/", lang, "pocket/shell.html", {})


def _whole(answer: HttpResponse, up: str) -> bytes:
    """Return a page that stands by itself: relative addresses, and the scripts that only the pocket edition has."""
    html = _addressed(answer.content.decode(), up)
    if up:
        html = _SIGNS.sub(_named_only, _SHAPES.sub(_without_shapes, html))
        html = _FLAG.sub(r"\1", html)
        html = html.replace("</head>", f'<script type="module" src="{up}../static/whole.js"></script></head>')
        html = html.replace('<form method="get" class="no-print row">', '<form data-countries class="no-print row">')
    else:
        html = html.replace('<main id="content"', '<main data-pages id="content"')
        html = html.replace("static/start.js", "static/pocket.js")
    html = html.replace("icon-180.png", "icon-192.png")
    return _TAG.sub(_unquoted, _lean(html)).encode()


def _unquoted(found: re.Match[str]) -> str:
    """Leave out the quotes that HTML does not need; the worker reads those of the root."""
    return _VALUE.sub(r"=\1", found[0])


def _without_shapes(found: re.Match[str]) -> str:
    """Leave the first drawing whole: the first step needs nothing else; of the others the words stay."""
    return found[0] if found[1] == FIRST_DRAWING else _EMPTY.format(name=found[1])


def _empty(found: re.Match[str]) -> str:
    return _EMPTY.format(name=found[1])


def _named_only(found: re.Match[str]) -> str:
    """Leave the names of the danger signs; their sentences stand in the packed words, and follow a moment later."""
    return f"{found[1]}<ul data-named>{_SAYS.sub('</b></li>', found[2])}</ul></details>"


def _addressed(html: str, up: str) -> str:
    """Write every address relative to the folder of its language."""
    html = _HASHED.sub(r"/static/\1.\2", html)
    return _ADDRESS.sub(lambda found: f'{found[1]}="{_relative("/" + found[2], up)}"', html)


def _relative(address: str, up: str) -> str:
    path, _, place = _HASHED.sub(r"/static/\1.\2", address).partition("#")
    word = path.strip("/").split("/")[0]
    if path.startswith("/static/"):
        return f"{up}..{path}"
    if path.startswith("/pocket/"):
        return f"{up}../static/{path.removeprefix('/pocket/')}"
    if word in ("relief", "alarm"):
        return f"{up}{word}/"
    if word == "manifest.webmanifest":
        return f"{up}{word}"
    page = "phone" if word in ("me", "data") else word
    target = f"{up or './'}" + (f"?{page}" if page in _LIT and page != "now" else "")
    return target + (f"#{place}" if place else "")


def _first_page() -> bytes:
    """Return the page that sends to a language: without scripts it asks."""
    links = "".join(
        f'<p><a lang="{lang}" href="{lang}/">{say(f"me.language.{lang}", lang)}</a></p>' for lang in LANGUAGES
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>mollet</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<script type="module" src="static/language.js"></script>'
        f'<link rel="stylesheet" href="static/tokens.css"><link rel="stylesheet" href="static/base.css"></head>'
        f"<body><main><h1>mollet</h1>{links}</main></body></html>"
    ).encode()


def _manifest(lang: str) -> dict[str, Any]:
    """Return the manifest of the house with addresses that hold wherever the folder lies."""
    told: dict[str, Any] = json.loads(manifest.manifest(_request("/manifest.webmanifest", lang)).content)
    icons = [{**icon, "src": _relative(icon["src"], "")} for icon in told["icons"]]
    icons = [icon for icon in icons if icon["src"].removeprefix("../static/") in SHARED]
    shortcuts = [
        {"name": one["name"], "url": url}
        for one, url in zip(told["shortcuts"], ("relief/", "./#last-night"), strict=True)
    ]
    return {
        **told,
        "id": f"mollet-pocket-{lang}",
        "start_url": "./",
        "scope": "../",
        "icons": icons,
        "shortcuts": shortcuts,
    }


def _worker(files: Mapping[str, bytes]) -> bytes:
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(name.encode() + b"\0" + content)
    pages = [name.removesuffix("index.html") for name in files if name.endswith("index.html")]
    others = [name for name in files if not name.endswith("index.html")]
    here = "map((name) => new URL(name, self.registration.scope).pathname)"
    head = {
        "VERSION": json.dumps(f"pocket-{digest.hexdigest()[:12]}"),
        "PAGES": f"{json.dumps(pages)}.{here}",
        "FILES": f"{json.dumps(others)}.{here}",
        "LATER": "[]",
        "POCKET": "true",
    }
    return _script(worker.with_head(head))


def _request(path: str, lang: str) -> Any:
    """Return a request by nobody, by day: the worker darkens a kept page at night."""
    request: Any = RequestFactory().get(path, {"country": ANYWHERE})
    request.person, request.lang, request.pocket = None, lang, True
    request.theme, request.chosen_theme, request.hour = "auto", "auto", "day"
    request.local_now = clock.now()
    return request


def _render(path: str, lang: str, template: str, context: Mapping[str, Any]) -> HttpResponse:
    request: HttpRequest = _request(path, lang)
    return render(request, template, dict(context))


def _packed(content: object) -> bytes:
    # A smaller memory makes smaller blocks, each with codes of its own: sentences and names differ.
    packer = zlib.compressobj(level=9, memLevel=6)
    return packer.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()) + packer.flush()


def _script(text: str) -> bytes:
    """Leave out what only a house needs, lines that only comment, and indentation; no text runs over several lines."""
    lines = (line.strip() for line in text.partition(ONLY_WITH_A_HOUSE)[0].splitlines())
    return _AROUND.sub(
        lambda found: found[1] or "", "\n".join(line for line in lines if line and not line.startswith("//"))
    ).encode()


def _style(text: str, used: set[str]) -> bytes:
    """Leave out the rules for classes that no page of this edition has."""
    lines = []
    for line in _COMMENT.sub("", text).splitlines():
        found = _RULE.match(line)
        if found is None:
            lines.append(line.strip())
            continue
        kept = [one for one in _selectors(found[2]) if set(_CLASS.findall(one)) <= used]
        if kept:
            lines.append(",".join(kept) + _TIGHT.sub(lambda one: one[1].strip(), found[3]))
    return "\n".join(line for line in lines if line).encode()


def _selectors(text: str) -> list[str]:
    """Split selectors at the commas that stand outside of brackets."""
    return [one.strip() for one in re.split(r",(?![^(]*\))", text)]


def _lean(text: str) -> str:
    """Leave out what only its author reads: comments of style sheets, blanks at the ends of lines and between tags."""
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    return _BLOCK.sub(r"\1", _BETWEEN_TAGS.sub("> <", "\n".join(line for line in lines if line)))
