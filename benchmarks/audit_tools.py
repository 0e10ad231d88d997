"""html-validate and Lighthouse in fixed versions, by npx, on their own Node.js, in processes that end with us."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.audit_kinds import Kind

PACKAGES = ("node@24.21.0", "html-validate@11.18.0", "lighthouse@13.5.0")
"""Both tools need a newer Node.js than Debian 12 has, and npm carries one: so any that has npx will do."""
NO_NPX = "The audit needs npx, which comes with Node.js (on Debian: apt-get install npm). It was left out."
NO_CHROMIUM = "The audit needs Chromium (apt-get install chromium, or name it in CHROMIUM). It was left out."
NO_PACKAGES = "npx could not fetch {}, so the audit was left out: {}"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
NOT_OURS: Mapping[str, str] = {
    "attribute-boolean-style": 'HTML lets a claim be written checked or checked="" (2.3.2)',
    "doctype-style": "HTML has its doctype in any mixture of cases (13.1.1)",
    "long-title": "HTML sets no length; 70 characters are what a search engine shows, and titles are the writers'",
    "no-trailing-whitespace": "white space at the end of a line of source means nothing to HTML",
    "prefer-native-element": "suggestions below a field are a listbox in ARIA's own pattern; no element is one",
}
"""Rules of html-validate's recommendation that ask for more than HTML does, and why they don't count."""
_RULES = {**dict.fromkeys(NOT_OURS, "off"), "valid-id": ["error", {"relaxed": True}]}
"""Relaxed: as HTML has it (3.2.6), where an id is anything without white space, and may begin with a digit."""
_CONFIG = {"root": True, "extends": ["html-validate:recommended"], "rules": _RULES}
_WRONG = "<!doctype html><html lang=en><head><title>x</title></head><body><p><img src=x><div></p></body></html>"
"""It goes along each time, since a configuration that isn't read finds nothing wrong with anything."""
_UNINDEXED = ("is-crawlable",)
_OF_AN_ERROR = ("is-crawlable", "http-status-code", "errors-in-console")
"""What Lighthouse asks of landing pages: to be listed, and a status of 200; Chromium notes any other as an error."""
_CHROMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_CHROME_FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking"
    " --disable-component-update --disable-sync"
)
_SECONDS = 180
_MARK = "SIGNPOST_AUDIT"
_TRIES = 3
"""On a busy machine Chromium loses a trace now and then, which Lighthouse asks to repeat."""


class ToolsMissingError(Exception):
    """What the audit needs is not there; says in one line what, and where to get it."""


