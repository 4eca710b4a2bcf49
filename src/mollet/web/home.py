"""A house that its phones can enter: the door with HTTPS, the page that hands out the certificate, and their upkeep."""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from mollet.errors import StoreError
from mollet.store import people
from mollet.web import certificates, clock, front, running, trust
from mollet.web.certificates import Certificates
from mollet.web.running import Running

if TYPE_CHECKING:
    from mollet.web.serve import Wishes

_log = logging.getLogger(__name__)

Serve = Callable[..., Any]
"""Make a server of an application: ``serve(application, sock=..., is_small=...)``."""


class Home:
    """The two doors for phones, bound but not open yet.

    Parameters
    ----------
    wishes : Wishes
        From where phones come, and on which ports.
    base : str
        Address of the house for this machine.
    """

    def __init__(self, wishes: "Wishes", base: str) -> None:
        self._wishes = wishes
        self._base = base
        self._held = self._certificates(wishes.name)
        self._context = certificates.context(self._held.leaf)
        host = "0.0.0.0" if wishes.everywhere else "127.0.0.1"
        self._trust = front.listen(host, wishes.trust_port)
        try:
            self.front = front.Front(front.listen(host, wishes.port), self._context, self._look_after)
        except StoreError:
            self._trust.close()
            raise
        _admit(self._held.names)

    @property
    def running(self) -> Running:
        """Where the house answers now."""
        host = self._host()
        return Running(
            self._base,
            f"https://{host}:{self.front.port}/",
            f"http://{host}:{self._trust.getsockname()[1]}/",
            self._held.fingerprint,
        )

    @property
    def can_be_reached(self) -> bool:
        """Whether this machine has an address that a phone of the home can call."""
        return not self._wishes.everywhere or bool(self._addresses())

    def open(self, application: front.Application, serve: Serve) -> list[Any]:
        """Open both doors; what comes back are the servers behind them."""
        inner = front.listen("127.0.0.1", 0)
        behind = serve(front.behind(self.front, application), inner, is_small=False)
        handing = serve(trust.application(lambda: self._held, people.local_person().zone), self._trust, is_small=True)
        self.front.start(inner.getsockname()[1])
        return [behind, handing]

    def close(self) -> None:
        """Close both doors."""
        self.front.stop()
        self._trust.close()

    def _host(self) -> str:
        """Return the one name of the house for phones: what they keep belongs to it."""
        if not self._wishes.everywhere:
            return "localhost"
        chosen = self._wishes.name is not None or self._held.name != certificates.NAME
        return self._held.name if chosen or not self._addresses() else self._addresses()[0]

    def _addresses(self) -> tuple[str, ...]:
        return tuple(one for one in self._held.names if one not in (*certificates.LOOPBACK, self._held.name))

    def _certificates(self, name: str | None) -> Certificates:
        addresses = certificates.home_addresses() if self._wishes.everywhere else ()
        return certificates.ensure(clock.now(), addresses, name)

    def _look_after(self) -> None:
        """Show a new leaf when the addresses of the machine changed or its end is near."""
        try:
            found = self._certificates(None)
            if found == self._held:
                return
            self._context.load_cert_chain(found.leaf)
        except (StoreError, OSError) as error:
            _log.warning("the certificate could not be renewed: %s", error)
            return
        self._held = found
        _admit(found.names)
        running.note(self.running)


def _admit(names: Iterable[str]) -> None:
    """Answer to the names the leaf stands for, and to no other."""
    from django.conf import settings

    hosts = [f"[{name}]" if ":" in name else name for name in names]
    settings.ALLOWED_HOSTS = list(dict.fromkeys([*settings.OWN_HOSTS, *hosts]))
