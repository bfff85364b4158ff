# The election office of a township. `make` lists what there is to do.
PYTHON ?= $(or $(shell command -v python3.11),python3)
VENV := .venv/bin
UV = $(or $(shell command -v uv),$(VENV)/uv)
COMPILE = --quiet --upgrade --generate-hashes --custom-compile-command "make requirements"
TEMPLATES = $(shell find templates -name '*.html')

.DEFAULT_GOAL := help
.PHONY: help run test lint format install dev-install messages requirements

help: ## list what there is to do
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

run: install ## start the office: http://127.0.0.1:8000/ unless BIND says otherwise
	@$(VENV)/python -m election_admin.launch.run

test: dev-install ## run every test, the Chromium ones included
	$(VENV)/python -m pytest -n auto --maxprocesses 4 --dist loadgroup $(TESTS)

lint: dev-install ## check style, types, arrows, templates, deployment, migrations, translations
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy
	$(VENV)/lint-imports
	@$(VENV)/djade --target-version 5.2 --check $(TEMPLATES)
	@$(VENV)/djhtml --tabwidth 2 --check $(TEMPLATES)
	HTTPS=true $(VENV)/python manage.py check --deploy --fail-level WARNING
	$(VENV)/python manage.py makemigrations --check --dry-run
	$(VENV)/python -m election_admin.launch.messages --check

format: dev-install ## put code and templates into shape
	$(VENV)/ruff check --fix
	$(VENV)/ruff format
	@$(VENV)/djade --target-version 5.2 $(TEMPLATES) || $(VENV)/djade --target-version 5.2 --check $(TEMPLATES)
	@$(VENV)/djhtml --tabwidth 2 $(TEMPLATES)

install: ## put in place what the office needs to run
	@$(PYTHON) election_admin/launch/install.py

dev-install: ## the same, and what tests and linters need
	@$(PYTHON) election_admin/launch/install.py --dev

messages: dev-install ## gather the Chinese sentences that want English into locale/en
	$(VENV)/python -m election_admin.launch.messages

requirements: dev-install ## pin the newest packages that pyproject.toml allows
	$(UV) pip compile $(COMPILE) --extra dev -o requirements-dev.txt pyproject.toml
	$(UV) pip compile $(COMPILE) -c requirements-dev.txt -o requirements.txt pyproject.toml
