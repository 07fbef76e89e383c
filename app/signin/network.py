"""Connecting to a provider, and to nothing inside the own network: a name is looked up once, judged, and that very
address is gone to. A name that leads to another address a moment later leads nowhere."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpcore2
import httpx2
from httpcore2 import NetworkBackend, NetworkStream

_TRANSLATED = IPv6Network("64:ff9b::/96")  # an IPv4 address in IPv6 clothes, where a network has no IPv4


class Inside(OSError):
    """This name leads into the own network, and the settings do not say that it may."""


class Network(NetworkBackend):
    """Goes to public addresses only; to others for the hosts in `inside`."""

    def __init__(self, inside: Collection[str] = ()):
        self._inside = frozenset(host.casefold() for host in inside)
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable | None = None,
    ) -> NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as problem:
            raise httpcore2.ConnectError(type(problem).__name__) from problem
        addresses = list(dict.fromkeys(str(where[4][0]) for where in found))
        if host.casefold() not in self._inside and not all(is_public(address) for address in addresses):
            raise Inside(host)
        failed: Exception = httpcore2.ConnectError("no address")
        for address in addresses:
            try:
                return self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as problem:
                failed = problem
        raise failed


def is_public(address: str) -> bool:
    """Whether this address is on the internet, and not of this computer or the network around it."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.teredo:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _TRANSLATED else None)
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


class Transport(httpx2.HTTPTransport):
    """The transport of httpx2 over such a network. It takes no network itself; its pool does."""

    def __init__(self, inside: Collection[str], trust_env: bool):
        super().__init__(trust_env=trust_env)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(trust_env=trust_env), network_backend=Network(inside)
        )
