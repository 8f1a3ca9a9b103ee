# Counterpoint's front door. Works with GNU make 3.81 and later, on Linux and macOS.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PORT ?= 8000
HOST ?= 127.0.0.1

# A stamp is newer than what it was made from, or the step runs again.
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
FRONT := platform/frontend
MODULES := $(FRONT)/node_modules/.installed
BUILT := $(FRONT)/dist/.built
WORDS := $(patsubst %.po,%.mo,$(wildcard platform/locale/*/LC_MESSAGES/django.po))
PACKAGES := $(wildcard */__init__.py platform/*/__init__.py)
FRONT_SOURCES := $(shell find $(FRONT)/src $(FRONT)/scripts -type f -not -path '*/generated/*' 2>/dev/null) \
    $(wildcard $(FRONT)/*.json $(FRONT)/*.ts)

PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input -c constraints.txt
export OMP_NUM_THREADS ?= 1

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(INSTALLED_DEV) $(BUILT) $(WORDS) ## Prepare everything: .venv, dependencies, front end
	@echo "Ready: make run starts the site, make test runs the tests."

.PHONY: run
run: $(INSTALLED) $(BUILT) $(WORDS) ## Start the site with its demo on http://127.0.0.1:8000 (PORT= to choose)
	@$(PY) -m config.preflight --port $(PORT) --host $(HOST)
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py seed
	@exec env COUNTERPOINT_SITE_URL="$${COUNTERPOINT_SITE_URL:-http://$(HOST):$(PORT)}" \
	    $(PY) manage.py up --host $(HOST) --port $(PORT)

.PHONY: demo
demo: $(INSTALLED) ## Run a whole round in the terminal: upload, score, close, publish
	@$(PY) manage.py demo

.PHONY: test
test: $(INSTALLED_DEV) $(BUILT) $(WORDS) ## Run every test; the integration tests again on PostgreSQL and Redis
	$(PY) -m pytest -n auto
	cd $(FRONT) && PATH="$(CURDIR)/$(BIN):$$PATH" npm test --silent
	@$(PY) -m tests.on_services

.PHONY: check
check: $(INSTALLED_DEV) $(BUILT) ## Lint, types, import contracts, migrations, OpenAPI and docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=.:platform $(BIN)/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py spectacular --validate --fail-on-warn | cmp - docs/openapi.yaml
	$(PY) manage.py configuration --check
	cd $(FRONT) && PATH="$(CURDIR)/$(BIN):$$PATH" npm run check --silent

.PHONY: format
format: $(INSTALLED_DEV) ## Write the code the way `check` wants it
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

.PHONY: schema
schema: $(INSTALLED_DEV) ## Write docs/openapi.yaml and docs/configuration.md anew
	$(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml
	$(PY) manage.py configuration

.PHONY: messages
messages: $(INSTALLED_DEV) $(MODULES) ## Collect the words of the source for the other languages' catalogs
	@$(PY) -m config.catalogs update
	@cd $(FRONT) && PATH="$(CURDIR)/$(BIN):$$PATH" npm run messages --silent

.PHONY: bench
bench: $(INSTALLED_DEV) ## Measure, and print the figures as JSON
	@$(PY) -m benchmarks

.PHONY: clean
clean: ## Remove what was installed and built; your data in var/ stays
	rm -rf $(VENV) $(WORDS) $(FRONT)/node_modules $(FRONT)/dist $(FRONT)/dist-node $(FRONT)/src/generated build *.egg-info

# --- How the pieces are made ---------------------------------------------------------------

# The first Python that is new enough; PYTHON=/path/to/python3 goes before all of them.
PYTHONS = $(PYTHON) python3.11 python3.12 python3.13 python3 python
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
NEEDED_KIB := 3000000

$(PY):
	@free=`df -Pk . | awk 'NR == 2 {print $$4}'`; \
	if [ "$${free:-0}" -lt $(NEEDED_KIB) ]; then \
	    echo "counterpoint: the disk is nearly full: 3 GB are needed here, $$((free / 1024)) MB are free." >&2; \
	    exit 1; \
	fi; \
	chosen=; \
	for python in $(PYTHONS); do \
	    if "$$python" -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then chosen=$$python; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	    echo "counterpoint: Python 3.11 or newer is needed; install it, or name it: make run PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	fi; \
	if ! "$$chosen" -c 'import venv, ensurepip' >/dev/null 2>&1; then \
	    echo "counterpoint: $$chosen has no venv module; on Debian and Ubuntu: sudo apt install python3-venv" >&2; \
	    exit 1; \
	fi; \
	if ! "$$chosen" -m venv $(VENV) >/dev/null; then \
	    rm -rf $(VENV); echo "counterpoint: $$chosen could not make the virtual environment $(VENV)" >&2; exit 1; \
	fi

$(INSTALLED): pyproject.toml constraints.txt $(PACKAGES) | $(PY)
	@echo "Installing what the site needs (a minute or two the first time) ..."
	@$(PIP) -e .
	@touch $@

$(INSTALLED_DEV): pyproject.toml constraints.txt $(PACKAGES) | $(PY)
	@echo "Installing what the site and its tests need (a minute or two the first time) ..."
	@$(PIP) -e '.[dev]'
	@touch $@ $(INSTALLED)

$(MODULES): $(FRONT)/package-lock.json | $(PY)
	@$(MAKE) --no-print-directory $(if $(wildcard $(INSTALLED_DEV)),$(INSTALLED_DEV),$(INSTALLED))
	@cd $(FRONT) && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund
	@touch $@

$(WORDS): %.mo: %.po | $(MODULES)
	@$(PY) -m config.catalogs

$(BUILT): $(MODULES) $(FRONT_SOURCES)
	@echo "Building the front end ..."
	@cd $(FRONT) && PATH="$(CURDIR)/$(BIN):$$PATH" npm run build --silent -- --logLevel=warn
	@touch $@
