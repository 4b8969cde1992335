# make run: the app on http://localhost:8501.   make test: every check.   PORT=8600 make run: another port.
PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint bench clean

run: .venv
	@$(BIN)/python core/doctor.py port $(PORT)
	@$(BIN)/streamlit run app.py --server.port $(PORT)

test: .venv/dev lint
	$(BIN)/python -m pytest

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The virtual environment with what the app needs; made again when the list changes.
.venv: requirements.txt
	@$(PYTHON) core/doctor.py python
	@test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --requirement requirements.txt
	@touch .venv

.venv/dev: .venv requirements-dev.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --requirement requirements-dev.txt
	@touch .venv/dev

clean:
	rm -rf .venv .bench-venv
