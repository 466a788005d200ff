# Two commands set everything up on a machine with Python, make and git: `make scan` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help scan test lint types walls unit matrix hosts bench clean

help:  ## what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*##/\t/'

scan: .venv/.ready  ## check examples/: the good ones pass, the bad ones are reported (exit code 1 is meant there)
	@echo '== examples/good: every pool is sure to be protected, so the exit code is 0'
	$(BIN)/cognito-lint check examples/good
	@echo
	@echo '== examples/bad: the pools are not, so the exit code is 1'
	$(BIN)/cognito-lint check examples/bad; code=$$?; echo "exit code $$code"; test $$code -eq 1
	@echo 'As it should be: the good examples pass, the bad ones are reported.'

test: lint types walls matrix unit  ## everything that CI runs
	@echo 'all checks passed'

lint: .venv/.ready  ## formatting and lint rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/.ready  ## strict types
	$(BIN)/mypy

walls: .venv/.ready  ## which room may import which
	$(BIN)/lint-imports

unit: .venv/.ready hosts  ## all tests on the main Python, the hosts' among them
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

matrix: .venv/.ready  ## unit tests on every other Python from 3.10 to 3.13 that this machine has
	$(BIN)/python tools/matrix.py

hosts: .venv-cfn-lint/.ready .venv-checkov/.ready  ## environments for cfn-lint and Checkov

bench: .venv/.ready hosts  ## speed, as ratios measured side by side
	$(BIN)/python -m benchmarks

clean:  ## remove what the targets above made
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis dist

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[python-hcl2]' --group dev
	touch $@

.venv-%/.ready: tests/hosts/requirements-%.txt
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	.venv-$*/bin/python -m pip install --quiet --requirement $<
	touch $@
