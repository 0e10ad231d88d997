"""A real PostgreSQL in a temporary folder: it listens on a socket in there alone, and goes with its folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

MISSING = "PostgreSQL's programs (initdb, pg_ctl) were not found, so its tests are left out."


def find_programs() -> Path | None:
    """The folder with initdb and pg_ctl: on PATH, where Debian puts them, or where pg_config says."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
        folders.append(Path(told.stdout.strip()))
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


@dataclass(frozen=True, slots=True)
class Server:
    programs: Path
    folder: Path
    owner: str

    @classmethod
    def make(cls, programs: Path) -> "Server":
        """Lay out a new server and start it."""
        folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 characters at most
        server = cls(programs, folder, _owner())
        shutil.chown(folder, server.owner)
        server._run("initdb", "--auth=trust", "--username=portal", "--encoding=UTF8", "--locale=C", "--no-sync")
        settings = [
            "listen_addresses=''",
            f"unix_socket_directories='{folder}'",
            "fsync=off",
            "max_connections=60",
            "shared_buffers=16MB",
        ]
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\n".join(["", *settings, ""]))
        server.start()
        return server

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", f"--log={self.folder / 'log'}")

    def stop(self, mode: str = "fast") -> None:
        """mode: "fast", or "immediate", which is a crash."""
        self._run("pg_ctl", "stop", "--wait", f"--mode={mode}")

    def remove(self) -> None:
        try:
            self.stop("immediate")
        finally:
            shutil.rmtree(self.folder)

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://portal@/{name}?host={quote(str(self.folder), safe='')}"

    def _run(self, program: str, *arguments: str) -> None:
        """Run as somebody who is not root, whom PostgreSQL refuses."""
        command = [str(self.programs / program), f"--pgdata={self.folder / 'data'}", *arguments]
        user, groups = (None, None) if os.geteuid() else (self.owner, ())
        subprocess.run(command, cwd=self.folder, stdout=subprocess.DEVNULL, check=True, user=user, extra_groups=groups)


def _owner() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() else next(n for n in ("postgres", "nobody") if n in names)
