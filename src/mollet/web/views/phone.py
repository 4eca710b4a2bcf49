"""What one phone holds: what waits, what needs attention, what it promises to keep, how loud it may be at night."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mollet.web.page import Request


@require_GET
def phone(request: Request) -> HttpResponse:
    """Show the page; everything on it is filled on the phone itself, the house keeps none of it."""
    return render(request, "phone.html")
