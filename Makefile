# Everything happens in this folder: the interpreter in .venv, servers and their data in .local.
SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# The Python that makes .venv: 3.11 or newer.
PYTHON ?= python3
PY := .venv/bin/python
UV := .venv/bin/uv
INSTALLED := .venv/.installed
# Requests that `make fuzz-api` makes up for an operation, beside those of the document and its limits.
EXAMPLES ?= 40
# The page of the gateway. Node and npm come from .venv, too; npm asks the registry that the machine is configured for.
WEB := services/gateway/web
WEB_INSTALLED := $(WEB)/node_modules/.installed
WEB_BUILT := $(WEB)/dist/.built
WEB_SOURCES := $(shell find $(WEB) \( -name node_modules -o -name dist -o -name tests \) -prune -o -type f -print)
IN_WEB := cd $(WEB) && PATH="$(CURDIR)/.venv/bin:$$PATH"
# More arguments for pytest, for example: make test ARGS="-k loader"
ARGS ?=

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- run -------------------------------------------------------------------------------------------------

.PHONY: demo
demo: $(INSTALLED) ## start everything with sample data, print the address and login, stay up until Ctrl-C
	@$(MAKE) web || echo "warning: the page could not be built; the API and its documentation work without it" >&2
	@$(PY) -m deploy.demo

.PHONY: smoke
smoke: $(INSTALLED) ## the demo from start to loaded numbers, then exit
	@$(PY) -m deploy.demo --smoke

.PHONY: web
web: $(WEB_BUILT) ## build the page that the gateway serves at /, if its sources changed

$(WEB_INSTALLED): $(WEB)/package.json $(WEB)/package-lock.json $(WEB)/.npmrc | $(INSTALLED)
	@echo "Installing the locked packages of the page ..." >&2
	@$(IN_WEB) npm ci --silent
	@touch $@

$(WEB_BUILT): $(WEB_SOURCES) $(WEB_INSTALLED)
	@$(IN_WEB) npm run --silent build
	@touch $@

# --- infrastructure --------------------------------------------------------------------------------------

.PHONY: infra-up
infra-up: $(INSTALLED) ## start PostgreSQL, RabbitMQ and an S3 endpoint for this checkout; print their addresses
	@$(PY) -m deploy.local up

.PHONY: infra-down
infra-down: $(INSTALLED) ## stop all servers of this checkout and delete their data (to keep it: make infra-down ARGS=--keep-data)
	@$(PY) -m deploy.local down $(ARGS)

.PHONY: infra-status
infra-status: $(INSTALLED) ## show which servers of this checkout run and where: of infra-up, smoke, demo, test
	@$(PY) -m deploy.local status

# --- test and measure ------------------------------------------------------------------------------------

.PHONY: test
test: $(INSTALLED) ## run the tests (starts the servers it needs)
	@$(PY) -m pytest -m "not faults and not bench and not browser" -n 4 $(ARGS)

.PHONY: test-browser
test-browser: $(WEB_BUILT) ## the page in Debian's Chromium (installed with apt where it is missing), against the real system
	@$(PY) -m deploy.local.browser
	@$(PY) -m pytest tests/browser -m "not pictures" $(ARGS)

.PHONY: pictures
pictures: $(WEB_BUILT) ## take the pictures of the page anew that are in docs/pictures
	@$(PY) -m deploy.local.browser --font
	@$(PY) -m pytest tests/browser -m pictures $(ARGS)

.PHONY: faults
faults: $(INSTALLED) ## kill processes and servers under load, twenty seeds each; every number must be exact
	@$(PY) -m pytest tests/faults --seeds 20 -n 2 $(ARGS)

.PHONY: fuzz-api
fuzz-api: $(INSTALLED) ## thousands of made-up requests to every operation of the API (others: make fuzz-api EXAMPLES=200)
	@$(PY) -m pytest tests/fuzz --examples $(EXAMPLES) -n 2 $(ARGS)

.PHONY: bench
bench: $(WEB_BUILT) ## run all benchmarks; figures go to .local/bench (a short run: make bench ARGS=--quick)
	@$(PY) -m tests.bench $(ARGS)

.PHONY: bench-ingest bench-dashboard bench-api bench-page
bench-ingest: ## the benchmark of the loading path
bench-dashboard: ## the benchmark of what the dashboard reads, cold, at three sizes (to build them once: ARGS=--keep)
bench-api: ## the benchmark of the API under load and of exports (with what bench-dashboard kept: ARGS=--keep)
bench-ingest bench-dashboard bench-api: bench-%: $(INSTALLED)
	@$(PY) -m tests.bench.$* $(ARGS)

bench-page: $(WEB_BUILT) ## the benchmark of the page in Chromium: first view, Explorer of 50,000 creatives, filters
	@$(PY) -m deploy.local.browser
	@$(PY) -m tests.bench.page $(ARGS)

# --- check -----------------------------------------------------------------------------------------------

.PHONY: check
check: $(INSTALLED) $(WEB_INSTALLED) ## lint, format, types, layers, sizes, generated files, the page: what CI runs besides the tests
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) .venv/bin/lint-imports
	$(PY) -m deploy.checks.sizes
	$(PY) -m deploy.checks.generate --check
	$(IN_WEB) npm run --silent check

.PHONY: format
format: $(INSTALLED) ## format the code and repair what the linter can
	@$(PY) -m ruff check --fix --exit-zero .
	@$(PY) -m ruff format .

.PHONY: generate
generate: $(INSTALLED) $(WEB_INSTALLED) ## write the generated documents and the page's types again
	@$(PY) -m deploy.checks.generate
	@$(IN_WEB) npm run --silent schema

# --- install ---------------------------------------------------------------------------------------------

.PHONY: venv
venv: $(INSTALLED) ## install Python and the locked packages into .venv

$(INSTALLED): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) is not installed: install Python 3.11 or newer, or say which one to use: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $(PYTHON) is `$(PYTHON) --version 2>&1`: Tidemark needs 3.11 or newer; say which one to use: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv || { rm -rf .venv; echo "error: $(PYTHON) cannot make virtual environments: install its venv package (python3-venv)" >&2; exit 1; }
	@echo "Installing the locked packages into .venv ..." >&2
	@awk '/^uv==/ { found = 1 } found { print } found && !/\\$$/ { exit }' requirements.lock > .venv/uv.lock
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	@# uv is fast but knows nothing of an index that only pip is configured for.
	@{ VIRTUAL_ENV=.venv $(UV) pip sync --quiet --require-hashes requirements.lock \
		&& VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps -e .; } \
	|| { echo "uv could not install them; trying pip ..." >&2; \
		$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock \
		&& $(PY) -m pip install --quiet --disable-pip-version-check --no-deps -e .; }
	@touch $@

.PHONY: lock
lock: $(INSTALLED) ## resolve the dependencies again and write requirements.lock
	@$(UV) pip compile pyproject.toml --group dev --generate-hashes --no-header --no-annotate --universal --python-version 3.11 -o requirements.lock

# --- tidy up ---------------------------------------------------------------------------------------------

.PHONY: clean
clean: ## stop this checkout's servers, delete .local, .venv and caches
	@$(PYTHON) -m deploy.local down
	@rm -rf $(WEB)/node_modules $(WEB)/dist
	@rm -rf .local .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
