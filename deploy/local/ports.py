"""Free ports on the loopback interface."""

import secrets
import socket

LOOPBACK = "127.0.0.1"

# Below the range from which the kernel takes the local end of outgoing connections (32768 and up). A port
# from that range can be taken by a client that reconnects while its server is down: it connects to itself.
_FIRST, _COUNT = 15_000, 17_000


def free_ports(*names: str) -> dict[str, int]:
    """A different free port for each name."""
    chosen: dict[str, int] = {}
    while len(chosen) < len(names):
        port = _FIRST + secrets.randbelow(_COUNT)
        if port not in chosen.values() and is_free(port):
            chosen[names[len(chosen)]] = port
    return chosen


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int, greeting: bytes = b"") -> bool:
    """Whether a server accepts connections on this port and, given a greeting, replies to it."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            if not greeting:
                return True
            connection.sendall(greeting)
            return bool(connection.recv(1))
    except OSError:
        return False
