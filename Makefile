# Everything one does with Dutyboard from a fresh clone. `make` alone says what there is.
# Needs Python 3.11 or newer; the stores come along. ARGS passes options on: make demo ARGS="--speed 60".

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
NODE_PARTS := $(patsubst %/package-lock.json,%/node_modules/.ready,$(wildcard tests/*/package-lock.json))
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help demo up doctor test check bench format lock secrets clean

help: ## Say what there is
	@echo "Dutyboard: who is where, who is going to be late, and what to do about it."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Options go into ARGS: make demo ARGS=\"--speed 60\", make test ARGS=tests/domain"

demo: $(VENV)/.ready ## Watch a day of 60 nurses on http://127.0.0.1:8080; Ctrl-C ends it
	@$(BIN)/dutyboard demo $(ARGS)

up: $(VENV)/.ready ## Run Dutyboard for real on this machine, with its own stores
	@$(BIN)/dutyboard up $(ARGS)

doctor: $(VENV)/.ready ## Say in plain words what is wrong, if anything
	@$(BIN)/dutyboard doctor $(ARGS)

test: $(VENV)/.ready-dev $(NODE_PARTS) ## Run all tests, on real stores of their own
	@command -v node >/dev/null || echo "There is no node: the tests on TimescaleDB are skipped."
	@$(BIN)/dutyboard warm
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/.ready-dev ## Check style, types and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready ## Measure the road in, next to its raw limits
	@$(BIN)/dutyboard bench ingest $(ARGS)

format: $(VENV)/.ready-dev ## Lay out the code as `make check` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Renew the locks within what pyproject.toml allows (needs uv)
	echo 'setuptools>=77' | $(COMPILE) --upgrade --output-file requirements.lock pyproject.toml -
	echo 'setuptools>=77' | $(COMPILE) --upgrade --extra dev --output-file requirements-dev.lock pyproject.toml -

secrets: ## Make the passwords that compose.yaml wants (once; asks for the board's)
	@deploy/make-secrets

clean: ## Remove what was installed and cached here; your stores stay
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis tests/*/node_modules

$(BIN)/python:
	@deploy/make-venv $(VENV) $(PYTHON)

$(VENV)/.ready: $(BIN)/python requirements.lock pyproject.toml
	@echo "Installing what Dutyboard needs into $(VENV) (a minute, once)."
	@$(INSTALL) -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	@echo "Installing what the tests need."
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

tests/%/node_modules/.ready: tests/%/package-lock.json
	@command -v npm >/dev/null || exit 0; cd tests/$* && npm ci --silent --no-audit --no-fund --ignore-scripts \
		&& touch node_modules/.ready || echo "npm could not install what tests/$* needs: its tests are skipped."
