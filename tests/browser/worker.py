"""The service worker of a page under test."""

from typing import Any

ACTIVATED = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  if (active.state !== "activated") await new Promise((done) => { active.addEventListener("statechange", done); });
}"""


def until_worker(page: Any) -> None:
    """Wait until the worker answers for a page; the browser passes by one that was loaded while it took over."""
    page.evaluate(ACTIVATED)
    if not page.evaluate("Boolean(navigator.serviceWorker.controller)"):
        page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller")
