"""An address as a pattern that the camera of a phone reads, on a page and in a terminal."""

import io


def svg(address: str, title: str) -> str:
    """Draw an address for a page; its colours come from the style sheet."""
    import segno

    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(
        svgclass="qr", lineclass=None, omitsize=True, title=title, dark="#000", light="#fff", border=4
    )


def terminal(address: str) -> str:
    """Draw an address for a terminal."""
    import segno

    drawn = io.StringIO()
    segno.make(address, error="m", micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()
