#!/bin/sh
# One file to download and start, from the tree that build_deb.sh leaves in WORK/package:
#
#   packaging/build_appimage.sh [WORK]
#
# Needs appimagetool in PATH, which no package registry carries: https://appimage.github.io.
# It was never run; build_portable.sh makes the archive that was.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=${1:-$root/build}
id=org.mlipviewer.MLIPViewer
folder="$work/MLIPViewer.AppDir"
command -v appimagetool >/dev/null || {
    echo "appimagetool is not in PATH" >&2
    exit 1
}
rm -rf "$folder"
mkdir -p "$folder"
cp -a "$work/package/usr" "$folder/usr"
rm -rf "$folder/usr/share/lintian" "$folder/usr/share/doc"
cp "$folder/usr/share/applications/$id.desktop" "$folder/$id.desktop"
cp "$folder/usr/share/icons/hicolor/256x256/apps/$id.png" "$folder/$id.png"
ln -s usr/bin/mlipviewer "$folder/AppRun"
version=$("$work/mlipviewer/mlipviewer" --version | cut -d' ' -f2)
ARCH=$(uname -m) appimagetool --no-appstream "$folder" "$work/MLIPViewer-$version-$(uname -m).AppImage"
