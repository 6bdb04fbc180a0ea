# Tuntas in few words. `make demo` and `make test` set up everything they need.
PYTHON ?= python3
RUN := .venv/bin/python

.PHONY: help demo test check serve bench laws cluster clean core dev

help:          ## Say what there is
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*## /\t/' | expand -t 12

core:          ## Set up what the product needs
	@$(PYTHON) tools/bootstrap.py core

dev: core      ## Set up what the tests need
	@$(PYTHON) tools/bootstrap.py dev

demo: core     ## Make a synthetic month, settle it, show what was found
	@$(RUN) -m tuntas demo --folder demo --parcels 50000

serve: core    ## Open the desk on the demo month (run make demo first)
	@$(RUN) -m tuntas serve --home demo/home

check: dev     ## Format, lint, types and the arrows between rooms
	@.venv/bin/ruff format --check src tests tools
	@.venv/bin/ruff check src tests tools
	@.venv/bin/mypy src/tuntas
	@.venv/bin/lint-imports
	@$(RUN) tools/reference.py --check

test: check    ## Everything that must hold
	@$(RUN) tools/browser.py
	@TUNTAS_HOME=.pytest_cache/home $(RUN) -m pytest tests/faces
	@TUNTAS_HOME=.pytest_cache/home $(RUN) -m pytest tests --ignore=tests/faces -n 2 --dist loadfile

laws: dev      ## The long laws: all mutants, 200 kills, other seeds
	@$(RUN) -m tests.laws.mutants all
	@$(RUN) -m tests.store.crash --kills 200

cluster: dev   ## The tests that need Spark (300 MB, once) and an object store
	@$(PYTHON) tools/bootstrap.py cluster
	@TUNTAS_HOME=.pytest_cache/home $(RUN) -m pytest tests/operations/rating

bench: core    ## Figures per stage, with ratios, on this machine
	@$(PYTHON) tools/bootstrap.py bench
	@$(RUN) -m tests.bench.rating --parcels 10000000
	@$(RUN) -m tests.bench.cycle

clean:         ## Forget what was made here
	@rm -rf demo tuntas-data .pytest_cache .mypy_cache .ruff_cache .hypothesis
