"""A real server on a small city, a real Chromium, and two websites that carry the chat."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowledge.weights import ensure_weights
from tests.browser.chat_page import PATIENCE
from tests.browser.website import Website

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "knowledge" / "sample_city"
SLUGS = (
    "moving-in",
    "moving-out",
    "bulky-garbage",
    "birth-registration",
    "my-number-card-loss",
    "residence-certificate",
    "nhi-enrollment",
    "long-term-care-certification",
)
LANGUAGES = ("ja", "ja-x-easy", "en", "zh-Hans", "vi")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class RunningServer:
    """`madoguchi serve` as a process of its own, which may be stopped and started again."""

    def __init__(self, data: Path, port: int, origins: list[str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.data = data
        self._log = data / "server.log"
        self._command = [sys.executable, "-m", "assistant.cli", "serve", "--port", str(port)]
        self._environment = {
            **os.environ,
            "MADOGUCHI_DATA": str(data),
            "MADOGUCHI_SERVER__ALLOWED_ORIGINS": json.dumps(origins),
            "MADOGUCHI_SERVER__QUESTIONS_PER_MINUTE": "0",
            "MADOGUCHI_PUSH__SERVICES": '["127.0.0.1"]',
            "MADOGUCHI_CRAWL__NEAR_HOSTS": '["127.0.0.1"]',
            "MADOGUCHI_CRAWL__PAUSE_SECONDS": "0",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=log
            )
        for _ in range(1800):
            assert self._process.poll() is None, self.log()
            try:
                if httpx.get(f"{self.url}/readyz", timeout=10).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"The server did not become ready.\n{self.log()}")

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def command(self, *arguments: str) -> str:
        """Run another command of `madoguchi` on the same city; return what it prints."""
        program = [sys.executable, "-m", "assistant.cli", *arguments]
        return subprocess.run(
            program, env=self._environment, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-4000:]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def browser_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a few articles of the sample city in five languages."""
    folder = tmp_path_factory.mktemp("browser-city")
    shutil.copytree(SAMPLE / "city", folder / "city")
    for slug in SLUGS:
        (folder / "articles" / slug).mkdir(parents=True)
        for name in ("article.yaml", *(f"{lang}.md" for lang in LANGUAGES)):
            source = SAMPLE / "articles" / slug / name
            if source.is_file():
                shutil.copy(source, folder / "articles" / slug / name)
    return folder


@pytest.fixture(scope="session")
def website() -> Iterator[Website]:
    """A website whose origin the help desk allows."""
    with Website() as site:
        yield site


@pytest.fixture(scope="session")
def stranger() -> Iterator[Website]:
    """A website whose origin the help desk does not know."""
    with Website() as site:
        yield site


@pytest.fixture(scope="session")
def running(
    browser_city: Path,
    website: Website,
    stranger: Website,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningServer]:
    """The server itself, for tests that stop it; whoever does starts it again."""
    ensure_weights(ROOT / "data" / "models" / "e5-small")
    data = tmp_path_factory.mktemp("browser-data")
    (data / "models").symlink_to(ROOT / "data" / "models")
    made = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "import", str(browser_city)],
        env={**os.environ, "MADOGUCHI_DATA": str(data)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    server = RunningServer(data, _free_port(), [website.origin])
    website.desk = stranger.desk = server.url
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def server(running: RunningServer) -> str:
    """The address of the running help desk."""
    return running.url


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """A real Chromium; the tests that need it are skipped where none is installed."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open pages: `new_page(width, height, **context_options)`; an error in one fails the test."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_page(width: int = 1440, height: int = 900, **options: Any) -> Any:
        viewport = {"width": width, "height": height}
        context = chromium.new_context(viewport=viewport, **{"locale": "ja-JP", **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], None]:
    """Assert that axe-core finds nothing on a page: `axe(page)`."""
    import axe_playwright_python

    script = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")

    def check(page: Any) -> None:
        # Half-way through fading in, colours are none that anybody reads.
        page.emulate_media(reduced_motion="reduce")
        if not page.evaluate("typeof window.axe === 'object'"):
            page.evaluate(f"() => {{ {script} }}")
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told = [
            f"{wrong['id']}: {wrong['help']}: {node['target']} {node['html'][:200]} "
            f"{node.get('failureSummary', '')}"
            for wrong in found["violations"]
            for node in wrong["nodes"]
        ]
        assert not told, "\n".join(told)

    return check
