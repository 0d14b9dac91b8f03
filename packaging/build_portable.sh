#!/bin/sh
# An archive to unpack anywhere and start, from the tree that build_deb.sh made:
#   packaging/build_portable.sh PACKAGE ARCHIVE.tar.zst
# Inside: mlipviewer/mlipviewer, and mlipviewer/desktop/install.sh, which adds the program to the
# menu of this user and takes it out again.
set -eu
package=$1 archive=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -a --reflink=auto "$package/usr/lib/mlipviewer" "$folder/mlipviewer"
mkdir "$folder/mlipviewer/desktop"
cp -a "$package"/usr/share/applications "$package"/usr/share/icons "$package"/usr/share/mime \
    "$folder/mlipviewer/desktop/"
cp "$(dirname -- "$0")/linux/install.sh" "$folder/mlipviewer/desktop/"
chmod 755 "$folder/mlipviewer/desktop/install.sh"
tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner ${SOURCE_DATE_EPOCH:+--mtime="@$SOURCE_DATE_EPOCH"} \
    -cf - mlipviewer | zstd -q -T0 -"${ZSTD_LEVEL:-12}" -f -o "$archive"
