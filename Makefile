# make run: the app on http://localhost:8501, for this computer.   make serve: for a class.
# make quick: the checks for the inner loop.   make test: what every change needs.   make check: what takes minutes.
# make run PORT=8600: another port.   make run ADDRESS=0.0.0.0: on all interfaces, as a container needs it.
PORT ?= 8501
ADDRESS ?= 127.0.0.1
PYTHON ?= python3
BIN := .venv/bin

# Whose word about a visitor's address counts; without any, the socket's address.
export FORWARDED_ALLOW_IPS := $(BOTTLENECK_TRUSTED_PROXY)

UV := uv==0.13.9
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet

.PHONY: run serve quick test check lint lock words bench reach clean

run: .venv
	@$(BIN)/python core/server/preflight.py port "$(PORT)" "$(ADDRESS)"
	@$(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS)

# On all interfaces. The server answers to the addresses of this computer, and says which one to give.
serve: .venv
	@$(BIN)/python core/server/preflight.py port "$(PORT)"
	@hosts=$$($(BIN)/python core/server/preflight.py hosts) && export BOTTLENECK_HOSTS="$$hosts" && \
		$(BIN)/streamlit run app.py --server.port $(PORT) --server.address 0.0.0.0

# Two processes, a worker each; the networks of the first half have a thread each.
PYTEST := BOTTLENECK_WORKERS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
CORE := TF_NUM_INTRAOP_THREADS=1 $(PYTEST) --ignore tests/browser

# What trains no network and needs no browser.
quick: .venv/dev lint
	$(CORE) -m "not trains and not slow"

test: .venv/dev lint
	$(CORE) -m "not slow"
	$(PYTEST) tests/browser

# Everything, and the report in docs/check.md.
check: test
	$(CORE) tests -m slow --report docs/check.md

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The virtual environment with what the app needs, by uv where it works, else by pip; made again
# when the list changes.
.venv: requirements.lock
	@$(PYTHON) core/server/preflight.py python
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(PIP) $(UV) || true
	@$(BIN)/uv pip install --system-certs --python $(BIN)/python --quiet --require-hashes --requirement requirements.lock \
		|| $(PIP) --require-hashes --requirement requirements.lock
	@touch .venv

.venv/dev: .venv requirements-dev.txt
	@$(BIN)/uv pip install --system-certs --python $(BIN)/python --quiet --requirement requirements-dev.txt \
		|| $(PIP) --requirement requirements-dev.txt
	@touch .venv/dev

# Every package that requirements.txt brings along, with the digests of its files.
lock: .venv
	$(BIN)/uv pip compile --system-certs --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --output-file requirements.lock requirements.txt

# The catalogues of translations, brought up to date with what the code says.
words: .venv/dev
	$(BIN)/python -m tests.words

# Peers of the engine, installed beside the app's packages; PyTorch's plain name would bring CUDA.
.bench-venv: .venv benchmarks/requirements.txt
	@test -d .bench-venv || $(PYTHON) -m venv .bench-venv
	$(BIN)/python -c "import site; print(site.getsitepackages()[0])" \
		> "$$(.bench-venv/bin/python -c 'import site; print(site.getsitepackages()[0])')/app.pth"
	.bench-venv/bin/python -m pip install --disable-pip-version-check --quiet --requirement benchmarks/requirements.txt
	@touch .bench-venv

bench: .bench-venv
	.bench-venv/bin/python benchmarks/speed.py

# Quality against published numbers: needs the full data sets, and about an hour.
reach: .venv
	$(BIN)/python benchmarks/quality.py

clean:
	rm -rf .venv .bench-venv
