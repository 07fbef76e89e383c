# Driekolom: `make help` laat zien wat er kan. Alles wat nodig is komt in .venv, in deze map.
.DEFAULT_GOAL := help
.PHONY: help run test test-postgres soak lint screens handbook bench assets lock clean ready-run ready-test

# Extra woorden voor het commando, bijvoorbeeld: make test ARGS="-k plan -x"
ARGS ?=

help: ## Laat deze lijst zien
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

run: ready-run ## Start Driekolom op deze computer; de eerste keer wordt alles klaargezet
	@exec .venv/bin/driekolom serve $(ARGS)

test: ready-test ## Doe alle tests; ARGS="..." gaat naar pytest
	@.venv/bin/python -m pytest -n 3 --dist loadfile $(ARGS)

test-postgres: ready-test ## Doe alle tests op PostgreSQL, ook die met een browser; het start vanzelf een eigen server
	@.venv/bin/python -m pytest -n 3 --dist loadfile --database postgresql $(ARGS)

soak: ready-test ## Doe de tests die minuten duren, zoals duizenden beschadigde bestanden
	@.venv/bin/python -m pytest -m soak -n 2 --dist loadfile $(ARGS)

lint: ready-test ## Controleer stijl, veelgemaakte fouten en wie wat mag importeren
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports --no-cache

screens: ready-test ## Maak plaatjes van alle pagina's en PDF's in build/contactsheet; ARGS="--only gesprek" maakt er een paar
	@.venv/bin/python scripts/contactsheet.py $(ARGS)

handbook: ready-test ## Maak de plaatjes van de handleiding opnieuw; ARGS="--only opzet" maakt er een paar
	@.venv/bin/python scripts/handbook.py $(ARGS)

bench: ready-test ## Meet hoe snel alles is naast een kaal programma; ARGS="--only save --rounds 5 --json BESTAND"
	@.venv/bin/python -m scripts.bench $(ARGS)

assets: ready-run ## Bouw de teksteditor in frontend opnieuw; alleen hiervoor is npm nodig
	@cd frontend && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs
	@.venv/bin/python scripts/editor_asset.py

lock: ## Zet de versies van alle pakketten opnieuw vast; ARGS=--upgrade neemt de nieuwste
	@bash scripts/lock.sh $(ARGS)

clean: ## Gooi weg wat make heeft gemaakt; gegevens blijven staan
	@rm -rf tests/oidc/node_modules .venv .venv.lock .pytest_cache .ruff_cache .hypothesis *.egg-info build
	@find app tests migrations scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

ready-run ready-test: ready-%:
	@command -v python3 >/dev/null || { echo "Driekolom heeft Python 3.11 of nieuwer nodig, maar python3 is niet gevonden; op Debian typt u: apt-get install -y python3" >&2; exit 1; }
	@python3 scripts/setup.py $*
