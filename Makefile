# Thin names over scripts/: read those to know what happens.
.DEFAULT_GOAL := help
.PHONY: help run dev build test audit setup setup-test assets check fuzz pictures bench flamegraph clean
MAKEFLAGS += --no-print-directory

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: ## build, fill an empty database with a demonstration, serve on http://127.0.0.1:3000
	@scripts/run.sh

dev: setup ## build, serve and reload the browser on save, on http://127.0.0.1:3000
	@scripts/dev.sh

build: ## the release binary, static files inside
	@scripts/build.sh

test: ## every check and test: lints, SQLite and PostgreSQL, browser with and without script
	@scripts/test.sh

audit: ## licences, sources and known vulnerabilities of what is built in
	@scripts/audit.sh

setup: ## the tools the build needs, inside this folder
	@scripts/setup.sh

setup-test: ## what the tests need besides: Chromium, PostgreSQL, npm packages
	@scripts/setup-test.sh

assets: setup ## style, WebAssembly and static files into target/site
	@scripts/assets.sh

check: ## formatting and lints
	@scripts/check.sh

fuzz: ## try to break what reads strangers' bytes, 30 s each (FUZZ_SECONDS=600 TARGETS="pdf ranges")
	@scripts/fuzz.sh $(TARGETS)

pictures: ## pictures of pages into target/pictures (ROUTES="/ /contact youth:/mon-espace"; ROUTES=app: the screenshots of the manifest)
	@scripts/pictures.sh $(ROUTES)

bench: ## the measure beside its goals: pages, memory, start, documents, consent banners (about 6 minutes; OPTIONS="--postgres", OPTIONS="--against COMMIT" compares with a commit)
	@scripts/bench.sh $(OPTIONS)

flamegraph: ## where the time of a page goes, as a picture (PAGE=/mon-espace)
	@scripts/flamegraph.sh $(PAGE)

clean: ## remove what was built (keeps the tools and the data)
	@cargo clean
	@rm -rf target/site target/pictures target/test-results
