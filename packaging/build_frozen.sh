#!/bin/sh
# Makes the folder of a program that needs no Python, from the lock, on this very system:
#
#   packaging/build_frozen.sh [WORK]      WORK/mlipviewer (default: build)
#
# WORK/environment holds the packages that a user gets, as the lock says, and the freezer.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=${1:-$root/build}
mkdir -p "$work"
work=$(CDPATH='' cd -- "$work" && pwd -P)
. "$root/packaging/setup.sh"
make_uv_here() { mkdir -p "$tools" && make_uv; }
[ -x "$uv" ] || make_uv_here
environment="$work/environment"
python="$environment/bin/python"

wanted=$(cat "$root/packaging/lock.txt" "$root/packaging/freezer.txt" "$root/pyproject.toml" | cksum)
if [ "$(cat "$environment/stamp" 2>/dev/null)" != "$wanted" ]; then
    "$uv" venv --quiet --clear --python '>=3.11,<3.13' "$environment"
    # what the lock has for a user: without the group `dev`
    "$uv" pip compile --quiet --python "$python" --no-emit-index-url --no-annotate --no-header \
        --generate-hashes --constraint "$root/packaging/lock.txt" --extra formats \
        "$root/pyproject.toml" -o "$work/runtime.txt"
    "$uv" pip sync --quiet --python "$python" --require-hashes "$work/runtime.txt"
    "$uv" pip install --quiet --python "$python" -r "$root/packaging/freezer.txt"
    echo "$wanted" >"$environment/stamp"
fi
rm -rf "$work/wheel"
"$uv" build --quiet --wheel --build-constraints "$root/packaging/build.txt" -o "$work/wheel" "$root"
"$uv" pip install --quiet --python "$python" --no-deps --reinstall "$work"/wheel/*.whl
export PYTHONHASHSEED=1 SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}"
(cd "$work" && "$python" "$root/packaging/freeze.py" "$work/mlipviewer") >"$work/freeze.log" 2>&1 || {
    tail -n 20 "$work/freeze.log" >&2
    exit 1
}
"$python" "$root/packaging/licences.py" "$work/mlipviewer" "$work/runtime.txt"
echo "$work/mlipviewer: $(du -sm "$work/mlipviewer" | cut -f1) MB"
