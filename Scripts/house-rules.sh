#!/usr/bin/env bash
# House rules that the formatter does not know. Prints each breach and fails on any.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0

breach() {
    printf '%s\n' "$1" >&2
    failed=1
}

# No file over 400 lines: a file that is hard to hold in the head is redrawn.
while IFS= read -r file; do
    lines=$(wc -l < "$file")
    [ "$lines" -le 400 ] || breach "$file: $lines lines; the limit is 400"
done < <(find Sources Tests Benchmarks Soak -name '*.swift')

# Words and calls that have no place in what we deliver. In Tests, sleeping is waiting for luck.
while IFS= read -r hit; do breach "$hit"; done < <(
    grep -rnE '\b(TODO|FIXME|XXX)\b|\bTask\.detached\b|\bfatalError\(' --include='*.swift' Sources Tests || true
    # Work without an owner: nothing would cancel it, nobody would wait for it.
    grep -rnE '(^|[^.A-Za-z])Task( \{|\()' --include='*.swift' Sources || true
    grep -rnE '\bTask\.sleep|\busleep|Thread\.sleep|\.disabled\(' --include='*.swift' Tests || true
)

# The arrows of the layout: who may import whom among our own targets.
arrow() {
    local target=$1 allowed=$2 found
    found=$(grep -rhoE '^(package |public |@testable )?import (Audio|Twilio|Conversation|Diagnostics|Engines|Redis|TwilioTwin|VoiceServer|agentos)\b' "Sources/$target" | awk "{print \$NF}" | sort -u || true)
    for module in $found; do
        case " $allowed " in *" $module "*) ;; *) breach "Sources/$target imports $module; it may import:${allowed:+ $allowed}" ;; esac
    done
}
arrow Audio ""
arrow Twilio ""
arrow Conversation "Audio"
arrow Diagnostics ""
arrow Redis "Diagnostics"
arrow Engines "Conversation Audio Diagnostics"
arrow TwilioTwin "Twilio Audio Diagnostics"
arrow VoiceServer "Conversation Twilio Engines Audio Redis Diagnostics"

[ "$failed" -eq 0 ] && echo "house rules: kept"
exit "$failed"
