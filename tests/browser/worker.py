"""What a page under test goes through: its service worker takes over, it shows itself anew, and it is left."""

from typing import Any

# Whether the worker is there within a while: one whose files did not all arrive is asked for by the next page only.
ACTIVATED = """() => Promise.race([
  navigator.serviceWorker.ready.then(({ active }) => active.state === "activated" || new Promise((done) => {
    active.addEventListener("statechange", () => done(true));
  })),
  new Promise((done) => { setTimeout(() => done(false), 20_000); }),
])"""


TRIES = 5


def through_reloads(page: Any, script: str, value: Any = None) -> Any:
    """Let a page do something; it may be on its way to another one, and begin again there."""
    from playwright.sync_api import Error

    for tries in range(1, TRIES + 1):
        try:
            return page.evaluate(script, value)
        except Error as problem:
            if tries == TRIES or not any(word in str(problem) for word in ("destroyed", "navigat", "undefined")):
                raise
            page.wait_for_load_state("load")
    raise AssertionError(script)


KEPT = """async ([address, words]) => {
  for (let tries = 0; tries < 800; tries += 1) {
    if ((await (await caches.match(address))?.text())?.includes(words)) return true;
    await new Promise((done) => { setTimeout(done, 25); });
  }
  return false;
}"""


def is_kept(page: Any, address: str, words: str = "") -> bool:
    """Wait until the worker keeps a page that holds some words, and say whether it does."""
    return bool(through_reloads(page, KEPT, [address, words]))


def until_worker(page: Any) -> None:
    """Wait until the worker answers for a page; the browser passes by one that was loaded while it took over."""
    for _ in range(TRIES):
        if page.evaluate(ACTIVATED):
            break
        page.reload()
    if not page.evaluate("Boolean(navigator.serviceWorker.controller)"):
        page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller")


NOWHERE = "about:blank"


def leave(context: Any) -> None:
    """Close a phone once none of its pages is on its way to another one: Chromium may answer no other closing, ever.

    Known there as issue 536385539: a close that meets the end of a navigation is forgotten.
    """
    for page in context.pages:
        _still(page)
    context.close()


def _still(page: Any) -> None:
    """Let a page show nothing; it may go elsewhere by itself until it does."""
    from playwright.sync_api import Error

    for tries in range(1, TRIES + 1):
        try:
            page.goto(NOWHERE)
            return
        except Error as problem:
            if tries == TRIES or not any(word in str(problem) for word in ("interrupted", "ERR_ABORTED")):
                raise
            # What interrupted arrives first; another try at once would meet it again.
            page.wait_for_timeout(100)
