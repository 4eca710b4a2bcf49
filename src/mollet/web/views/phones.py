"""The phones of the house: which ones are in, a code for one more, and sending one away."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from mollet.web import clock, phones, qr, running
from mollet.web.doors import SeeOther, form_of
from mollet.web.page import PersonalRequest
from mollet.web.typed import Typed
from mollet.words import say


@require_safe
def listed(request: PersonalRequest) -> HttpResponse:
    """Show the phones, and how one more joins."""
    return _page(request, Typed(request.GET), None)


@form_of("/me/phones/")
def add(request: PersonalRequest) -> HttpResponse:
    """Make a code, and show it this once."""
    typed = Typed(request.POST)
    name = typed.text("name", phones.LONGEST_NAME)
    if typed.problems or _house() is None:
        return _page(request, typed, None)
    return _page(request, typed, phones.offer(request.person.diary, name or "", clock.now()))


@form_of("/me/phones/")
def send_away(request: PersonalRequest, phone: str) -> HttpResponse:
    """Close the house to a phone."""
    if phones.send_away(request.person.diary, phone) is None:
        raise Http404
    return SeeOther("/me/phones/?done=away")


def _page(request: PersonalRequest, typed: Typed, code: str | None) -> HttpResponse:
    house = _house()
    own = request.phone.id if request.phone else None
    said: dict[str, object] = {
        "phones": [(phone, phone.id == own) for phone in phones.all_of(request.person.diary)],
        "house": house,
        "typed": typed.fields,
        "problems": typed.problems,
        "longest": phones.LONGEST_NAME,
        "minutes": phones.CODE_MINUTES,
        "done": request.GET.get("done") == "away",
    }
    if house and code:
        joining = f"{house.secure}pair/?code={code}"
        said |= {"code": code, "joining": joining, "joining_drawn": _drawn(request, joining, "phones.qr_join")}
    if house and code and house.trust:
        said |= {"trust_drawn": _drawn(request, house.trust, "phones.qr_trust")}
    return render(request, "phones.html", said, status=400 if typed.problems else 200)


def _house() -> running.Running | None:
    """Return where phones reach the house; none while only this machine is served."""
    found = running.noted()
    return found if found and found.secure else None


def _drawn(request: PersonalRequest, address: str, title: str) -> str:
    # The drawing is made of an address of ours and a sentence of ours, escaped by the library that draws it.
    return mark_safe(qr.svg(address, say(title, request.lang)))


urlpatterns = [
    path("", listed, name="phones"),
    path("add/", add, name="phones_add"),
    path("<slug:phone>/away/", send_away, name="phones_away"),
]
