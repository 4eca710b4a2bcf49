"""The pocket edition: the pages a phone needs when there is no house, as a folder of static files.

It is made of the same templates, style sheets, scripts, words and rules as the house; what differs is that addresses
are relative, that the rules travel as packed data, and that the outbox is never emptied: it is the diary until its file
is taken home.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test.client import RequestFactory

from mollet.advice.compiled import compiled, documents, sentences, zones
from mollet.errors import FileError
from mollet.knowledge import load
from mollet.web import clock, statics
from mollet.web.templatetags.drawings import VIEW_BOX, drawn, shapes
from mollet.web.views import alarm, manifest, offline, phone, relief, worker
from mollet.words import LANGUAGES, say

LARGEST = 250_000
SCRIPTS = Path(__file__).parent / "pocket_scripts"
STYLES = ("tokens.css", "base.css", "parts.css", "pages.css")
"""The style sheets of the house; in the folder they are one, which stands in the place of the first."""
SHARED = (
    *("hour.js", "start.js", "relief.js", "speak.js", "clock.js", "outbox.js", "ahead.js", "offline.js", "routine.js"),
    *("plan.js", "fill.js", "answers.js", "calls.js", "checkup.js", "rules.js", "sources.js"),
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
_OTHER_STYLES = re.compile(
    rf'<link rel="stylesheet" href="/static/(?:{"|".join(name.removesuffix(".css") for name in STYLES[1:])})\.css">'
)
_DESCRIPTION = re.compile(r'<meta name="description"[^>]*>')
"""Of a site that is looked for; a folder of one's own is not."""
_SCRIPT = re.compile(r'<script[^>]* src="([^"]+)"></script>')
_SHAPES = re.compile(r'<svg class="drawing" [^>]*role="img" aria-labelledby="d-([a-z_]+)(?:-\d+)?-t [^"]+">.*?</svg>')
_EMPTY = '<svg data-shapes="{name}" aria-hidden="true"></svg>'
_SIGNS = re.compile(
    r'(<details class="signs"[^>]*><summary[^>]*>[^<]*</summary>\s*)<ul>(.*?)</ul></details>', re.DOTALL
)
_FLAG = re.compile(r'(<p [^>]*data-flag="\w+">)[^<]*')
_SAYS = re.compile(r"</b>[^<]*</li>")
_SIGN = re.compile(r' data-flag="(\w+)"')
_CLASSES = re.compile(r'class="([^"]*)"')
_QUOTED = re.compile(r'"([a-z][\w-]*)"')
_ELEMENT = re.compile(r"<([a-z][\w-]*)")
_ID = re.compile(r' id="([^"]*)"')
_TOLD = re.compile(r"::?[a-z-]+|\[[^\]]*\]")
"""Parts of a selector that name no element, class or identifier."""
_NAMED = re.compile(r"[.#]?[a-z][\w-]*")
_TIMES = ("from", "to")
"""What stands in the place of a selector in an animation."""
_RANGE = re.compile(r"\((width|height)([<>])=([^()]*)\)")
_BOUND = {"<": "max", ">": "min"}
"""How a phone of before 2023 reads the width of a screen; what is minified says it in a younger way."""
_SOURCES = re.compile(r'<details class="sources" data-sources="([^"]*)">.*?</details>', re.DOTALL)
_COUNTRIES = re.compile(r'<option value="[A-Z]{2}"[^>]*>[^<]*</option>\s*')
_RULE = re.compile(r"^\s*([^\s@{}][^{}]*?) (\{[^{}]*\})\s*$")
_ROUNDS = 15
"""How often zopfli looks for a better packing; more takes longer and wins hardly anything."""


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
    catalogue = load()
    markup = {lang: dict(_markup(lang)) for lang in LANGUAGES}
    every = "".join(text for pages in markup.values() for text in pages.values())
    lists = list(dict.fromkeys(_SOURCES.findall(every)))
    scripts = {name: statics.source(name) for name in SHARED if name.endswith(".js")}
    scripts |= {script.name: script.read_text(encoding="utf-8") for script in sorted(SCRIPTS.glob("*.js"))}
    files = {"index.html": _first_page(), "rules.bin": _packed(compiled(catalogue))}
    files["sources.bin"] = _packed({"documents": documents(catalogue), "lists": lists, "zones": zones(catalogue)})
    files["drawings.bin"] = _packed({"box": VIEW_BOX, **{name: shapes(name) for name in drawn()}})
    files |= {f"static/{name}": _script(text) for name, text in scripts.items()}
    files |= {f"static/{name}": statics.content(name) for name in SHARED if name not in scripts}
    for lang, pages in markup.items():
        files |= {f"{lang}/{name}": content for name, content in _files(lang, pages, lists)}
    used = _used(every, scripts.values())
    files[f"static/{STYLES[0]}"] = b"".join(_style(statics.source(name), used) for name in STYLES)
    files["sw.js"] = _worker(files)
    return files


