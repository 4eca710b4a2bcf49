"""The web app manifest: name, colours and shortcuts, in the language of the page."""

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static

from mollet.words import say


def manifest(request: HttpRequest) -> JsonResponse:
    """Describe mollet to a phone that may put it on its home screen."""
    lang = getattr(request, "lang", "en")
    return JsonResponse(
        {
            "name": say("base.name", lang),
            "short_name": say("base.name", lang),
            "description": say("base.description", lang),
            "lang": lang,
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#0d0604",
            "theme_color": "#0d0604",
            "icons": [{"src": static("icon.svg"), "type": "image/svg+xml", "sizes": "any"}],
            "shortcuts": [
                {"name": say("now.cramp_button", lang), "url": "/relief/"},
                {"name": say("now.last_night", lang), "url": "/#last-night"},
            ],
        },
        content_type="application/manifest+json",
    )
