# Every verb makes .venv from the hashed lock when it is missing or older than the lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock
LOCK_DEV := requirements-dev.lock

.DEFAULT_GOAL := help
.PHONY: help serve demo test check format bench growth brute relevance audit proof pictures translations sure lock

help: ## List the verbs
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run
serve: $(VENV)/serve.stamp ## Publish the articles and serve them on http://127.0.0.1:8000
	$(BIN)/portal serve

# All of it in .demo, whatever the environment says: drafts land in a copy of the articles, and nobody is written to.
demo: export PORTAL_DATA := $(CURDIR)/.demo
demo: export PORTAL_CONTENT := $(CURDIR)/.demo/content
demo: export PORTAL_REVISION :=
demo: export PORTAL_DATABASE_URL :=
demo: export PORTAL_PUSH_REMOTE :=
demo: export PORTAL_SMTP_URL :=
demo: export PORTAL_WEBHOOK_URL :=
demo: $(VENV)/serve.stamp ## Serve the same with made-up visitors and a desk full of what they lacked, all of it in .demo
	$(BIN)/portal demo --copy articles
	$(BIN)/portal serve

##@ Work
test: $(VENV)/test.stamp ## Run every test (those in the browser too, where Chromium is installed)
	$(BIN)/python -m pytest

check: $(VENV)/test.stamp ## Lint, types, which way imports run, and the manual's own articles
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/portal check

format: $(VENV)/test.stamp ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/test.stamp ## Measure speed and memory, each figure beside a peer in the same run
	$(BIN)/python -m benchmarks

growth: $(VENV)/test.stamp ## One query beside its peers at 1,000 to 100,000 sections (minutes)
	$(BIN)/python -m benchmarks.growth

brute: $(VENV)/test.stamp ## Hold every top 10 against a plain look at all sections (minutes)
	$(BIN)/python -m benchmarks.brute

relevance: $(VENV)/test.stamp ## Every judged collection beside plain BM25, with typos and without the answers (minutes)
	$(BIN)/python -m benchmarks.relevance

audit: $(VENV)/test.stamp ## Look at every kind of page with html-validate and Lighthouse (needs npx; minutes)
	$(BIN)/python -m benchmarks.audit

proof: $(VENV)/test.stamp ## The long proofs: kill loops, races, soak (minutes)
	$(BIN)/python -m pytest -m proof -o addopts= -q tests/proof

pictures: $(VENV)/test.stamp ## Take the pictures of the manual and the README anew (needs Chromium)
	$(BIN)/python -m tests.browser.pictures

translations: $(VENV)/test.stamp ## Bring new sentences of the interface into every catalogue
	@$(BIN)/pybabel -q extract -F pyproject.toml -k lazy_gettext -k lazy_ngettext:1,2 --no-location -o $(VENV)/messages.pot .
	@for file in portal/web/translations/*.po; do \
		$(BIN)/pybabel -q update -i $(VENV)/messages.pot -o $$file -l $$(basename $$file .po) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120; \
	done

sure: check test ## All that must pass before a merge; what CI runs

lock: ## Renew both locks: names, versions and hashes only (needs uv)
	uv pip compile -q --generate-hashes --no-annotate --no-header --no-emit-index-url --universal \
		--python-version 3.11.2 --extra customers --extra mail --extra mcp --extra oidc --extra postgres --extra second-factor --group lock pyproject.toml -o $(LOCK)
	uv pip compile -q --generate-hashes --no-annotate --no-header --no-emit-index-url --universal \
		--python-version 3.11.2 --extra customers --extra mail --extra mcp --extra oidc --extra postgres --extra second-factor --group lock --group dev pyproject.toml -c $(LOCK) -o $(LOCK_DEV)

$(VENV)/serve.stamp: $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Signpost needs Python 3.11 or newer; set PYTHON=/path/to/it."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "On Debian: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/test.stamp: $(LOCK_DEV) $(VENV)/serve.stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(LOCK_DEV)
	@touch $@