def _markup(lang: str) -> Iterator[tuple[str, str]]:
    """Yield the pages of one language as the templates write them, each by its name."""
    catalogue = load()
    drawings = {"drawings": offline.routine_drawings(catalogue)}
    pages = {
        "shell": _render("/", lang, "pocket/shell.html", {}),
        "relief": relief.relief(_request("/relief/", lang)),
        "alarm": alarm.alarm(_request("/alarm/", lang)),
        "now": offline.offline(_request("/", lang)),
        "nights": _render("/nights/", lang, "pocket/nights.html", {}),
        "plan": _render("/plan/", lang, "pocket/plan.html", drawings),
        "checkup": _render("/checkup/", lang, "offline_checkup.html", {}),
        "claims": _render("/claims/", lang, "pocket/claims.html", {"claims": catalogue.claims.values()}),
        "phone": phone.phone(_request("/phone/", lang)),
    }
    yield from ((name, answer.content.decode()) for name, answer in pages.items())


def _files(lang: str, pages: Mapping[str, str], lists: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one language: relief and alarm whole, since they must never need anything else."""
    yield "index.html", _whole(pages["shell"], "", lists)
    yield "relief/index.html", _whole(pages["relief"], "../", lists)
    yield "alarm/index.html", _whole(pages["alarm"], "../", lists)
    yield "pages.bin", _packed({name: _part(pages[name], name, lists) for name in _LIT})
    said = {key: say(f"alarm.{key}", lang, number="{number}") for key in ("call", "text")}
    drawings = {name: [say(f"drawing.{name}.{part}", lang) for part in ("title", "desc")] for name in drawn()}
    # In the order of the page: an identifier there weighs many times what it weighs packed.
    named = [sign for found in _SIGNS.finditer(pages["alarm"]) for sign in _SIGN.findall(found[2])]
    words = {**sentences(load(), lang), "calls": said, "drawings": drawings, "named": named}
    yield "words.bin", _packed(_said(words))
    yield "manifest.webmanifest", json.dumps(_manifest(lang), ensure_ascii=False).encode()


_LIT = {"now": "", "nights": "nights", "plan": "plan", "checkup": "plan", "claims": "plan", "phone": "phone"}
"""Which word of the navigation is lit on each page."""


def _part(html: str, name: str, lists: Sequence[str]) -> dict[str, Any]:
    found = _MAIN.search(html)
    assert found is not None, name
    # The first script stands in the page that holds the others: it asks what hour it is.
    scripts = [_relative(one, "") for one in _SCRIPT.findall(html)[1:]]
    main = _SOURCES.sub(lambda one: one[0].replace(one[1], str(lists.index(one[1]))), found[1])
    return {
        "title": html.split("<title>")[1].split("</title>")[0],
        "body": html.split('<body class="')[1].split('"')[0],
        "here": _LIT[name],
        "main": _minified(_SHAPES.sub(_empty, _addressed(main, ""))),
        "scripts": [script.removeprefix("../") for script in scripts],
    }


def _whole(html: str, up: str, lists: Sequence[str]) -> bytes:
    """Return a page that stands by itself: relative addresses, and the scripts that only the pocket edition has.

    What may come a moment later travels packed: drawings but the first, sentences of danger signs, countries, sources.
    """
    html = _DESCRIPTION.sub("", _addressed(html, up))
    if up:
        html = _SIGNS.sub(_named_only, _SHAPES.sub(_without_shapes, html))
        html = _COUNTRIES.sub("", _FLAG.sub(r"\1", html))
        html = _SOURCES.sub(lambda one: f'<p data-rests="{lists.index(one[1])}" hidden></p>', html)
        html = html.replace("</head>", f'<script type="module" src="{up}../static/whole.js"></script></head>')
        html = html.replace('<form method="get" class="no-print row">', '<form data-countries class="no-print row">')
    else:
        html = html.replace('<main id="content"', '<main data-pages id="content"')
        html = html.replace("static/start.js", "static/pocket.js")
    html = html.replace("icon-180.png", "icon-192.png")
    return _minified(html).encode()


def _without_shapes(found: re.Match[str]) -> str:
    """Leave the first drawing whole: the first step needs nothing else; of the others the words stay."""
    return found[0] if found[1] == FIRST_DRAWING else _EMPTY.format(name=found[1])


def _empty(found: re.Match[str]) -> str:
    return _EMPTY.format(name=found[1])


def _named_only(found: re.Match[str]) -> str:
    """Leave the names of the danger signs; their sentences stand in the packed words, and follow a moment later."""
    return f"{found[1]}<ul data-named>{_SIGN.sub('', _SAYS.sub('</b></li>', found[2]))}</ul></details>"


def _addressed(html: str, up: str) -> str:
    """Write every address relative to the folder of its language."""
    html = _OTHER_STYLES.sub("", _HASHED.sub(r"/static/\1.\2", html))
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
    return _minified(
        '<!doctype html><html lang="en" data-theme="auto" data-hour="day" data-chosen="auto"'
        f' data-night="{clock.NIGHT_HOURS}"><head><meta charset="utf-8"><title>mollet</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><script src="static/hour.js"></script>'
        '<script type="module" src="static/language.js"></script>'
        f'<link rel="stylesheet" href="static/{STYLES[0]}"></head>'
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
    """Return a request by nobody, by day: the page itself is dark at night."""
    request: Any = RequestFactory().get(path, {"country": ANYWHERE})
    request.person, request.lang, request.pocket = None, lang, True
    request.theme, request.chosen_theme, request.hour = "auto", "auto", "day"
    request.local_now = clock.now()
    return request


def _render(path: str, lang: str, template: str, context: Mapping[str, Any]) -> HttpResponse:
    request: HttpRequest = _request(path, lang)
    return render(request, template, dict(context))


def _packed(content: object) -> bytes:
    """Pack as browsers unpack ("deflate", which is the format of zlib)."""
    from zopfli.zlib import compress  # type: ignore[import-untyped]

    written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    packed: bytes = compress(written, numiterations=_ROUNDS)
    return packed


def _said(words: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is not said: a script finds the same where there is nothing as where there is null."""
    told = {key: _said(one) if isinstance(one, Mapping) else one for key, one in words.items()}
    return {key: one for key, one in told.items() if one is not None}


def _minified(markup: str) -> str:
    """Leave out of HTML, and of the styles and scripts in it, what no browser needs."""
    from minify_html import minify

    return minify(markup, minify_css=True, minify_js=True)


def _script(text: str) -> bytes:
    """Leave out what only a house needs, and what no browser does."""
    return statics.lean(".js", text.partition(ONLY_WITH_A_HOUSE)[0].encode())


def _used(markup: str, scripts: Iterable[str]) -> set[str]:
    """Return what a style sheet may name: elements, classes and identifiers of the markup, and words of the scripts."""
    words = {word for found in _CLASSES.findall(markup) for word in found.split()}
    words |= {word for text in scripts for word in _QUOTED.findall(text)}
    return {
        *(f".{one}" for one in words),
        *(f"#{one}" for one in _ID.findall(markup)),
        *_ELEMENT.findall(markup),
        *_TIMES,
    }


def _style(text: str, used: set[str]) -> bytes:
    """Leave out the rules for what no page of this edition has, and what no browser needs."""
    lines = []
    for line in text.splitlines():
        found = _RULE.match(line)
        if found is None:
            lines.append(line)
            continue
        kept = [one for one in _selectors(found[1]) if set(_NAMED.findall(_TOLD.sub("", one))) <= used]
        if kept:
            lines.append(",".join(kept) + found[2])
    markup = _minified("<style>" + "\n".join(lines) + "</style>")
    style = markup.removeprefix("<style>").removesuffix("</style>")
    return _RANGE.sub(lambda one: f"({_BOUND[one[2]]}-{one[1]}:{one[3]})", style).encode()


def _selectors(text: str) -> list[str]:
    """Split selectors at the commas that stand outside of brackets."""
    return [one.strip() for one in re.split(r",(?![^(]*\))", text)]
