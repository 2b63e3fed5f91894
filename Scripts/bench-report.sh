#!/usr/bin/env bash
# Runs all benchmarks and writes docs/benchmarks-table.md. COMPARE is the path of a program that compares servers; its output is appended.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${COMPARE:-}" ] && ! [ -x "$COMPARE" ]; then
    printf 'COMPARE=%s cannot be run: name a program by its path\n' "$COMPARE" >&2
    exit 1
fi

page=docs/benchmarks-table.md
draft=$(mktemp)
trap 'rm -f "$draft"' EXIT

{
    printf '# Benchmarks: the table\n\n'
    printf 'Made by `make bench-report` on %s, commit %s. [benchmarks.md](benchmarks.md) says how to read it.\n\n' \
        "$(date -u +%Y-%m-%d)" "$(git describe --always --dirty --abbrev=12)"
    .build/release/benchmarks --markdown
} >"$draft"

if [ -n "${COMPARE:-}" ]; then
    printf '%s\n' "comparing with other servers" >&2
    {
        printf '\n## Beside other servers\n\n'
        printf 'The load generator is written in C. Recognition and voice are stubs, voice activity is real.\n\n```\n'
        "$COMPARE" --binary .build/release/agentos --calls "${COMPARE_CALLS:-1,10,50,100,200,300}" --peers "${COMPARE_PEERS:-pipecat,echo}"
        printf '```\n'
    } >>"$draft"
fi

cat "$draft" >"$page"
printf 'written: %s\n' "$page"
