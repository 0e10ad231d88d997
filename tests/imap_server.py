# ruff: noqa: ARG002, N802, N815 - the names and the arguments are Twisted's
"""A real IMAP server (Twisted's) for tests: serves the files of a folder, and writes their flags beside them.

`python -m tests.imap_server FOLDER` prints its port. User `help`, password `pass word`.
"""

import io
import json
import sys
from email import message_from_bytes
from pathlib import Path

from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import protocol, reactor
from twisted.mail import imap4
from zope.interface import implementer

FLAGS = "flags.json"


@implementer(imap4.IMessage, imap4.IMessageFile)
class Mail:
    def __init__(self, number: int, file: Path) -> None:
        self.number, self.file, self.flags = number, file, set()

    def getUID(self) -> int:
        return self.number

    def getFlags(self) -> list[str]:
        return sorted(self.flags)

    def getInternalDate(self) -> str:
        return "22-Nov-2026 14:00:00 +0000"

    def getSize(self) -> int:
        return self.file.stat().st_size

    def getHeaders(self, negate: bool, *names: str) -> dict[str, str]:
        with self.file.open("rb") as opened:
            return {name.lower(): str(value) for name, value in message_from_bytes(opened.read(4096)).items()}

    def getBodyFile(self) -> io.BytesIO:
        return io.BytesIO(self.file.read_bytes().partition(b"\r\n\r\n")[2])

    def isMultipart(self) -> bool:
        return False

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.file.read_bytes())


@implementer(imap4.IMailbox)
class Box:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mails = [Mail(number, file) for number, file in enumerate(sorted(folder.glob("*.eml")), 1)]

    def getFlags(self) -> list[str]:
        return [r"\Seen", r"\Flagged"]

    getPermanentFlags = getFlags

    def getHierarchicalDelimiter(self) -> str:
        return "/"

    def getUIDValidity(self) -> int:
        return 1

    def getUIDNext(self) -> int:
        return len(self.mails) + 1

    def getUID(self, message: int) -> int:
        return message

    def getMessageCount(self) -> int:
        return len(self.mails)

    def getRecentCount(self) -> int:
        return 0

    def getUnseenCount(self) -> int:
        return sum(r"\Seen" not in mail.flags for mail in self.mails)

    def isWriteable(self) -> int:
        return 1

    def addListener(self, listener: object) -> bool:
        return True

    removeListener = addListener

    def fetch(self, messages: imap4.MessageSet, uid: bool) -> list[tuple[int, Mail]]:
        messages.last = len(self.mails)
        return [(number, self.mails[number - 1]) for number in messages if 0 < number <= len(self.mails)]

    def store(self, messages: imap4.MessageSet, flags: list[str], mode: int, uid: bool) -> dict[int, list[str]]:
        messages.last = len(self.mails)
        for number in messages:
            self.mails[number - 1].flags |= {flag if isinstance(flag, str) else flag.decode() for flag in flags}
        shown = {mail.file.name: mail.getFlags() for mail in self.mails}
        (self.folder / FLAGS).write_text(json.dumps(shown), "utf-8")
        return {number: self.mails[number - 1].getFlags() for number in messages}


@implementer(IRealm)
class Realm:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def requestAvatar(self, name: bytes, mind: object, *interfaces: object) -> tuple[object, object, object]:
        account = imap4.MemoryAccountWithoutNamespaces("help")
        account.addMailbox("INBOX", Box(self.folder))
        return imap4.IAccount, account, lambda: None


class Serving(protocol.Factory):
    def __init__(self, folder: Path) -> None:
        checker = InMemoryUsernamePasswordDatabaseDontUse(help=b"pass word")
        self.portal = Portal(Realm(folder), [checker])

    def buildProtocol(self, addr: object) -> imap4.IMAP4Server:
        server = imap4.IMAP4Server()
        server.portal = self.portal
        return server


def main() -> None:
    port = reactor.listenTCP(0, Serving(Path(sys.argv[1])), interface="127.0.0.1")  # type: ignore[attr-defined]
    print(port.getHost().port, flush=True)  # noqa: T201
    reactor.run()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
