PYTHON ?= python3
BIN := .venv/bin
# It trusts whom the machine trusts, as pip does: a proxy of a university or a firm has its own certificate.
UV := $(BIN)/uv --system-certs
SAMPLE := sample-study
# Seconds after which `make test-long` begins no test that would end later; 0: it runs them all.
WITHIN ?= 0
PYTEST = $(BIN)/python -m pytest -q --dist loadgroup
# Many tests wait for a delay or an answer, so three processes keep two cores at work (measured on two: 360 s
# against 450). Each may take a gigabyte; long ones measure, and have a core each.
CORES := $(shell getconf _NPROCESSORS_ONLN)
TESTERS := $(shell n=$$(( ($(CORES) * 3 + 1) / 2 )); echo $$(( n < 6 ? n : 6 )))

.PHONY: help install browser run test test-long test-lowest lint bench audit lock dictionary clean

help: ## what there is
	@echo "Gossi Coverage: make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 16

install: .venv/.installed ## set up .venv, with the locked dependencies and the gossi command

.venv/.installed: requirements.lock pyproject.toml
	@echo "Setting up .venv: `grep -c '^[a-z].*==' requirements.lock` packages, a minute or so"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
# uv installs the rest in half of pip's time; pip brings it, held to its hash in the lock file like all others, and
# installs the rest itself where uv can't reach the index: it knows nothing of pip's settings.
	@mkdir -p build
	@awk '/^[a-z]/ { uv = /^uv==/ } uv && !/# via/' requirements.lock > build/uv.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r build/uv.txt
	$(UV) pip install -q --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock \
	  || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# Without it the tests of the review page are left out, and say so.
browser: ## Chromium and its driver, for the tests of the review page, where this machine lets us
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null \
	  || { [ `id -u` -eq 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium for the tests" \
	       && { apt-get update -qq; apt-get install -y -qq --no-install-recommends chromium chromium-driver; } >/dev/null 2>&1; } \
	  || echo "NO BROWSER: the review page will not be tested; install chromium and chromium-driver" >&2

run: install ## crawl, analyse and report on the sample web, which this machine serves
# 3: done, but some outlets failed. The sample has one whose robots.txt answers 503, so a right run ends so.
	$(BIN)/gossi sample --study $(SAMPLE) --coded 100 -- $(BIN)/gossi run --study $(SAMPLE) || [ $$? -eq 3 ]
	@echo "The report: $(SAMPLE)/reports/index.html"

test: install browser lint ## lint, types and all tests but the long ones
	$(PYTEST) -n $(TESTERS) -m "not long"

test-long: install browser ## the long tests: kill series, scale, simulations, the built package
	$(PYTEST) -n auto --maxprocesses 4 -m long --within $(WITHIN)

test-lowest: install ## the tests with the lowest versions that pyproject.toml allows, in .venv-lowest
	$(UV) pip compile -q --no-header --resolution lowest-direct --only-binary :all: --extra dev -o build/lowest.txt pyproject.toml
	$(UV) venv -q --clear --python $(PYTHON) .venv-lowest
	$(UV) pip install -q --python .venv-lowest/bin/python -r build/lowest.txt
	$(UV) pip install -q --python .venv-lowest/bin/python --no-deps --no-build-isolation -e .
	.venv-lowest/bin/python -m pytest -q -n $(TESTERS) --dist loadgroup -m "not long"

lint: install ## style (ruff) and types (mypy)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p build/links/gossi
	@ln -sfn ../../../crawler ../../../analysis $(wildcard analysis/api/*) build/links/gossi
	$(BIN)/mypy

bench: install ## measure extraction, crawling, coding, and a store of a million articles
	$(BIN)/python -m benchmarks

# The advisories come from the index; where it cannot be reached nothing is audited, and that is said.
audit: install ## whether an advisory is known of a locked dependency
	$(UV) tool run pip-audit --disable-pip --require-hashes -r requirements.lock

lock: install ## write requirements.lock anew, after a change of dependencies in pyproject.toml
	$(UV) pip compile -q --no-header --universal --generate-hashes --no-emit-index-url --all-extras --upgrade -o requirements.lock pyproject.toml

dictionary: install ## write docs/data-dictionary.md anew, after a change of comments in SQL
	$(BIN)/python -m gossi.analysis.measuring.dictionary

clean: ## remove what the other targets made
	rm -rf .venv .venv-lowest build $(SAMPLE)
