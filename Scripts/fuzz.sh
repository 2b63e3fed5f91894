#!/usr/bin/env bash
# Feeds the readers of strangers' bytes with ever new inputs, guided by what code they reach (libFuzzer, part of the Swift toolchain).
# usage: fuzz.sh [SECONDS for each target, default 60] [TARGET ...]
# What broke a promise or trapped is kept in .build-fuzz/found/; the exit code is 1 then.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(media-message server-message twiml-document twiml-text signature form wav resp)

# A build of its own: every target is instrumented. The package has the fuzzer only when it is asked for.
export AGENTOS_FUZZ=1
swift build -c release --product fuzzer --sanitize fuzzer --scratch-path .build-fuzz
found=.build-fuzz/found
# Swift's own report of a crash would keep libFuzzer from keeping the input.
export SWIFT_BACKTRACE=enable=no
mkdir -p "$found"
failed=0
for target in "${targets[@]}"; do
    corpus=.build-fuzz/corpus/$target
    mkdir -p "$corpus"
    echo "fuzz: $target for $seconds s"
    if ! FUZZ_TARGET=$target FUZZ_SEEDS=$corpus .build-fuzz/release/fuzzer -max_total_time="$seconds" -max_len=4096 -timeout=10 \
        -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$found/$target-" "$corpus" > "$found/$target.log" 2>&1; then
        echo "fuzz: $target FAILED; see $found/$target.log" >&2
        failed=1
    fi
    grep -aE 'stat::number_of_executed_units|BROKEN PROMISE|Fatal error|Test unit written' "$found/$target.log" || true
done
[ "$failed" -eq 0 ] && echo "fuzz: nothing found"
exit "$failed"
