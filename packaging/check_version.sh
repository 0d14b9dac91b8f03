#!/bin/sh
# Says whether the version of the source is that of its tag: packaging/check_version.sh [TAG]
# The version is written once, in mlipviewer/__init__.py; without a tag nothing is asked of it.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$root/mlipviewer/__init__.py")
tag=${1:-$(git -C "$root" describe --tags --exact-match --match 'v*' 2>/dev/null || true)}
[ -z "$tag" ] || [ "$tag" = "v$version" ] || {
    echo "the tag is $tag, the version $version: see mlipviewer/__init__.py" >&2
    exit 1
}
echo "$version"
