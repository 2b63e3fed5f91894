#!/usr/bin/env bash
# Places one real call against a built program: webhook, stream, recognised words, spoken answer; then runs `agentos verify`.
# Usage: smoke.sh [PROGRAM], the release build by default. Says what failed, with the server's log, and exits with 1.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-.build/release/agentos}
words="can you repeat that,? please"

folder=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$folder"
}
trap finish EXIT
fail() {
    printf 'smoke: %s\n' "$1" >&2
    tail -n 20 "$folder"/*.log >&2 2>/dev/null || true
    exit 1
}
# expect PATTERN WHAT: the call's events must hold a line that matches.
expect() {
    grep -qiE -- "$1" "$folder/events.log" || fail "$2"
    echo "smoke: $2: yes"
}

version=$("$program" --version)
echo "smoke: $program is $version"
"$program" webui start --port 0 --data-dir "$folder/data" >"$folder/out.log" 2>"$folder/server.log" &
server=$!
for _ in $(seq 100); do
    grep -q '^AgentOS listening on ' "$folder/out.log" && break
    kill -0 "$server" 2>/dev/null || fail "the server ended before it listened"
    sleep 0.1
done
address=$(sed -n 's/^AgentOS listening on //p' "$folder/out.log")
[ -n "$address" ] || fail "the server did not listen within 10 s"

timeout 60 "$program" call --url "$address/api/voice/twilio/inbound" --api-token "$(cat "$folder/data/api-token")" \
    --audio Samples/caller-repeat.wav --record "$folder/call.wav" --json >"$folder/events.log" 2>"$folder/call.log" ||
    fail "the call failed"
expect '"type":"call.webhook_answered"' "the webhook answers"
expect '"type":"call.stream_connected"' "the media stream opens"
# Models differ in how they write: capitals, a comma, a question mark.
expect "\"text\":\"$words\\??\".*\"type\":\"voice.stt.final\"" "the caller's words are recognised"
expect "\"text\":\"You said: $words\\??\".*\"type\":\"voice.assistant.text\"" "the assistant answers"
expect '"complete":true.*"type":"voice.assistant.heard"' "the caller hears the whole answer"

kill "$server"
wait "$server" || fail "the server did not stop cleanly"
server=
"$program" verify >"$folder/verify.log" 2>&1 || fail "agentos verify found faults"
tail -n 1 "$folder/verify.log"
