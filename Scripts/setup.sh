#!/usr/bin/env bash
# Installs what a build and a first call need beyond Swift: six Debian packages (one for the tests alone), and the speech engine's
# libraries and voice activity model, pinned by hash, into .deps/. Then fetches Whisper into the models folder, unless WHISPER=none.
# Safe to run again; a second run changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "setup: $*"; }
fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

# Wheels serve as archives only: they are downloaded, checked and unpacked, never installed. Raise the versions together.
requirements() {
    case "$1" in
    x86_64 | amd64) echo "sherpa-onnx-core==2.0.1 --hash=sha256:f4ee0ab91c4ae596e0e49d7de32522a946295e038a652f1c1884d89014ee4ec2" ;;
    aarch64 | arm64) echo "sherpa-onnx-core==2.0.1 --hash=sha256:4a855a5c89c89885111e4e9c570e5da1aed63373c031b757d8046792d95fe8fe" ;;
    *) fail "no speech engine is pinned for $1 (x86_64 and aarch64 are); see requirements() in Scripts/setup.sh" ;;
    esac
    echo "silero-vad==6.2.3 --hash=sha256:7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

can_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

# Prints those of the wanted Debian packages that are not there yet.
missing_packages() {
    local package
    for package in libsqlite3-dev libspeexdsp-dev flite1-dev ca-certificates; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || echo "$package"
    done
    # The tests start servers of their own; none is left running, and a fleet brings its own.
    command -v redis-server >/dev/null || echo redis-server
    command -v python3 >/dev/null || echo python3
    python3 -m pip --version >/dev/null 2>&1 || echo python3-pip
    [ "${WHISPER:-base}" = none ] || python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv
}

install_packages() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "no apt-get here: install the development files of SQLite, SpeexDSP and flite, python3 with pip and redis-server, by your own means"
        return
    fi
    local missing log
    missing=$(missing_packages | tr '\n' ' ')
    [ -n "${missing// /}" ] || return 0
    can_be_root || fail "these Debian packages are missing: $missing" "run: sudo apt-get install $missing"
    say "installing $missing"
    log=$(mktemp)
    # shellcheck disable=SC2086 # the list is meant to split
    if ! { as_root apt-get update && as_root apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 3 "$log" >&2
        rm -f "$log"
        fail "apt-get failed (above); with a working network run: sudo apt-get install $missing"
    fi
    rm -f "$log"
    # Debian starts what it installs; nothing here uses the service.
    case " $missing " in *" redis-server "*) stop_redis_service ;; esac
}

stop_redis_service() {
    command -v systemctl >/dev/null && [ -d /run/systemd/system ] || return 0
    as_root systemctl disable --now redis-server >/dev/null 2>&1 || true
}

# Fills .deps from the pinned archives: first a folder beside it, then one rename, so an interrupted run leaves nothing half done.
install_engines() {
    local wanted new
    wanted=$(requirements "$(uname -m)")
    if [ -f .deps/stamp ] && [ "$(cat .deps/stamp)" = "$wanted" ] && [ -f .deps/silero/silero_vad.onnx ] &&
        [ -f .deps/sherpa-onnx/lib/libonnxruntime.so ]; then
        return
    fi
    new=$(mktemp -d .deps.new.XXXXXX)
    # shellcheck disable=SC2064 # the name is wanted as it is now
    trap "rm -rf '$new'" EXIT
    echo "$wanted" >"$new/stamp"
    say "downloading the speech engine and the voice activity model (22 MB)"
    if ! python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
        --dest "$new/archives" -r "$new/stamp" 2>"$new/log"; then
        grep -v '^WARNING: Retrying' "$new/log" | tail -n 3 >&2 || true
        fail "the download failed (above); it needs python3 with pip, and the network or a local mirror that pip knows" \
            "wanted, by hash: $(sed 's/ .*//' "$new/stamp" | tr '\n' ' ')"
    fi
    say "unpacking into .deps"
    local archive
    for archive in "$new"/archives/*.whl; do python3 -m zipfile -e "$archive" "$new/unpacked"; done
    mkdir -p "$new/sherpa-onnx" "$new/silero"
    mv "$new/unpacked/sherpa_onnx/lib" "$new/sherpa-onnx/lib"
    mv "$new/unpacked/silero_vad/data/silero_vad.onnx" "$new/silero/"
    rm -rf "$new/archives" "$new/unpacked" "$new/log"
    chmod 755 "$new"
    rm -rf .deps
    mv "$new" .deps
}

# Whether a folder holds a model that an older version of the conversion wrote, which recognises less.
is_outdated() {
    [ -f "$1/encoder.int8.onnx" ] || return 1
    case "$(sha256sum <"$1/encoder.int8.onnx" | cut -d' ' -f1)" in
    d6fb2782c0352aa30d56bdf2d3c5f0b1f67ed0f74b88639047f14eb21509ff26 | cdfbb4f6828d02bec541f309c045a02029ca8360fafd48a8b0b1959156b2dff4) ;;
    *) return 1 ;;
    esac
}

# Fetches Whisper if it is not installed, or anew if an older version of the conversion wrote it. If that fails, calls use what is there, or the
# bundled model, and the set-up goes on.
install_whisper() {
    local name=${WHISPER:-base} folder
    [ "$name" != none ] || return 0
    folder=${AGENTOS_MODELS_DIR:-$HOME/.cache/agentos/models}/whisper-$name
    [ ! -d "$folder" ] || is_outdated "$folder" || return 0
    case "$name" in base | tiny.en) ;; *) fail "WHISPER must be none, tiny.en or base, not '$name'" ;; esac
    say "fetching Whisper $name (about 150 MB, once; WHISPER=none leaves it out)"
    Scripts/fetch-whisper.sh "$name" "$folder" && return 0
    if [ -d "$folder" ]; then
        say "calls use the older Whisper $name in $folder; run make setup again to retry"
    else
        say "calls use the bundled model, which knows 219 words; run make setup again to retry"
    fi
}

case "$(uname -s)" in
Linux) install_packages ;;
Darwin)
    # Untested: the server is built and run on Linux. The engine's archives pinned above are Linux's.
    fail "on macOS run: brew install sqlite speexdsp flite" \
        "and unpack sherpa-onnx 2.0.1's macOS libraries into .deps/sherpa-onnx/lib and silero_vad.onnx into .deps/silero"
    ;;
*) fail "this script knows Debian and Ubuntu only" ;;
esac
install_engines
install_whisper
say "ready"
