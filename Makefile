# `make demo` and `make test` are all the set-up there is.

SOURCES = Sources Tests Snippets Examples Benchmarks Fuzzing/Sources Fuzzing/Package.swift Package.swift

.PHONY: help setup demo test examples lint format bench gate gate-update release fuzz sanitize clean

help:
	@echo "make demo       build, train on real data, evaluate, predict"
	@echo "make test       run the tests"
	@echo "make examples   build Examples/ and run its tests"
	@echo "make lint       check the formatting, as CI does"
	@echo "make format     format the sources"
	@echo "make bench      measure beside the peers, write docs/BENCHMARKS.md; BENCH=step: one part"
	@echo "make gate       compare counts of instructions with the committed ones"
	@echo "make gate-update  write these counts anew"
	@echo "make fuzz       hand the readers of files whatever libFuzzer comes up with; SECONDS=600, HARNESS=tables"
	@echo "make sanitize   run the tests that work with threads under ThreadSanitizer"
	@echo "make release    build dist/downhill, one file to copy to another machine"
	@echo "make clean      remove what was built"

setup:
	@Scripts/setup

demo:
	@Scripts/demo

# Optimised, as it is used. Without testable imports (there are none) the build is the one that `make demo` makes.
test: setup
	swift test -c release --disable-testable-imports --parallel

examples: setup
	swift test -c release --disable-testable-imports --package-path Examples

lint: setup
	swift format lint --strict -r $(SOURCES)

format: setup
	swift format -i -r $(SOURCES)

# PEERS: a Python that has what Benchmarks/peers/requirements.txt lists; without it, ours alone is measured.
bench: setup
	swift build -c release
	swift build -c release --package-path Benchmarks
	python3 Benchmarks/bench.py $(BENCH)

gate: setup
	@Scripts/gate

gate-update: setup
	@Scripts/gate --update

release: setup
	@Scripts/release

fuzz: setup
	@Scripts/fuzz $(SECONDS) $(HARNESS)

sanitize: setup
	@Scripts/sanitize

clean:
	rm -rf .build .build-thread .build-address Benchmarks/.build Examples/.build Fuzzing/.build dist
