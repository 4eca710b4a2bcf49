"""Another time zone, once the person says so: nights already said keep their dates."""

from zoneinfo import available_timezones

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path

from mollet.web.doors import KEPT, form_of
from mollet.web.page import PersonalRequest


@form_of("/me/")
def zone(request: PersonalRequest) -> HttpResponse:
    """Keep the zone that the phone stands in; one that nobody knows is left to the settings page to refuse."""
    chosen = request.POST.get("zone", "")
    if chosen not in available_timezones():
        return HttpResponseRedirect("/me/#zone")
    request.person.zone = chosen
    request.person.save(update_fields=["zone"])
    return HttpResponseRedirect(KEPT)


urlpatterns = [path("", zone, name="zone")]
