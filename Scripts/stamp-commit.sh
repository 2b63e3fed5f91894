#!/usr/bin/env bash
# Writes Commit.swift into a folder: which commit the program is built from, "+" behind it if files of it were changed since.
# Usage: stamp-commit.sh SOURCES FOLDER. Where git cannot say it the file `.commit` does, or it is "unknown".
set -euo pipefail
sources=$1 folder=$2

commit=unknown
# The build continues if git is missing or refuses the folder because another user owns it.
if found=$(git -C "$sources" rev-parse --short=12 HEAD 2>/dev/null) && [ -e "$sources/.git" ]; then
    commit=$found
    git -C "$sources" diff --quiet HEAD -- Sources Package.swift || commit="$commit+"
elif [ -s "$sources/.commit" ]; then
    commit=$(cat "$sources/.commit")
fi
line="/// The commit that this program is built from.
let builtFromCommit = \"$commit\""
# An unchanged file is left alone, so that nothing is compiled again.
[ "$(cat "$folder/Commit.swift" 2>/dev/null)" = "$line" ] || echo "$line" >"$folder/Commit.swift"
