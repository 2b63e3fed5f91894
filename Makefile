# What a developer types. Every target that builds runs the (idempotent, quick) set-up first.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
SWIFT_DIRS := Package.swift Sources Plugins Tests Benchmarks Soak
ENGINE_TESTS := ^(EnginesTests|DiagnosticsTests)\.
REAL_TIME_TESTS := ^(RedisTests|VoiceServerTests|TwilioTwinTests|AgentOSTests)\.
DEMO_WAV := $(CURDIR)/demo.wav
DEMO_BUILD = $(if $(wildcard .build/release/agentos),release,debug)

.PHONY: help setup build demo serve smoke test run-tests test-repeat lint format bench bench-report fuzz soak clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: ## Install what the build needs, and Whisper base (WHISPER=none|tiny.en|base); all pinned by hash
	@Scripts/setup.sh

build: setup ## Release build: .build/release/agentos
	swift build -c release --product agentos

demo: setup ## Start a server, place a simulated call, show the conversation, leave a recording
	@# The build that exists already; otherwise a debug build, which compiles in half the time. One call does not notice.
	swift build -c $(DEMO_BUILD) --product agentos
	@echo
	@.build/$(DEMO_BUILD)/agentos call --data-dir .agentos/demo --record $(DEMO_WAV) \
	    --audio Samples/caller-repeat.wav --audio Samples/caller-digits.wav --audio Samples/caller-goodbye.wav

serve: build ## Run the server on 127.0.0.1:8000
	.build/release/agentos webui start

smoke: build ## One real call against the release build, and `agentos verify`
	@Scripts/smoke.sh .build/release/agentos

test: setup ## All tests; TEST_PROGRAM=.build/release/agentos has them start that program
	swift build --build-tests --explicit-target-dependency-import-check error
	@$(MAKE) --no-print-directory run-tests

# Three runs: thousands of random event orders would starve models and services that are waited for, and all of these calls that are placed in real time.
# A few tests at a time: all at once they would keep each other waiting for longer than callers do.
run-tests:
	swift test --skip-build --skip '$(ENGINE_TESTS)' --skip '$(REAL_TIME_TESTS)' --experimental-maximum-parallelization-width 8
	swift test --skip-build --filter '$(ENGINE_TESTS)' --experimental-maximum-parallelization-width 8
	swift test --skip-build --filter '$(REAL_TIME_TESTS)' --experimental-maximum-parallelization-width 8

test-repeat: setup ## The tests N=20 times in a row, beside LOAD=0 busy loops; says which runs failed
	swift build --build-tests --explicit-target-dependency-import-check error
	@Scripts/test-repeat.sh $(or $(N),20) $(or $(LOAD),0)

lint: ## Formatter in strict mode, and the house rules a formatter cannot see
	swift format lint --strict --recursive --parallel $(wildcard $(SWIFT_DIRS))
	@Scripts/house-rules.sh

format: ## Rewrite the sources in the house format
	swift format --in-place --recursive --parallel $(wildcard $(SWIFT_DIRS))

bench: build ## The benchmarks, some three minutes; numbers of earlier runs are in docs/benchmarks.md
	swift build -c release --product benchmarks
	.build/release/benchmarks $(BENCH_FLAGS)

bench-report: build ## The benchmarks, written to docs/benchmarks-table.md; COMPARE=PROGRAM adds the table of a comparison
	swift build -c release --product benchmarks
	@Scripts/bench-report.sh

fuzz: setup ## Look for inputs that break something: SECONDS=60 for each target
	Scripts/fuzz.sh $(or $(SECONDS),60)

soak: build ## Hold calls while everything goes wrong, for MINUTES=5; SOAK_FLAGS=--help shows the rest
	swift build -c release --product soak
	.build/release/soak --minutes $(or $(MINUTES),5) $(SOAK_FLAGS)

clean: ## Remove what was built; keeps .deps
	rm -rf .build .build-fuzz
