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
            "icons": icons(),
            "shortcuts": [
                {"name": say("now.cramp_button", lang), "url": "/relief/", "icons": icons()[1:2]},
                {"name": say("manifest.last_night", lang), "url": "/#last-night", "icons": icons()[1:2]},
            ],
        },
        content_type="application/manifest+json",
    )


def icons() -> list[dict[str, str]]:
    """Return the icons: drawn for any size, and as pictures for systems that take no drawing."""
    drawn = {"src": static("icon.svg"), "type": "image/svg+xml", "sizes": "any"}
    pictures = [
        {"src": static(f"icon-{kind}.png"), "type": "image/png", "sizes": f"{size}x{size}", "purpose": purpose}
        for kind, size, purpose in (("192", 192, "any"), ("512", 512, "any"), ("maskable-512", 512, "maskable"))
    ]
    return [drawn, *pictures]
