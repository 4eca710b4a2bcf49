"""What is commonly said, what is known, what we say: the list, its search, and a page for each claim."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from mollet.advice.claims import search
from mollet.knowledge import load
from mollet.knowledge.model import Claim
from mollet.web.page import Request


def claims(request: Request) -> HttpResponse:
    """List every claim, or those that the words searched for are about."""
    words = request.GET.get("q", "").strip()[:200]
    found = search(words, load(), request.lang)
    return render(request, "claims.html", {"claims": found, "words": words})


def claim(request: Request, id: str) -> HttpResponse:
    """Show one claim: said, known, we say, how sure, who says so, and where it lives."""
    if id not in load().claims:
        raise Http404
    shown = load().claims[id]
    kind, _, item = (shown.item or "").partition("/")
    remedy = load().remedies.get(item) if kind == "remedies" else None
    return render(request, "claims_one.html", {"claim": shown, "where": home(shown), "remedy": remedy})


def home(claim: Claim) -> str:
    """Return the address of the screen a claim lives on, at its item."""
    item = (claim.item or "").rpartition("/")[2]
    return f"{claim.where}#{item}" if item else claim.where


urlpatterns = [path("", claims, name="claims"), path("<str:id>/", claim, name="claim")]
