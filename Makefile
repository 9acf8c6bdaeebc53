# Needs python3 (3.11 or newer) and make; another interpreter: make PYTHON=python3.12 ...
PYTHON ?= python3
BIN := .venv/bin
# Results on file: the folders that .gitignore excepts.
KEPT := $(shell sed -n 's|^!/reports/\(.*\)/$$|\1|p' .gitignore)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable
# Whoever names an interpreter gets that one; otherwise a working .venv is kept as it is.
EXACT := $(if $(filter-out file,$(origin PYTHON)),--exact)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test lint gate bench clean force

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

demo: .venv/.installed-run ## Run the campus lunch and write its report to reports/demo
	$(BIN)/paotui run scenarios/campus_lunch.yaml --out reports/demo

test: .venv/.installed-test ## Run the tests
	$(BIN)/python -m pytest

lint: .venv/.installed-dev ## Check style, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

gate: .venv/.installed-run ## Gate the shipped dispatch policies
	$(BIN)/paotui gate dispatch --junit reports/gate.xml

bench: .venv/.installed-run ## Measure orders per CPU second
	$(BIN)/paotui bench speed

clean: ## Remove reports, builds and caches (not .venv)
	rm -rf build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	[ ! -d reports ] || find reports -mindepth 1 -maxdepth 1 $(KEPT:%=! -name %) -exec rm -rf {} +
	find sim tests .ci -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written only after its install succeeded, and each includes the ones before it.
.venv/.installed-run: .venv/.python pyproject.toml
	$(INSTALL) .
	@touch $@

.venv/.installed-test: .venv/.python pyproject.toml
	$(INSTALL) ".[test]"
	@touch .venv/.installed-run $@

.venv/.installed-dev: .venv/.python pyproject.toml
	$(INSTALL) ".[dev]"
	@touch .venv/.installed-run .venv/.installed-test $@

# Looked at every time, but rewritten only when the environment was made anew.
.venv/.python: force
	@$(PYTHON) .ci/venv.py .venv $(EXACT)
