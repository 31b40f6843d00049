# Every target works as the first command in a fresh clone and needs only python3 (3.11 or later) with pip and venv.
PYTHON ?= python3
# The versions of the last green run. `make CONSTRAINTS= test` tries today's versions instead.
CONSTRAINTS ?= constraints.txt
# More words for pytest: make test ARGS="-k startup"
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LIMITS := $(if $(CONSTRAINTS),--constraint $(CONSTRAINTS))

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format types coverage docs bench mutation dist constraints clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# A .venv can be used if its python runs and it was not moved here from elsewhere; otherwise it is made anew. A stamp that
# is older than the list of dependencies makes them be installed again.
USABLE := $(shell $(BIN)/python -c 'import pip' 2>/dev/null && \
  { [ ! -e $(VENV)/.made ] || [ "$$(cat $(VENV)/.made)" = "$(CURDIR)" ]; } && echo yes)
.PHONY: unusable

$(VENV)/.made: pyproject.toml $(CONSTRAINTS) $(if $(USABLE),,unusable)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@[ -n "$(USABLE)" ] || { echo "Making $(VENV) ..." >&2; $(PYTHON) -m venv --clear $(VENV); }
	@echo "$(CURDIR)" >$@

$(VENV)/.with-run: $(VENV)/.made
	@echo "Installing partnercheck in $(VENV) (once; a minute or so) ..." >&2
	@$(PIP) install --quiet $(LIMITS) --editable .
	@touch $@

$(VENV)/.with-dev: $(VENV)/.made
	@echo "Installing partnercheck and what its tests need in $(VENV) (once; a few minutes) ..." >&2
	@$(PIP) install --quiet $(LIMITS) --editable '.[dev]'
	@touch $(VENV)/.with-run $@

setup: $(VENV)/.with-dev ## make .venv with everything for working on partnercheck

demo: $(VENV)/.with-run ## show partnercheck with made-up answers
	@$(BIN)/partnercheck demo
	@echo "The program is $(BIN)/partnercheck; README.md says how to have it everywhere." >&2

test: $(VENV)/.with-dev ## run all tests
	@$(BIN)/python -m pytest -q $(ARGS)

lint: $(VENV)/.with-dev ## check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(VENV)/.with-dev ## format the code and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(VENV)/.with-dev ## check the types
	@$(BIN)/mypy

coverage: $(VENV)/.with-dev ## run all tests and show the lines and branches they miss
	@$(BIN)/python -m pytest -q --cov --cov-report=term-missing:skip-covered $(ARGS)

docs: $(VENV)/.with-dev ## write docs/cli.md from the help
	@$(BIN)/python docs/generate_cli.py

bench: $(VENV)/.with-dev ## measure start-up and scoring
	@$(BIN)/python benchmarks/startup.py
	@$(BIN)/python benchmarks/score_table.py

mutation: $(VENV)/.with-dev ## see whether the tests notice small mistakes in scoring and answers (long)
	@$(BIN)/mutmut run
	@$(BIN)/mutmut results

dist: $(VENV)/.with-dev ## build the wheel and the source archive
	@$(BIN)/python -m build

constraints: $(VENV)/.with-dev ## write constraints.txt from what is installed
	@{ sed -n '/^#/p' constraints.txt; $(PIP) freeze --exclude-editable | grep -v '[@/]'; } > constraints.new
	@mv constraints.new constraints.txt
	@touch $(VENV)/.made $(VENV)/.with-run $(VENV)/.with-dev

clean: ## remove everything that make made, .venv included
	@rm -rf $(VENV) build dist htmlcov mutants .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
