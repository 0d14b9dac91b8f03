#!/bin/sh
# Asks desktop-file-validate, appstreamcli, man and lintian about a package, and its size:
#   packaging/check_deb.sh PACKAGE.deb
set -eu
deb=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dpkg-deb -x "$deb" "$folder"
share="$folder/usr/share"
desktop-file-validate "$share"/applications/*.desktop
appstreamcli validate --no-net "$share"/metainfo/*.metainfo.xml
man --warnings=w -l "$share"/man/man1/mlipviewer.1.gz >/dev/null
# the lintian of Debian 12 does not know zstd, which its dpkg unpacks
lintian --fail-on error --tag-display-limit 0 --suppress-tags malformed-deb-archive "$deb"
packed=$(($(stat -c %s "$deb") / 1000000))
installed=$(($(du -sk "$folder" | cut -f1) / 1024))
echo "package: $packed MB, installed: $installed MiB"
[ "$packed" -le 150 ] && [ "$installed" -le 450 ] || {
    echo "more than 150 MB packed or 450 MiB installed" >&2
    exit 1
}