@dataclass(frozen=True, slots=True)
class Lights:
    """What Lighthouse made of one page: the median of some runs, as on a telephone."""

    scores: tuple[int, ...]
    """From 0 to 100, in the order of CATEGORIES."""
    lcp_seconds: float
    cls: float
    total_bytes: int
    faults: tuple[str, ...]
    """What cost points in accessibility, best practices or SEO, in any run."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Where the tools are."""

    environ: Mapping[str, str]

    @classmethod
    def find(cls) -> "Tools":
        """Fetch what is not there yet. Raises ToolsMissingError."""
        if not shutil.which("npx"):
            raise ToolsMissingError(NO_NPX)
        chrome = _chrome()
        if not chrome:
            raise ToolsMissingError(NO_CHROMIUM)
        wanted = [word for package in PACKAGES for word in ("-p", package)]
        done = _run(["npx", "--yes", *wanted, "-c", "printenv PATH"], os.environ)
        if done.returncode:
            raise ToolsMissingError(NO_PACKAGES.format(" ".join(PACKAGES), done.stderr.strip()[-300:]))
        return cls(os.environ | {"PATH": done.stdout.strip(), "CHROME_PATH": chrome})

    def validate(self, files: Iterable[Path]) -> dict[Path, list[str]]:
        """Return what html-validate finds wrong with each file; its recommended rules, but for those NOT_OURS.

        Raises SystemExit where it fails, or finds nothing in a page that is wrong.
        """
        found: dict[Path, list[str]] = {path: [] for path in files}
        with tempfile.TemporaryDirectory() as name:
            config, wrong, said = (Path(name) / file for file in ("config.json", "wrong.html", "said.json"))
            config.write_text(json.dumps(_CONFIG), "ascii")
            wrong.write_text(_WRONG, "ascii")
            options = [f"--config={config}", f"--formatter=json={said}"]  # a pipe would be cut where it ends at once
            done = _run(["html-validate", *options, str(wrong), *map(str, found)], self.environ)
            if not said.exists():
                raise SystemExit(f"html-validate failed: {done.stderr[-2000:]}")
            for report in json.loads(said.read_text("utf-8")):
                found[Path(report["filePath"])] = [_line(message) for message in report["messages"]]
        if not found.pop(wrong, []):
            raise SystemExit(
                "html-validate found nothing wrong with a page that is wrong, so it is not to be believed."
            )
        return found

    def lighthouse(self, address: str, kind: Kind, folder: Path, runs: int) -> Lights:
        """Return the median of some runs. Raises SystemExit where Lighthouse can't say anything of the page."""
        return _median([self._light(address, kind, folder / "lighthouse.json") for _ in range(runs)])

    def _light(self, address: str, kind: Kind, file: Path) -> dict[str, Any]:
        command = [
            "lighthouse", address + kind.path, "--quiet", f"--chrome-flags={_CHROME_FLAGS}", "--output=json",
            f"--output-path={file}", f"--only-categories={','.join(CATEGORIES)}", "--ignore-status-code",
            *(f"--skip-audits={name}" for name in _skipped(kind)),
        ]  # fmt: skip
        for _ in range(_TRIES):
            done = _run(command, {**self.environ, "TMPDIR": str(file.parent)})  # where Chromium puts its profile
            report: dict[str, Any] = json.loads(file.read_text("utf-8")) if done.returncode == 0 else {}
            if report and not report.get("runtimeError"):
                return report
        raise SystemExit(f"Lighthouse failed on {kind.path}: {report.get('runtimeError') or done.stderr[-2000:]}")


def _chrome() -> str | None:
    names = (os.environ.get("CHROMIUM"), *_CHROMES)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def _skipped(kind: Kind) -> tuple[str, ...]:
    if kind.status >= 400:  # noqa: PLR2004 - where HTTP's errors begin
        return _OF_AN_ERROR
    return () if kind.is_indexed else _UNINDEXED


def _median(reports: list[dict[str, Any]]) -> Lights:
    def middle(audit: str) -> float:
        return median(float(report["audits"][audit]["numericValue"]) for report in reports)

    scores = [median(report["categories"][name]["score"] for report in reports) for name in CATEGORIES]
    return Lights(
        scores=tuple(round(score * 100) for score in scores),
        lcp_seconds=middle("largest-contentful-paint") / 1000,
        cls=middle("cumulative-layout-shift"),
        total_bytes=round(middle("total-byte-weight")),
        faults=tuple(dict.fromkeys(fault for report in reports for fault in _faults(report))),
    )


def _faults(report: dict[str, Any]) -> list[str]:
    counted = [one["id"] for name in CATEGORIES[1:] for one in report["categories"][name]["auditRefs"] if one["weight"]]
    audits = [report["audits"][name] for name in dict.fromkeys(counted)]
    return [f"{one['id']}: {_where(one)}" for one in audits if one["score"] is not None and one["score"] < 1]


def _where(audit: dict[str, Any]) -> str:
    items = audit.get("details", {}).get("items", [])[:3]
    spots = [item.get("node", {}).get("snippet") or json.dumps(item, ensure_ascii=False) for item in items]
    return "; ".join(spot[:300] for spot in spots) or audit["title"]


def _line(message: dict[str, Any]) -> str:
    return f"{message['line']}:{message['column']} {message['ruleId']}: {message['message']} ({message['selector']})"


def _run(command: list[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a tool; neither it nor what it starts outlives the call, however that ends."""
    mark = {_MARK: secrets.token_hex(8)}
    with subprocess.Popen(
        command, env={**environ, **mark}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            said, complained = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise SystemExit(f"{command[0]} took longer than {_SECONDS} s, and was stopped.") from error
        finally:
            _end_all(f"{_MARK}={mark[_MARK]}".encode())
    return subprocess.CompletedProcess(command, process.returncode, said, complained)


def _end_all(mark: bytes) -> None:
    """End every process with this in its environment; Lighthouse gives Chromium a process group of its own."""
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdigit() and mark in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)
