"""The image and the composition are held to linters and to the program's own settings."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

from assistant.doctor import flat
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / tool
    return subprocess.run(
        [program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_dockerfile_passes_hadolint() -> None:
    found = run("hadolint", "--no-color", "Dockerfile")
    assert found.returncode == 0, found.stdout


def test_compose_file_passes_its_linter() -> None:
    found = run("compose-lint", "check", "compose.yaml")
    assert found.returncode == 0, found.stdout


def test_every_variable_is_a_setting() -> None:
    known = {name for name, _ in flat(Settings(_env_file=None))}
    text = (ROOT / "Dockerfile").read_text() + (ROOT / "compose.yaml").read_text()
    used = set(re.findall(r"MADOGUCHI_[A-Z_]+", text))
    assert used
    assert used <= known


def test_image_runs_unprivileged_and_reports_its_health() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER \d+", text, re.M)
    assert "/readyz" in text
    assert 'CMD ["madoguchi", "serve"]' in text


def test_compose_exposes_the_port_the_program_listens_on() -> None:
    desk = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["desk"]
    assert desk["ports"] == [f"127.0.0.1:8000:{Settings(_env_file=None).server.port}"]
