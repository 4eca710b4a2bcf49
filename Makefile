# mollet: `make help` lists what there is.
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
DEMO ?=
.DEFAULT_GOAL := help
.PHONY: help run test check docs soak pocket recovery bench environment-run environment-test lock format

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z]*\):.*## /  make \1  /p' $(MAKEFILE_LIST)

run: environment-run ## serve mollet and print the address to open (DEMO=1: a filled example diary)
	@$(BIN)/mollet serve $(if $(DEMO),--demo)

test: environment-test check ## all checks and tests, within 15 minutes; the tests of a file stay before one server
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: environment-test ## style, types, layers, a light start, knowledge, stale documents
	@$(BIN)/ruff check src tests setup docs bench
	@$(BIN)/ruff format --check src tests setup docs bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/test_layers.py
	@$(BIN)/mollet knowledge check
	@$(BIN)/python docs/make.py --check

docs: environment-test ## write the reference pages again from the knowledge
	@$(BIN)/python docs/make.py

soak: environment-test ## the durability and property tests, and slips in the rules, with their full counts (long)
	@MOLLET_SOAK=1 $(BIN)/python -m pytest -n 2 tests/durability tests/diary tests/store tests/advice tests/knowledge tests/pocket tests/exchange tests/browser/test_sequences.py

recovery: environment-test ## simulate known truths and get them back: calibration, and how often the verdict is right (long)
	@$(BIN)/python -m tests.recovery.calibration
	@$(BIN)/python -m tests.recovery.coverage
	@$(BIN)/python -m tests.recovery.operating

bench: environment-test ## accuracy and time of the engine, the papers and the importers, beside others where they are installed
	@$(BIN)/python -m bench.bench
	@$(BIN)/python -m bench.papers
	@$(BIN)/python -m bench.exchange
	@$(BIN)/python -m bench.pages

pocket: environment-run ## write the pocket edition, static files for a phone, into build/pocket
	@$(BIN)/mollet pocket build/pocket

format: environment-test ## put the code into its usual shape
	@$(BIN)/ruff format src tests setup docs bench
	@$(BIN)/ruff check --fix src tests setup docs bench

lock: environment-test ## choose the newest allowed packages again (needs the network and uv)
	@$(BIN)/python setup/lock.py

environment-run environment-test: environment-%:
	@test -n "$(PYTHON)" || { echo "mollet needs Python 3.11, 3.12 or 3.13. On Debian or Ubuntu: apt-get install python3-venv make"; exit 1; }
	@$(PYTHON) setup/environment.py $*
