"""Addresses, robots.txt, sitemaps and links: what a crawl of a city's own site may visit.

No network here: a `Fetcher` opens one address, `Site` says which addresses may be opened.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from protego import Protego

LONGEST_URL = 2000
TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
"""The content types that are read, with the endings of their files."""

REDIRECTS = (301, 302, 303, 307, 308)
GONE = (404, 410)
MOST_HOPS = 5
"""How often robots.txt may be redirected (RFC 9309, 2.3.1.2)."""

MOST_SITEMAPS = 50
MOST_LOCATIONS = 50_000
"""Addresses of one sitemap (sitemaps.org, protocol)."""

LARGEST_SITEMAP = 50_000_000
"""Bytes of one sitemap once it is unpacked (sitemaps.org, protocol)."""

LARGEST_ROBOTS = 512_000
"""Bytes of robots.txt that are read (RFC 9309, 2.5: at least 500 KiB)."""


class PageRefused(Exception):
    """A page is not taken; `reason` is one of the kinds below, the text says why.

    ``host``, ``address``, ``robots``, ``status``, ``type``, ``size``, ``time``,
    ``network``, ``noindex``, ``unreadable``, ``orders``, ``limit``.
    """

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(words)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent for one address; `location` is where a redirect leads."""

    status: int
    content: bytes = b""
    content_type: str = ""
    etag: str = ""
    modified: str = ""
    location: str = ""


class Fetcher(Protocol):
    """Opens addresses; never follows a redirect."""

    def get(
        self, url: str, *, etag: str = "", modified: str = "", types: frozenset[str] | None = None
    ) -> Fetched:
        """Return what lies at `url`; raises `PageRefused`, also for other `types`."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a page leads, and whether it asks to be left out or not to be followed."""

    urls: tuple[str, ...] = ()
    noindex: bool = False
    hidden: tuple[str, ...] = field(default=())
    """Texts that a style keeps from being seen."""


def canonical(url: str, base: str = "") -> str | None:
    """Return `url` in one form of the many it may have; None where it is none of the web.

    >>> canonical("HTTP://City.Example:80/a b#top"), canonical("mailto:a@city.example")
    ('http://city.example/a%20b', None)
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        return None
    host = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        host = f"{host}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    made = urlunsplit((parts.scheme, host, path, query, ""))
    return made if len(made) <= LONGEST_URL else None


def links(content: bytes, url: str) -> Links:
    """Return where the HTML page at `url` leads, and the texts that it hides by style."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    from knowledge.importers.html import is_out_of_sight

    try:
        page = document_fromstring(content, parser=HTMLParser(remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Links()
    asked = " ".join(
        str(meta.get("content") or "").lower()
        for meta in page.iter("meta")
        if str(meta.get("name") or "").lower() == "robots"
    )
    bases = page.xpath("//base/@href")
    base = urljoin(url, str(bases[0])) if bases else url
    found: list[str] = []
    if "nofollow" not in asked and "none" not in asked:
        for anchor in page.iter("a"):
            if "nofollow" in str(anchor.get("rel") or "").lower().split():
                continue
            address = canonical(str(anchor.get("href") or ""), base)
            if address is not None and anchor.get("href"):
                found.append(address)
    hidden = tuple(
        str(element.text_content())
        for element in page.iter()
        if isinstance(element.tag, str) and is_out_of_sight(element)
    )
    return Links(tuple(dict.fromkeys(found)), "noindex" in asked or "none" in asked, hidden)


class Site:
    """The hosts that may be visited, and what their robots.txt asks for.

    `hosts` are hosts as they stand in addresses, with the port where it is not usual.
    """

    def __init__(self, fetcher: Fetcher, hosts: frozenset[str], agent: str) -> None:
        self._fetcher = fetcher
        self._hosts = hosts
        self._agent = agent
        self._robots: dict[str, Protego] = {}

    def is_ours(self, url: str) -> bool:
        """Say whether `url` lies on a host that may be visited."""
        return urlsplit(url).netloc in self._hosts

    def check(self, url: str) -> None:
        """Raise `PageRefused` where `url` may not be visited."""
        if not self.is_ours(url):
            raise PageRefused("host", f"{urlsplit(url).netloc} is none of the hosts of this crawl")
        if not self._rules(url).can_fetch(url, self._agent):
            raise PageRefused("robots", "robots.txt of the site asks to leave it out")

    def pause(self, url: str, least: float) -> float:
        """Return the seconds to wait between two pages of the host of `url`, at most a minute."""
        asked = self._rules(url).crawl_delay(self._agent) if self.is_ours(url) else None
        return min(max(least, float(asked or 0)), max(least, 60.0))

    def sitemap(self, url: str) -> Iterator[str]:
        """Yield the addresses that the sitemaps of the host of `url` name."""
        named = [canonical(one, url) for one in self._rules(url).sitemaps]
        waiting = [one for one in named if one] or [urljoin(url, "/sitemap.xml")]
        seen: set[str] = set()
        while waiting and len(seen) < MOST_SITEMAPS:
            place = waiting.pop(0)
            if place in seen or not self.is_ours(place):
                continue
            seen.add(place)
            fetched = self._followed(place)
            if fetched.status != 200:
                raise PageRefused("status", f"the sitemap {place} cannot be had: {fetched.status}")
            inner, pages = _sitemap(_unpacked(fetched.content), place)
            waiting += inner
            yield from (page for page in pages if self.is_ours(page))

    def _rules(self, url: str) -> Protego:
        """What robots.txt says; a site that cannot be asked is left alone (RFC 9309, 2.3.1.4)."""
        from protego import Protego

        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            try:
                fetched = self._followed(f"{origin}/robots.txt")
                text = _rules_of(fetched)
            except PageRefused:
                text = "User-agent: *\nDisallow: /"
            self._robots[origin] = Protego.parse(text)
        return self._robots[origin]

    def _followed(self, url: str) -> Fetched:
        for _ in range(MOST_HOPS):
            fetched = self._fetcher.get(url)
            if fetched.status not in REDIRECTS:
                return fetched
            url = canonical(fetched.location, url) or ""
            if not self.is_ours(url):
                break
        raise PageRefused("host", "it is redirected to another host, or too often")


def _rules_of(fetched: Fetched) -> str:
    if fetched.status == 200:
        return fetched.content[:LARGEST_ROBOTS].decode("utf-8", "replace")
    if 400 <= fetched.status < 500:
        return ""
    return "User-agent: *\nDisallow: /"


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return file.read(LARGEST_SITEMAP)
    except (OSError, EOFError, zlib.error) as error:
        raise PageRefused("unreadable", "the sitemap is damaged") from error


def _sitemap(content: bytes, url: str) -> tuple[list[str], list[str]]:
    """The sitemaps and the pages that a sitemap names; a plain list of addresses is one too."""
    from lxml import etree

    if not content.lstrip().startswith(b"<"):
        lines = content.decode("utf-8", "replace").split()
        return [], _located(lines, url)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PageRefused("unreadable", f"the sitemap {url} is damaged") from error
    inner = [_text(place) for place in root.iterfind("{*}sitemap/{*}loc")]
    pages = [_text(place) for place in root.iterfind("{*}url/{*}loc")]
    return _located(inner, url), _located(pages, url)


def _text(element: Any) -> str:
    return re.sub(r"\s+", "", element.text or "")


def _located(places: list[str], url: str) -> list[str]:
    found = (canonical(place, url) for place in places[:MOST_LOCATIONS])
    return [place for place in found if place]


Progress = Callable[[str, str], None]
"""Told the address of each page and its outcome."""
