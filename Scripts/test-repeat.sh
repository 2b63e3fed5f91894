#!/usr/bin/env bash
# Runs the whole suite again and again, as `make test` does, and says after each run how it went. Stops with 1 if any run failed.
# Usage: test-repeat.sh [N] [LOAD]: N runs (20), beside LOAD busy loops (0). The output of failed runs is kept in .build/test-repeat.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-20} load=${2:-0}
log=.build/test-repeat
mkdir -p "$log"
busy=()
# Not run by every shell that the trap is inherited by.
stop_load() { [ "${#busy[@]}" -eq 0 ] || kill "${busy[@]}" 2>/dev/null || true; }
trap stop_load EXIT
for _ in $(seq "$load"); do
    (while :; do :; done) &
    busy+=($!)
done
failed=0
for run in $(seq "$runs"); do
    began=$SECONDS
    if make --no-print-directory run-tests >"$log/$run.log" 2>&1; then
        echo "run $run of $runs: green in $((SECONDS - began)) s"
        rm "$log/$run.log"
    else
        failed=$((failed + 1))
        echo "run $run of $runs: RED in $((SECONDS - began)) s, see $log/$run.log"
        grep -E 'recorded an issue|Fatal error|error: ' "$log/$run.log" | head -n 5 || true
    fi
done
echo "$((runs - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
