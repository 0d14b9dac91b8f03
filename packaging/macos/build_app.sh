#!/bin/sh
# Makes MLIPViewer.app and a disk image of it, from the lock, on macOS:
#
#   packaging/macos/build_app.sh [WORK]
#
# With MACOS_IDENTITY (a "Developer ID Application: ...") all of it is signed; with NOTARY_PROFILE
# (made by `xcrun notarytool store-credentials`) the image is notarised too. Without them it is
# signed for this machine alone, and others open it by a right click.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
work=${1:-$root/build}
mkdir -p "$work"
work=$(CDPATH='' cd -- "$work" && pwd -P)
"$root/packaging/build_frozen.sh" "$work"
version=$("$work/mlipviewer/mlipviewer" --version | cut -d' ' -f2)
app="$work/MLIPViewer.app"
rm -rf "$app"
mkdir -p "$app/Contents/MacOS"
cp -R "$work/mlipviewer" "$app/Contents/Resources"
mv "$app/Contents/Resources/mlipviewer" "$app/Contents/MacOS/"
for part in "$app/Contents/Resources"/*; do # only programs may lie in MacOS: codesign wants it so
    ln -s "../Resources/$(basename "$part")" "$app/Contents/MacOS/"
done
sed "s/@VERSION@/$version/g" "$root/packaging/macos/Info.plist" >"$app/Contents/Info.plist"
plutil -lint "$app/Contents/Info.plist"
QT_QPA_PLATFORM=offscreen "$work/environment/bin/python" "$root/packaging/icons.py" "$work/icons"
cp "$work/icons/mlipviewer.icns" "$app/Contents/Resources/"

identity=${MACOS_IDENTITY:--}
options=''
[ "$identity" = - ] || options='--options runtime --timestamp'
# from the inside out: each library, then the whole
find "$app/Contents/MacOS" "$app/Contents/Resources" -type f \( -name '*.so' -o -name '*.dylib' -o -perm -u+x \) | while read -r file; do
    # shellcheck disable=SC2086
    codesign --force $options --sign "$identity" "$file"
done
# shellcheck disable=SC2086
codesign --force $options --entitlements "$root/packaging/macos/entitlements.plist" \
    --sign "$identity" "$app"
codesign --verify --deep --strict "$app"

image="$work/mlipviewer-$version-macos-$(uname -m).dmg"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$app" "$folder/"
ln -s /Applications "$folder/Applications"
hdiutil create -quiet -volname MLIPViewer -srcfolder "$folder" -format UDZO -ov "$image"
if [ "$identity" != - ] && [ -n "${NOTARY_PROFILE-}" ]; then
    codesign --sign "$identity" --timestamp "$image"
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
echo "$image"
