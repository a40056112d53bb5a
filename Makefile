# make run   crawl, analyse and report on the sample web
# make test  what CI runs
PYTHON ?= python3
BIN := .venv/bin
SAMPLE := sample-study

.PHONY: install run test lint bench clean

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
# Twice quiet: errors only. The pip of Python 3.11 warns of an extra that its newer name has replaced.
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: install
# 3: done, but some outlets failed. The sample has one whose robots.txt answers 503, so a right run ends so.
	$(BIN)/gossi sample --study $(SAMPLE) -- $(BIN)/gossi run --study $(SAMPLE) || [ $$? -eq 3 ]
	@echo "The report: $(SAMPLE)/reports/index.html"

# A process a core, of up to a gigabyte each.
test: install lint
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist worksteal

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: install
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv build $(SAMPLE)
