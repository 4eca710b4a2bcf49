"""Style sheets and scripts as they are served: under names that carry their content's hash, and compressed."""

import hashlib
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

from mollet.store.folder import data_folder

SOURCE = Path(__file__).parent / "static"

_MODULE = ('<script type="module">', "</script>")
_NOTE = "/* @__PURE__ */ "
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class Store(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names, in style sheets and in the imports of scripts alike."""

    # Otherwise a script would import its neighbour under the name without the hash, and a cache would miss it.
    support_js_module_import_aggregation = True

    def _save(self, name: str, content: Any) -> str:
        """Keep scripts and style sheets without what only their readers need: a phone at night pays for each byte."""
        if name.endswith((".js", ".css")):
            content.seek(0)  # it was read once to find its hash
            content = ContentFile(lean(name, content.read()))
        return str(super()._save(name, content))


def lean(name: str, content: bytes) -> bytes:
    """Leave out what no browser needs, of a script down to its names; no text of ours runs over several lines."""
    text = content.decode("utf-8")
    if name.endswith(".css"):
        text = _COMMENT.sub("", text)
    lines = (line.strip() for line in text.splitlines())
    text = "\n".join(line for line in lines if line and not line.startswith("//"))
    return (text if name.endswith(".css") else _minified(text)).encode()


def _minified(script: str) -> str:
    from minify_html import minify

    markup: str = minify(f"{_MODULE[0]}{script}{_MODULE[1]}", minify_js=True)
    # What the minifier writes for other minifiers says nothing to a browser.
    return markup.removeprefix("<script type=module>").removesuffix(_MODULE[1]).replace(_NOTE, "")


@cache
def collected() -> Path:
    """Return the folder for the files as they are now: another content is another folder."""
    digest = hashlib.sha256(b"lean, scripts minified")
    for file in sorted(SOURCE.rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(SOURCE).as_posix().encode() + b"\0" + file.read_bytes())
    return data_folder() / "static" / digest.hexdigest()[:12]


def source(name: str) -> str:
    """Return a file as it was written."""
    return content(name).decode("utf-8")


def content(name: str) -> bytes:
    """Return a file, or a picture, byte for byte."""
    return (SOURCE / name).read_bytes()


def prepare() -> None:
    """Collect the files once for each content, and drop what older versions left."""
    from django.core.management import call_command

    folder = collected()
    if not (folder / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    for older in folder.parent.iterdir():
        if older != folder:
            shutil.rmtree(older, ignore_errors=True)
