"""Addresses that only take a form: who comes without one is shown the page that the form stands on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

View = Callable[..., HttpResponse]

KEPT = "/?done=kept"
"""The first page after a form that it does not answer by name: the address says that something was kept, so that the
phone can still say so where the page itself does not come."""


class SeeOther(HttpResponseRedirect):
    """Go and look there, with GET."""

    status_code = 303


def form_of(page: str) -> Callable[[View], View]:
    """Take POST alone; a reload or a typed address leads to ``page``, in which ``{night}`` is the night of the address.

    An address that answers a mere look with an empty 405 is a dead end in every browser.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in ("GET", "HEAD"):
                return SeeOther(page.format(**kwargs))
            return HttpResponseNotAllowed(["POST"])

        return answer

    return decorate
