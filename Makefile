# Alice. `make run` and `make test` need Python 3.11 or newer and make; they fetch the rest.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
ARGS ?=

.PHONY: help run test lint bench bench-vectors lock clean

help: ## Tell what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1	/'

run: .venv/run ## Serve Alice on http://127.0.0.1:8000
	@$(BIN)/python manage.py start $(ARGS)

test: .venv/dev ## Run the tests; ARGS="-k spiral" picks some
	@$(BIN)/python -m pytest -q -p no:cacheprovider $(ARGS)

lint: .venv/dev ## Check style, types, settings and migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(wildcard */core)
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: .venv/dev ## Time the chat through the real server, beside a bare view
	$(BIN)/python -m benchmarks.chat_load $(ARGS)

bench-vectors: .venv/dev ## Time the spiral index, beside a full comparison
	$(BIN)/python -m benchmarks.vector_search $(ARGS)

lock: ## Choose new versions within pyproject.toml's ranges (needs uv)
	uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" -q pyproject.toml -o requirements.lock
	uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" -q -c requirements.lock \
		pyproject.toml --group dev -o requirements-dev.lock

clean: ## Remove what was fetched and built; var/ with its data stays
	rm -rf .venv staticfiles

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Alice needs Python 3.11 or newer.")'
	$(PYTHON) -m venv .venv

.venv/run: requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/dev: requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@ .venv/run
