"""A small IMAP server for the tests: one mailbox, TLS, and only the commands that are needed to read bounces."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Box:
    """Messages by uid, and their flags."""

    messages: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    password: str = "geheim-woord"
    port: int = 0

    def put(self, content: bytes) -> int:
        uid = max(self.messages, default=0) + 1
        self.messages[uid], self.flags[uid] = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), set()
        return uid


class _Talk(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        box: Box = self.server.box
        self.say("* OK klaar")
        while line := self.rfile.readline().decode().strip():
            tag, _, rest = line.partition(" ")
            word = rest.upper()
            if word.startswith("CAPABILITY"):
                self.say("* CAPABILITY IMAP4rev1")
            elif word.startswith("LOGIN"):
                if f'"{box.password}"' not in rest:
                    self.say(f"{tag} NO wrong")
                    continue
            elif word.startswith("SELECT") and '"INBOX"' not in word:
                self.say(f"{tag} NO no such folder")
                continue
            elif word.startswith("SELECT"):
                self.say(f"* {len(box.messages)} EXISTS")
            elif word.startswith("UID SEARCH UNSEEN"):
                self.say("* SEARCH " + " ".join(str(u) for u in box.messages if "\\Seen" not in box.flags[u]))
            elif found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", word):
                uid, most = int(found[1]), int(found[2])
                content = box.messages[uid][:most]
                self.say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(content)}}}")
                self.wfile.write(content + b")\r\n")
            elif found := re.match(r"UID STORE (\d+) \+FLAGS \(([^)]*)\)", rest, re.I):
                box.flags[int(found[1])] |= set(found[2].split())
            elif word.startswith("EXPUNGE"):
                for uid in [u for u in box.messages if "\\Deleted" in box.flags[u]]:
                    del box.messages[uid], box.flags[uid]
            elif word.startswith("LOGOUT"):
                self.say("* BYE")
                self.say(f"{tag} OK")
                return
            self.say(f"{tag} OK done")


class ImapServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, box: Box, certificate: Path):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.box, box.port = box, self.server_address[1]
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)

    def get_request(self):
        found, address = super().get_request()
        return self._context.wrap_socket(found, server_side=True), address

    def handle_error(self, request, client_address) -> None:
        """A client that does not trust the certificate goes away in the middle: that is what a test wants."""

    def __enter__(self) -> ImapServer:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_about) -> None:
        self.shutdown()
        self.server_close()
