# Every target first sets up what it needs in .venv (scripts/setup.sh): the first time that takes some minutes.
#   make PYTHON=/path/to/python3.12 run    takes that Python instead of the first usable one
#   make test ARGS="-k hours"              hands further arguments to the command
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint format migrate golden bench quality soak lock clean runtime-libs dev-libs

# Settings meant for other Pythons would make ours find the wrong modules, or none.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH

ARGS =
# Tests wait more than they compute; more than this and the machine is too busy to be quick for any of them.
at_once = 3
python := .venv/bin/python
# No address and no path gets into a lock. A release must be a week old: bad ones are mostly withdrawn by then.
compile := $(python) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --exclude-newer "7 days" \
	--custom-compile-command "make lock"

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/make \1\t\2/p' Makefile | expand -t 16

run: runtime-libs  ## start the service
	@exec $(python) -m bot run $(ARGS)

migrate: runtime-libs  ## bring the database up to date without starting
	@exec $(python) -m bot migrate $(ARGS)

test: dev-libs  ## run the tests, except the long ones, several at a time
	@exec $(python) -m pytest --numprocesses $(at_once) $(ARGS)

soak: dev-libs  ## run the long tests
	@exec $(python) -m pytest -m soak --timeout 1800 $(ARGS)

golden: dev-libs  ## write tests/golden anew; read the difference before you commit it
	@HAMYAR14_TEST_GOLDEN=rewrite $(python) -m pytest -m golden $(ARGS)

bench: dev-libs  ## measure the speed
	@exec $(python) -m bench $(ARGS)

quality: dev-libs  ## measure how well questions are answered
	@exec $(python) -m tests.questions $(ARGS)

lint: dev-libs  ## check style and types
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy

format: dev-libs  ## put style right where that can be done by itself
	@$(python) -m ruff check --fix .
	@$(python) -m ruff format .

lock: dev-libs  ## write the locks anew after a change in pyproject.toml; ARGS=--upgrade takes newer releases
	@$(compile) --output-file requirements.txt $(ARGS)
	@$(compile) --group dev --constraint requirements.txt --output-file requirements-dev.txt $(ARGS)

clean:  ## remove .venv and caches; data/ stays
	@rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime-libs:
	@sh scripts/setup.sh requirements.txt

dev-libs:
	@sh scripts/setup.sh requirements-dev.txt
