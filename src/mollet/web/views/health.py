"""Is the server alive, and can it write? For whoever watches over it."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer at all."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the diary can be read."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM store_person")
    except DatabaseError:
        return HttpResponse("the diary cannot be read\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
