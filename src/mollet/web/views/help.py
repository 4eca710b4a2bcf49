"""Help in short: the four words, the home screen, what stays on the phone, the way out, and what the words mean."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mollet.web.page import Request

TERMS = ("night", "confirmed", "gap", "pause", "certainty", "danger", "checkup", "plan")
"""Words of the screen that are explained, in the order in which one meets them."""


@require_GET
def help(request: Request) -> HttpResponse:
    """Show the page; public, so that a phone keeps it for a day without its house."""
    return render(request, "help.html", {"terms": TERMS})
