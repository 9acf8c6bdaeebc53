"""Make a virtual environment with pip from a bare Python: ``python3 .ci/venv.py .venv [--exact]``.

Debian's python3 comes without ensurepip; pip is then fetched from the package index that pip itself
would use. An environment that works is kept; with ``--exact`` only if it is of the calling Python.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

try:
    import base64
    import hashlib
    import os
    import ssl
    import tempfile
    from configparser import RawConfigParser
    from html.parser import HTMLParser
    from urllib.parse import unquote, urldefrag, urljoin, urlsplit
    from urllib.request import Request, urlopen
except ImportError as missing:
    sys.exit(f"{sys.executable} lacks part of the standard library ({missing}): apt-get install python3-venv")

OLDEST = (3, 11)
WHEEL = re.compile(r"pip-(\d+(?:\.\d+)*)-py3-none-any\.whl$")
HAS_PIP = "import pip, importlib.metadata as m; assert m.files('pip')"
VERSION = "import sys; print(*sys.version_info[:3], sep='.')"


def main(folder: Path, exact: bool) -> None:
    """Make or mend the environment, and stamp it once it is whole."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer is needed, {sys.executable} is older: make PYTHON=python3.12 ...")
    python, stamp = folder / "bin" / "python", folder / ".python"
    version = run(python, "-c", VERSION)
    if not usable(version, exact) or (stamp.exists() and stamp.read_text() != seal(folder, version)):
        print(f"making {folder} with {sys.executable}", flush=True)
        if run(Path(sys.executable), "-m", "venv", "--clear", "--without-pip", str(folder)) is None:
            sys.exit(f"{sys.executable} cannot make {folder}: apt-get install python3-venv")
        version = run(python, "-c", VERSION)
    elif stamp.exists():
        return
    if run(python, "-c", HAS_PIP) is None and run(python, "-m", "ensurepip", "--default-pip") is None:
        install_pip(python)
    stamp.write_text(seal(folder, version))


def seal(folder: Path, version: str | None) -> str:
    """What the stamp says; an environment that was copied elsewhere does not match its own."""
    return f"{folder.resolve()} {version}\n"


def usable(version: str | None, exact: bool) -> bool:
    """Whether an environment of this Python version (None: there is none) may be kept."""
    numbers = tuple(map(int, version.split("."))) if version else ()
    return numbers == sys.version_info[:3] if exact else numbers >= OLDEST


def run(python: Path, *arguments: str) -> str | None:
    """The output of a Python command, None when it fails."""
    try:
        return subprocess.run([python, *arguments], check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def install_pip(python: Path) -> None:
    """Install the newest pip of the index, with its own wheel as the installer."""
    link = newest_pip()
    url, fragment = urldefrag(link)
    content = fetch(url)
    if fragment.startswith("sha256=") and hashlib.sha256(content).hexdigest() != fragment[7:]:
        sys.exit(f"{address(url)} does not have the sha256 that its index promises")
    with tempfile.TemporaryDirectory() as temporary:
        wheel = Path(temporary) / url.rsplit("/", 1)[-1]
        wheel.write_bytes(content)
        subprocess.run([python, wheel / "pip", "install", "--quiet", "--no-index", "--no-deps", wheel], check=True)


def newest_pip() -> str:
    """The link of the newest pip wheel on the first index that has one."""
    for index in (setting("index-url") or "https://pypi.org/simple", *setting("extra-index-url").split()):
        page = Links(index.rstrip("/") + "/pip/")
        if page.wheels:
            return max(page.wheels)[1]
    sys.exit("no pip wheel on the package index: apt-get install python3-venv, or set PIP_INDEX_URL")


class Links(HTMLParser):
    """The pip wheels that a page of an index offers to this Python, as (version, link)."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.wheels: list[tuple[tuple[int, ...], str]] = []
        self.feed(fetch(url).decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        wheel = WHEEL.search(urldefrag(values.get("href") or "").url)
        needs = re.search(r">=\s*3\.(\d+)", values.get("data-requires-python") or "")
        if wheel and "data-yanked" not in values and (not needs or int(needs[1]) <= sys.version_info.minor):
            self.wheels.append((tuple(map(int, wheel[1].split("."))), urljoin(self.url, values["href"])))


def fetch(url: str) -> bytes:
    """The content behind an address, with pip's settings for certificates and trust."""
    parts = urlsplit(url)
    if parts.scheme == "file" and url.endswith("/"):
        url += "index.html"
    request = Request(address(url), headers={"Accept": "text/html, */*"})
    if parts.username:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request.add_header("Authorization", "Basic " + base64.b64encode(secret.encode()).decode())
    context = ssl.create_default_context(cafile=setting("cert") or None)
    if {parts.hostname, parts.netloc.rpartition("@")[2]} & set(setting("trusted-host").split()):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        with urlopen(request, timeout=60, context=context) as answer:
            content: bytes = answer.read()
            return content
    except OSError as error:
        sys.exit(
            f"cannot fetch pip from {address(url)} ({error}): check PIP_INDEX_URL, or apt-get install python3-venv"
        )


def address(url: str) -> str:
    """The address without a user's name and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def setting(name: str) -> str:
    """A setting of pip: from PIP_* or else its configuration files; empty when it is not set."""
    home = Path.home()
    user = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip/pip.conf"
    named = os.environ.get("PIP_CONFIG_FILE", os.devnull)
    files = RawConfigParser(strict=False)
    files.read(["/etc/xdg/pip/pip.conf", "/etc/pip.conf", home / ".pip/pip.conf", user, named])
    written = files.get("install", name, fallback="") or files.get("global", name, fallback="")
    return os.environ.get("PIP_" + name.upper().replace("-", "_")) or written


if __name__ == "__main__":
    main(Path(sys.argv[1]), exact="--exact" in sys.argv[2:])
