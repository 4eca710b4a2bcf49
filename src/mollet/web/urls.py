"""Every address of mollet. A word of the address is the name of its view module, template and test."""

from django.urls import URLPattern, URLResolver, include, path

from mollet.web.views import alarm, health, help, manifest, now, offline, phone, relief, worker
from mollet.web.views.entries import api, docs

PAGES = (
    *("nights", "missed", "search", "checkup", "causes", "plan", "claims", "report", "card", "fridge"),
    *("data", "feed", "zone", "me", "pair"),
)
"""Pages whose views list their own addresses: ``mollet.web.views.<word>.urlpatterns``."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("", now.now, name="now"),
    path("answer/", now.answer, name="answer"),
    path("undo/", now.undo, name="undo"),
    path("clock/", now.clock_left, name="clock_left"),
    path("relief/", relief.relief, name="relief"),
    path("relief/check/", relief.check, name="relief_check"),
    path("alarm/", alarm.alarm, name="alarm"),
    *(path(f"{word}/", include(f"mollet.web.views.{word}")) for word in PAGES),
    path("api/docs", docs, name="api_docs"),
    path("api/", api.urls),
    path("offline/", offline.offline, name="offline"),
    path("offline/checkup/", offline.checkup, name="offline_checkup"),
    path("offline/<str:name>.json", offline.data, name="offline_data"),
    path("phone/", phone.phone, name="phone"),
    path("help/", help.help, name="help"),
    path("sw.js", worker.worker, name="worker"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "mollet.web.views.errors.bad_request"
handler403 = "mollet.web.views.errors.forbidden"
handler404 = "mollet.web.views.errors.not_found"
handler500 = "mollet.web.views.errors.server_error"
