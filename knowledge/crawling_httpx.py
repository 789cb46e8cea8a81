"""Opening pages over HTTP, never one at a private address.

A name is resolved first, every address is checked, and the connection goes to the
checked address itself, so that a name cannot mean another one a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Collection
from urllib.parse import urlsplit

import httpx

from knowledge.crawling import Fetched, PageRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CHUNK = 65_536


class HttpxFetcher:
    """Opens addresses with httpx; `near` are hosts that may lie at private addresses.

    `largest` is in bytes; a page has `seconds` in all, however it trickles in.
    """

    def __init__(
        self, agent: str, *, largest: int, seconds: float, near: Collection[str] = ()
    ) -> None:
        self._largest = largest
        self._seconds = seconds
        self._near = frozenset(near)
        # A proxy from the environment would connect to what was not checked.
        self._client = httpx.Client(
            trust_env=False,
            follow_redirects=False,
            timeout=min(seconds, 10.0),
            headers={"user-agent": agent, "accept-encoding": "gzip, deflate"},
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def get(
        self, url: str, *, etag: str = "", modified: str = "", types: frozenset[str] | None = None
    ) -> Fetched:
        """Return what lies at `url`; raises `PageRefused`, also for other `types`."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        address = self._address(host, parts.port or {"http": 80, "https": 443}[parts.scheme])
        headers = {"host": parts.netloc}
        if etag:
            headers["if-none-match"] = etag
        if modified:
            headers["if-modified-since"] = modified
        request = self._client.build_request(
            "GET",
            httpx.URL(url).copy_with(host=str(address)),
            headers=headers,
            extensions={"sni_hostname": host},
        )
        # What one host set is not for another one at the same address.
        self._client.cookies.clear()
        try:
            response = self._client.send(request, stream=True)
            try:
                return self._read(response, types)
            finally:
                response.close()
        except httpx.TimeoutException as error:
            raise PageRefused("time", "the server did not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise PageRefused("network", f"the page cannot be had: {error}") from error

    def _read(self, response: httpx.Response, types: frozenset[str] | None) -> Fetched:
        told = response.headers
        content_type = told.get("content-type", "").partition(";")[0].strip().lower()
        fetched = Fetched(
            response.status_code,
            content_type=content_type,
            etag=told.get("etag", ""),
            modified=told.get("last-modified", ""),
            location=told.get("location", ""),
        )
        if response.status_code != 200:
            return fetched
        if types is not None and content_type not in types:
            raise PageRefused("type", f"files of the type {content_type or 'unknown'} are not read")
        content, until = bytearray(), time.monotonic() + self._seconds
        for chunk in response.iter_bytes(_CHUNK):
            content += chunk
            if len(content) > self._largest:
                raise PageRefused("size", f"it has more than {self._largest / 1e6:,.0f} MB")
            if time.monotonic() > until:
                raise PageRefused("time", f"it did not arrive within {self._seconds:g} seconds")
        return Fetched(fetched.status, bytes(content), content_type, fetched.etag, fetched.modified)

    def _address(self, host: str, port: int) -> Address:
        try:
            known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise PageRefused("network", f"there is no host {host}") from error
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in known]
        if not addresses:
            raise PageRefused("network", f"there is no host {host}")
        if host not in self._near:
            for address in addresses:
                if not is_public(address):
                    raise PageRefused("address", f"{host} lies at the private address {address}")
        return addresses[0]


def is_public(address: Address) -> bool:
    """Say whether `address`, and any that it stands for, is one of the public internet.

    >>> is_public(ipaddress.ip_address("::ffff:10.0.0.1"))
    False
    """
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return all(is_public(one) for one in inner if one is not None)
