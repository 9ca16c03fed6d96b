"""A line that breaks, or is only counted: a proxy on loopback that lets so many bytes through and then hangs up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Line:
    """How many bytes have travelled towards the server, and after how many every connection breaks."""

    def __init__(self, most: int) -> None:
        self.sent = 0
        self._most = most
        self._lock = threading.Lock()

    def take(self, count: int) -> bool:
        with self._lock:
            self.sent += count
            return self.sent <= self._most


@contextmanager
def forwarding(port: int, line: Line) -> Iterator[int]:
    """Forward a port of this machine until the line breaks; give the port to use."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, port, line), daemon=True).start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, port: int, line: Line) -> None:
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_pump, args=(near, far, line), daemon=True).start()
            threading.Thread(target=_pump, args=(far, near, None), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, line: Line | None) -> None:
    with suppress(OSError):
        while data := source.recv(4096):
            if line is not None and not line.take(len(data)):
                break
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
