# Everything a developer or a fresh machine needs: `make` lists it.
# One virtual environment (.venv), filled from hash-checked lock files; a stamp makes a second run quick.

.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

# The first interpreter that is new enough; PYTHON=/path/to/python3.12 overrides.
ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c '$(ENOUGH)' 2>/dev/null && command -v "$$python" && break; done)

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header $(COMPILE_OPTIONS)

export PSYCOPG_WAIT_FUNC := wait_selector

.PHONY: help demo up down test chaos lint types walls format servers servers-stop bench lock clean

help:  ## Show what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/runtime.stamp  ## Run all four services over a sample year and show the figures; Ctrl-C stops.
	@$(BIN)/chuan demo

up:  ## Start everything in containers, behind https://localhost:8443; makes passwords, tokens (.env) and certificates first.
	@"$(PYTHON)" deploy/make_secrets.py
	@"$(PYTHON)" deploy/make_certificates.py
	@docker compose up --build --detach
	@echo "https://localhost:8443 is up: any name, and CHUAN_OFFICER_TOKEN of .env as password; its authority is" \
		"deploy/secrets/certificates/ca.crt. On http://127.0.0.1: mail 8025, Grafana 3000, Prometheus 9090."

down:  ## Stop the containers; their data stays.
	@docker compose down

test: lint types  ## Check style, types and walls, then run all tests on real servers and in a real browser; first, alone, the chaos.
	@kept=$$($(BIN)/python -m tests.servers env); \
	$(BIN)/python -m tests.servers start >/dev/null; \
	outcome=0; $(BIN)/python -m pytest tests/chaos || outcome=$$?; \
	$(BIN)/python -m pytest --ignore tests/chaos --numprocesses 2 --dist loadscope || outcome=$$?; \
	[ -n "$$kept" ] || $(BIN)/python -m tests.servers stop; \
	exit $$outcome

chaos: $(VENV)/develop.stamp  ## Break everything on real servers and account for every event; SEED=1 EVENTS=20000 FAULTS=30 vary it.
	@SEED=$(SEED) EVENTS=$(EVENTS) FAULTS=$(FAULTS) $(BIN)/python -m tests.chaos

lint: $(VENV)/develop.stamp  ## Check style and formatting.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/develop.stamp  ## Check types.
	@$(BIN)/mypy

walls: $(VENV)/develop.stamp  ## Check who imports whom.
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/develop.stamp  ## Format the code and put right what can be put right without a person.
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

servers: $(VENV)/develop.stamp  ## Start a private RabbitMQ and PostgreSQL, and print their addresses; installs the browser of the tests too.
	@$(BIN)/python -m tests.servers start

servers-stop: $(VENV)/develop.stamp  ## Stop them.
	@$(BIN)/python -m tests.servers stop

bench: $(VENV)/bench.stamp  ## Measure rates and memory, beside those of other frameworks.
	@$(BIN)/python -m tests.benchmarks

lock:  ## Write what pyproject.toml asks for into the lock files; COMPILE_OPTIONS=--upgrade for newer versions (needs uv).
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --group build --group dev --group bench --constraint requirements-dev.lock --output-file requirements-bench.lock

clean:  ## Stop the private servers, and remove what was made: the environment, caches, the demo's data.
	@[ ! -d .chuan/servers ] || [ ! -x $(BIN)/python ] || $(BIN)/python -m tests.servers stop
	rm -rf $(VENV) .chuan build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find services shared tests -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------------------------------------------------------------

$(BIN)/python:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c '$(ENOUGH)'; then \
		echo "Python 3.11 or newer is needed, and none was found. Install one, or say which: make PYTHON=/path/to/python3.12" >&2; exit 1; fi
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

# The project itself is installed as a link to this folder, by the hash-checked build backend that the locks hold.
$(VENV)/runtime.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies into $(VENV) ..."
	@$(PIP_INSTALL) --require-hashes -r requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/develop.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	@echo "Installing the locked tools for development ..."
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/bench.stamp: requirements-bench.lock $(VENV)/develop.stamp
	@echo "Installing the locked frameworks to compare with ..."
	@$(PIP_INSTALL) --require-hashes -r requirements-bench.lock
	@touch $@
