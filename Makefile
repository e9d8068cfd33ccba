# Tools are those of the virtual environment in use; another one: make check PYTHON=path/to/python
PYTHON ?= python

.PHONY: help check lint types layers test format docs values sample pins lock bench house

help:           ## show this list
	@sed -n "s|^\([a-z]*\):[^#]*## |\1\t|p" $(MAKEFILE_LIST)

check: lint types layers test  ## everything a change must pass

lint:           ## format and lint, without changing anything
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .

types:          ## strict types
	$(PYTHON) -m mypy

layers:         ## direction of imports
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()"

test:           ## laws, doctests and everything else that takes under five minutes
	$(PYTHON) -m pytest

format: values  ## put the code into shape
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

values:         ## write anew what follows from records and fields: values.pyi, levers in config.yaml
	$(PYTHON) docs/make_values.py
	$(PYTHON) docs/make_manual.py

docs:           ## write docs/api.md anew from the docstrings
	$(PYTHON) docs/make_api.py

sample:         ## run the default comparison anew for the README's table, picture and page
	$(PYTHON) docs/make_sample.py

# Where results are meant to move: in a commit of its own that says why.
pins:           ## write what tests/pinned holds results to anew, as one difference to look at
	$(PYTHON) -m tests.pinned.pins

# One set of pins for every supported version of Python, with markers where they differ. Extras
# cannot stand in constraints, and addresses of package indexes have no business there.
lock:           ## choose the newest versions that fit together: constraints.txt
	$(PYTHON) -m uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras \
	    --upgrade --no-annotate --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --quiet --output-file constraints.txt

bench:          ## speed and memory, as ratios within one run
	$(PYTHON) benchmarks/speed.py

house:          ## figures of the code: how well typed, how long, how many arguments
	$(PYTHON) benchmarks/house.py
