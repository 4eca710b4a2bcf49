"""The person's data: taken out whole, brought in with a look first, backed up; and what lies where."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path

from mollet.diary import fold
from mollet.diary.entries import Cramp, Dose, Exposure, Night, Note
from mollet.errors import FileError, MolletError, StoreError
from mollet.exchange import contents, diary_json, formats
from mollet.exchange.incoming import Asked, Destination, Found, Incoming, Meanings
from mollet.exchange.mapping import MEANINGS, with_meanings
from mollet.exchange.privacy import LEVELS, Leaving, Level, leaving
from mollet.exchange.telling import tell
from mollet.store import backup as backups
from mollet.store import carry, read, start, write
from mollet.store.folder import data_folder, database
from mollet.web import clock, readings, uploads
from mollet.web.doors import form_of
from mollet.web.page import PersonalRequest
from mollet.web.wording import worded
from mollet.words import number, say

MEDIA = {".csv": "text/csv; charset=utf-8", ".json": "application/json"}
WRITABLE = tuple(one.name for one in formats.FORMATS.values() if one.write)
SHOWN = 100_000
"""So many characters of a file are shown before it leaves; a year as a table is far below, a complete year above."""
PIECE = 8 << 20
"""Bytes of a large file that are sent at a time."""
TOLD = 20
"""So many problems of a file are shown one by one; the others are counted."""


def data(request: PersonalRequest) -> HttpResponse:
    """Show what is kept and where, and the ways out and in."""
    return _page(request)


def leave(request: PersonalRequest) -> HttpResponse:
    """Show exactly what would leave, in a format and at a level of privacy, before anything does."""
    name, level = _wanted(request)
    out = leaving(carry.complete(request.person), level, settings.SECRET_KEY.encode(), request.person.zone)
    text = "".join(_written(name, out))
    out = contents.of_file(name, text, out)
    return render(
        request,
        "data_leave.html",
        {
            "name": name,
            "level": level,
            "writable": WRITABLE,
            "levels": LEVELS,
            "out": out,
            "settings_said": ", ".join(say(f"privacy.setting.{one}", request.lang) for one in out.settings),
            "text": text[:SHOWN],
            "is_cut": len(text) > SHOWN,
        },
    )


def export(request: PersonalRequest, name: str) -> HttpResponse:
    """Hand the diary over as one file, whole or with less in it."""
    if name not in WRITABLE:
        raise Http404
    _, level = _wanted(request)
    out = leaving(carry.complete(request.person), level, settings.SECRET_KEY.encode(), request.person.zone)
    suffix = formats.FORMATS[name].suffix
    response = HttpResponse("".join(_written(name, out)), content_type=MEDIA.get(suffix, "application/octet-stream"))
    response["Content-Disposition"] = f'attachment; filename="mollet-{request.local_now:%Y-%m-%d}{suffix}"'
    return response


def _wanted(request: PersonalRequest) -> tuple[str, Level]:
    """Read the format and the level asked for; what is not offered counts as not chosen."""
    name, level = request.GET.get("format", ""), request.GET.get("privacy", "")
    found = next((one for one in LEVELS if one == level), LEVELS[0])
    return name if name in WRITABLE else WRITABLE[0], found


def _written(name: str, out: Leaving) -> Iterable[str]:
    write_out = formats.FORMATS[name].write
    return write_out(out.complete, out.diary, None, None) if write_out else ()


@form_of("/data/")
def upload(request: PersonalRequest) -> HttpResponse:
    """Keep a file aside and go to its preview; nothing of it is in the diary yet."""
    file = request.FILES.get("file")
    if file is None:
        return _page(request, problem=FileError("data.no_file"))
    try:
        return HttpResponseRedirect(f"/data/import/{uploads.keep(file)}/")
    except FileError as problem:
        return _page(request, problem=problem)


@form_of("/data/")
def begin(request: PersonalRequest) -> HttpResponse:
    """Make room for a large file that will come in pieces."""
    size = request.POST.get("size", "")
    try:
        identity = uploads.begin(request.POST.get("name", ""), int(size) if size.isdecimal() else 0)
    except FileError as problem:
        return JsonResponse({"says": tell(problem, request.lang)}, status=507)
    return JsonResponse({"id": str(identity), "piece": PIECE})


@form_of("/data/")
def piece(request: PersonalRequest, waiting: uuid.UUID) -> HttpResponse:
    """Keep the next piece of a large file; the answer says how much of it is there."""
    at, length = request.GET.get("at", ""), request.META.get("CONTENT_LENGTH") or ""
    if not at.isdecimal() or not length.isdecimal() or int(length) > uploads.LARGEST_PIECE:
        return JsonResponse({"says": say("data.piece_odd", request.lang)}, status=400)
    try:
        size = uploads.add(waiting, int(at), iter(lambda: request.read(1 << 18), b""))
    except FileError as problem:
        return JsonResponse({"says": tell(problem, request.lang)}, status=507)
    if size is None:
        return JsonResponse({"says": say("data.piece_gone", request.lang)}, status=404)
    return JsonResponse({"size": size})


def preview(request: PersonalRequest, waiting: uuid.UUID) -> HttpResponse:
    """Show what a file holds before anything is kept; of a large one, how far it has been read."""
    file = _waiting(waiting)
    begun = readings.of(waiting, request.person.diary)
    chosen = begun.to if begun else None
    said, replace = (chosen.meanings, chosen.replace) if chosen else (None, False)
    try:
        incoming = _looked_at(request, waiting, file, replace=replace, meanings=said)
    except FileError as problem:
        before = begun.asked if begun else None
        if said and before and before.asked:
            readings.step_back(waiting)
            return _ask(request, waiting, file, before, before.asked, problem, said)
        readings.stop(waiting)
        uploads.let_go(waiting)
        return _page(request, problem=problem)
    if incoming is None:
        return _reading(request, waiting, file)
    if incoming.asked and (said is None or "ask" in request.GET):
        return _ask(request, waiting, file, incoming, incoming.asked, said=said)
    return _preview(request, waiting, file, incoming, said, replace=replace)


@form_of("/data/")
def meanings(request: PersonalRequest, waiting: uuid.UUID) -> HttpResponse:
    """Show what a table would bring as its columns were just said to mean."""
    file, said = _waiting(waiting), _meanings(request)
    if _is_large(file):
        readings.begin(waiting, file, _destination(request, meanings=said))
        return HttpResponseRedirect(f"/data/import/{waiting}/")
    try:
        return _preview(request, waiting, file, _read(request, file, meanings=said), said)
    except FileError as problem:
        incoming = _read(request, file)
        if incoming.asked is None:
            return _page(request, problem=problem)
        return _ask(request, waiting, file, incoming, incoming.asked, problem, said)


@form_of("/data/")
def confirm(request: PersonalRequest, waiting: uuid.UUID) -> HttpResponse:
    """Take in what the preview showed, and show the receipt; a large file is read aside again where it must be."""
    file = _waiting(waiting)
    said, replace = _meanings(request), "replace" in request.POST
    try:
        incoming = _looked_at(request, waiting, file, replace=replace, meanings=said)
        if incoming is None:
            return HttpResponseRedirect(f"/data/import/{waiting}/")
        if incoming.asked and said is None:
            return _ask(request, waiting, file, incoming, incoming.asked)
        receipt = carry.take_in(request.person, incoming, clock.now(), file.name, settings="settings" in request.POST)
    except MolletError as problem:
        return _page(request, problem=problem)
    readings.stop(waiting)
    uploads.let_go(waiting)
    return render(
        request,
        "data_receipt.html",
        {
            "receipt": receipt,
            "file": file.name,
            "refused_said": [
                worded(one.reason or "form.refused", request.lang, one.values) for one in receipt.refused[:TOLD]
            ],
            "problems_said": _said(incoming.problems, request.lang),
            "undo": next((one.id for one in reversed(receipt.imports) if one.state == "kept"), None),
        },
    )


@form_of("/data/")
def cancel(request: PersonalRequest, waiting: uuid.UUID) -> HttpResponse:
    """Let a file go that was only looked at, or was still on its way."""
    readings.stop(waiting)
    uploads.let_go(waiting)
    return HttpResponseRedirect("/data/?done=cancelled")


@form_of("/data/")
def undo(request: PersonalRequest, imported: uuid.UUID) -> HttpResponse:
    """Take back what an import brought."""
    try:
        write.undo_import(request.person, imported, clock.now())
    except StoreError as problem:
        return _page(request, problem=problem)
    return HttpResponseRedirect("/data/?done=undone")


@form_of("/data/")
def backup(request: PersonalRequest) -> HttpResponse:
    """Copy the whole database into one file beside it, and say where it lies."""
    try:
        made = backups.backup(start.name_aside("asked", clock.now()))
    except MolletError as problem:
        return _page(request, problem=problem)
    return _page(request, backed_up=made)


def _page(
    request: PersonalRequest, *, problem: MolletError | None = None, backed_up: Path | None = None
) -> HttpResponse:
    done = request.GET.get("done")
    context: dict[str, Any] = {
        "problem": _told(problem, request.lang) if problem else None,
        "backed_up": backed_up,
        "done": done if done in ("undone", "cancelled") else None,
        "entries": len(read.diary(request.person).entries),
        "nights": len(read.diary(request.person).said_nights),
        "imports": read.imports(request.person).order_by("-key"),
        "readable": [name for name, one in formats.FORMATS.items() if one.read],
        "writable": WRITABLE,
        "folder": data_folder(),
        "megabytes": megabytes(database()),
    }
    return render(request, "data.html", context, status=400 if problem else 200)


def _preview(
    request: PersonalRequest,
    waiting: uuid.UUID,
    file: Path,
    incoming: Incoming,
    said: Meanings | None,
    *,
    replace: bool = False,
) -> HttpResponse:
    return render(
        request,
        "data_import.html",
        {
            "incoming": incoming,
            "found": _by_night(request, incoming),
            "file": file.name,
            "waiting": waiting,
            "meanings": said,
            "replace": replace,
            "new": _new(request, incoming),
            "measures": len(incoming.measures) + sum(len(one.measures) for one in incoming.generations),
            "problems_said": _said(incoming.problems, request.lang),
            "problems_more": max(0, len(incoming.problems) - TOLD),
            "notes_said": _said(incoming.notes, request.lang),
            "empty": not read.diary(request.person).entries,
        },
    )


def _ask(
    request: PersonalRequest,
    waiting: uuid.UUID,
    file: Path,
    incoming: Incoming,
    asked: Asked,
    problem: FileError | None = None,
    said: Meanings | None = None,
) -> HttpResponse:
    """Ask what the columns of a table mean; what was said already stays chosen."""
    chosen = said or Meanings({})
    context = {
        "incoming": incoming,
        "asked": asked,
        "file": file.name,
        "waiting": waiting,
        "columns": [
            (one, chosen.columns.get(one.name, one.proposed), [number(each, request.lang) for each in one.examples])
            for one in asked.columns
        ],
        "chosen_meanings": chosen,
        "meanings": MEANINGS,
        "problem": tell(problem, request.lang) if problem else None,
    }
    return render(request, "data_asked.html", context, status=400 if problem else 200)


def _meanings(request: PersonalRequest) -> Meanings | None:
    """Read what a form says of the columns; None where it says nothing."""
    columns, said = request.POST.getlist("column"), request.POST.getlist("meaning")
    if not columns or len(columns) != len(said):
        return None
    order = request.POST.get("order")
    return Meanings(
        dict(zip(columns, said, strict=True)),
        request.POST.get("day", ""),
        None if order is None else order == "month",
        request.POST.get("days") == "mornings",
    )


def _read(request: PersonalRequest, file: Path, *, replace: bool = False, meanings: Meanings | None = None) -> Incoming:
    return formats.read(file, _destination(request, replace=replace, meanings=meanings))


def _destination(request: PersonalRequest, *, replace: bool = False, meanings: Meanings | None = None) -> Destination:
    return with_meanings(carry.destination(request.person, clock.now(), replace=replace), meanings)


def _is_large(file: Path) -> bool:
    return file.stat().st_size > readings.AT_ONCE


def _looked_at(
    request: PersonalRequest, waiting: uuid.UUID, file: Path, *, replace: bool = False, meanings: Meanings | None = None
) -> Incoming | None:
    """Read a file at once, or look what became of its reading aside; None while that goes on."""
    if not _is_large(file):
        return _read(request, file, replace=replace, meanings=meanings)
    reading = readings.begin(waiting, file, _destination(request, replace=replace, meanings=meanings))
    if reading.diary != request.person.diary:
        raise Http404
    if reading.problem:
        raise reading.problem
    return reading.incoming if reading.is_over else None


def _reading(request: PersonalRequest, waiting: uuid.UUID, file: Path) -> HttpResponse:
    """Say how far a large file was read; the page looks again by itself."""
    reading = readings.of(waiting, request.person.diary)
    read_mb = (reading.read if reading else 0) // 1_000_000
    context = {"file": file.name, "waiting": waiting, "read": read_mb, "size": file.stat().st_size // 1_000_000}
    response = render(request, "data_reading.html", context)
    response["Refresh"] = "2"
    return response


def _new(request: PersonalRequest, incoming: Incoming) -> int:
    """Return how many of the entries the diary does not hold yet."""
    known = {entry.id for entry in read.diary(request.person).entries}
    return sum(entry.id not in known for entry in incoming.entries)


def _by_night(request: PersonalRequest, incoming: Incoming) -> list[Found]:
    """Return what a file holds with its dates those of its nights, as they are named everywhere.

    A complete diary counts what it brings by the day on which it was said; a morning answer is about the night before.
    """
    if incoming.format != diary_json.NAME:
        return list(incoming.found)
    by_day = fold.changes((*read.diary(request.person).entries, *incoming.entries))
    nights: dict[str, list[dt.date]] = defaultdict(list)
    for entry in incoming.entries:
        if isinstance(entry.data, Cramp | Night | Exposure | Dose | Note):
            nights[entry.data.kind].append(fold.night_of_entry(entry, by_day))
    return [
        dataclasses.replace(one, nights=len(set(dates)), first=min(dates), last=max(dates))
        if (dates := nights.get(one.kind))
        else one
        for one in incoming.found
    ]


def _said(problems: tuple[FileError, ...], lang: str) -> list[str]:
    return [tell(one, lang) for one in problems[:TOLD]]


def _told(problem: MolletError, lang: str) -> str:
    """Say what was wrong; formats are listed on the page, in words, and not again by the names commands use."""
    if problem.key == "error.file.not_recognised":
        problem = FileError("data.not_recognised", name=problem.values.get("name", ""))
    return tell(problem, lang)


def _waiting(waiting: uuid.UUID) -> Path:
    file = uploads.find(waiting)
    if file is None:
        raise Http404
    return file


def megabytes(file: Path) -> float:
    """Return the size of a database with what stands beside it until it is folded in: what was written last."""
    return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*")) / 1e6


urlpatterns = [
    path("", data, name="data"),
    path("leave/", leave, name="data_leave"),
    path("export/<slug:name>/", export, name="data_export"),
    path("import/", upload, name="data_upload"),
    path("import/begin/", begin, name="data_begin"),
    path("import/<uuid:waiting>/", preview, name="data_preview"),
    path("import/<uuid:waiting>/piece/", piece, name="data_piece"),
    path("import/<uuid:waiting>/meanings/", meanings, name="data_meanings"),
    path("import/<uuid:waiting>/confirm/", confirm, name="data_confirm"),
    path("import/<uuid:waiting>/cancel/", cancel, name="data_cancel"),
    path("imports/<uuid:imported>/undo/", undo, name="data_undo"),
    path("backup/", backup, name="data_backup"),
]
