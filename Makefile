# `make demo` and `make test` are all the set-up there is.

SOURCES = Sources Tests Snippets Benchmarks Package.swift

.PHONY: help setup demo test lint format benchmark release clean

help:
	@echo "make demo       build, train on real data, evaluate, predict"
	@echo "make test       run the tests"
	@echo "make lint       check the formatting, as CI does"
	@echo "make format     format the sources"
	@echo "make benchmark  time the training step and the matrix product"
	@echo "make release    build dist/downhill, one file to copy to another machine"
	@echo "make clean      remove what was built"

setup:
	@Scripts/setup

demo:
	@Scripts/demo

# Optimised, as it is used. Without testable imports (there are none) the build is the one that `make demo` makes.
test: setup
	swift test -c release --disable-testable-imports --parallel

lint: setup
	swift format lint --strict -r $(SOURCES)

format: setup
	swift format -i -r $(SOURCES)

benchmark: setup
	swift build -c release --package-path Benchmarks
	Benchmarks/.build/release/downhill-benchmark product
	Benchmarks/.build/release/downhill-benchmark step --layers 16,64,64,3 --batch 32
	Benchmarks/.build/release/downhill-benchmark step --layers 784,256,128,10 --batch 256

release: setup
	@Scripts/release

clean:
	rm -rf .build Benchmarks/.build dist
