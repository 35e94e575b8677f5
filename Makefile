# What can be done here: `make` lists it. Everything happens in .venv; nothing needs root.
.DEFAULT_GOAL := help
.PHONY: help demo test verify isolation training browser postgres lint release bench diagnosis ladder fuzz kills cluster torch clean
SHELL := /bin/sh
PYTHON ?= python3
FUZZ_SECONDS ?= 300
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
VENV := .venv
ASSIGNMENTS := $(notdir $(wildcard source/*))
READY := $(VENV)/.ready
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export OPENBLAS_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

demo: $(READY) ## build the release of hw3 and grade the sample class
	@echo "== The release of hw3, generated from source/ and solutions/"
	autograder release hw3
	@echo "== The sample class: 36 submissions, from full solutions to sabotage"
	python examples/make_class.py --output submitted/hw3
	@echo "== Grading it"
	autograder grade hw3 submitted/hw3 --output results --timeout 10

test: $(READY) lint ## run all tests that are neither long nor in need of a browser or a database
	@echo "== Course, release and tests"
	autograder check
	printf '%s\n' $(ASSIGNMENTS) | xargs -P 2 -I NAME autograder release NAME --check
	@# what trains runs once, in a sandbox: test_suites.py
	python -m pytest -q -n 2 --dist worksteal --ignore-glob='tests/*/test_accuracy.py'

verify: $(READY) ## test the hidden suites on mutants of the solutions (minutes; hw6 only after make torch)
	@for name in $(ASSIGNMENTS); do autograder verify $$name --threshold 100 || exit; done

isolation: $(READY) ## test the sandboxes as root (if you are), and as an ordinary account
	python scripts/isolation.py

training: $(READY) ## run every notebook with its solutions, and train the reference of every question on accuracy
	python -m pytest -q -n 2 autograder/tests/test_solutions_notebooks.py autograder/tests/test_suites.py -m training

browser: $(READY) ## test pages, and nbgrader's formgrader, in Chromium
	@sh scripts/packages.sh chromium chromium chromedriver chromium-driver
	$(VENV)/bin/python -m pip install --quiet --editable '.[browser]'
	python -m pytest -q autograder/tests -m 'browser and not postgres'

postgres: $(READY) ## test the gradebook in PostgreSQL, with a server of its own
	@sh scripts/packages.sh /usr/lib/postgresql postgresql chromium chromium chromedriver chromium-driver
	$(VENV)/bin/python -m pip install --quiet --editable '.[browser,postgres]'
	python -m pytest -q autograder/tests -m postgres

lint: $(READY) ## check style and types
	@echo "== Style and types"
	ruff check .
	ruff format --check .
	mypy

release: $(READY) ## generate release/ from the sources
	for name in $(ASSIGNMENTS); do autograder release $$name || exit; done

bench: $(READY) ## measure grading, the fast layers, and gradient checks
	python benchmarks/grading.py
	python benchmarks/class.py
	python benchmarks/scaling.py
	python benchmarks/fast_layers.py
	python benchmarks/gradient_checks.py

diagnosis: $(READY) ## measure how often the mistake in wrong code is named, and how often a wrong one
	python benchmarks/diagnosis.py --write

ladder: $(READY) ## measure how far the course's models get on each data set, and in accuracy questions
	python benchmarks/ladder.py
	python benchmarks/accuracies.py questions

fuzz: $(READY) ## throw garbage at what reads frames and hand-ins, FUZZ_SECONDS for each
	@echo "== New examples of every property"
	python -m pytest -q -n 2 --hypothesis-profile=new_examples `grep -rl --include='test_*.py' '^from hypothesis' autograder/tests`
	@echo "== Fuzzing; what it finds goes to .fuzz/"
	$(VENV)/bin/python -m pip install --quiet --editable '.[fuzz]' || echo "no atheris here: without it, chance leads"
	python fuzz/frames.py --seconds $(FUZZ_SECONDS)
	python fuzz/intake.py --seconds $(FUZZ_SECONDS)
	python fuzz/beside.py --seconds $(FUZZ_SECONDS)

kills: $(READY) ## kill grading at 100 random moments, and see that it ends with the same results
	python -m autograder.tests.killing

cluster: $(READY) ## cut a worker of a Dask cluster off in the middle, in a network of namespaces (as root)
	python -m autograder.tests.cutting

torch: $(READY) ## add PyTorch, which hw6 needs (TORCH_INDEX: where its builds without CUDA are)
	$(VENV)/bin/python -m pip install --quiet --extra-index-url $(TORCH_INDEX) --editable '.[torch]'

clean: ## remove what was built, but nothing of yours
	rm -rf $(VENV) .autograder .fuzz .pytest_cache .mypy_cache .ruff_cache build dist *.egg-info

$(READY): pyproject.toml scripts/bubblewrap.sh $(wildcard $(patsubst %,solutions/utils/fast/*.%,pyx c h toml))
	@echo "== Installing into $(VENV) (a few minutes the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@sh scripts/bubblewrap.sh
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --editable '.[authoring,similarity,distributed,dev]'
	@$(VENV)/bin/python -m compileall -q -x /tests/ autograder # sandboxes cannot keep what they compile
	@$(VENV)/bin/python -m pip install --quiet ./solutions/utils/fast >$(VENV)/fast.log 2>&1 \
	    || echo "no compiled layers ($(VENV)/fast.log says why): utils.fast_layers uses NumPy, which is slower"
	@touch $@
