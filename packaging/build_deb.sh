#!/bin/sh
# Builds the Debian package and the portable archive, from the lock:
#
#   packaging/build_deb.sh [WORK]
#
# WORK (default: build) gets mlipviewer_VERSION_ARCH.deb and mlipviewer-VERSION-linux-ARCH.tar.zst.
# COMPRESSION is zstd (the default, known to Debian 12) or xz with LEVEL 6 (smaller, slow); FROZEN=1 takes the folder WORK/mlipviewer as it is.
# Needs dpkg-deb, ldd and readelf of the Debian that is the oldest to be served.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=${1:-$root/build}
mkdir -p "$work"
work=$(CDPATH='' cd -- "$work" && pwd -P)
linux="$root/packaging/linux"
id=org.mlipviewer.MLIPViewer
. "$root/packaging/system_libraries.sh"

[ "${FROZEN-}" = 1 ] || "$root/packaging/build_frozen.sh" "$work"
version=$("$work/mlipviewer/mlipviewer" --version | cut -d' ' -f2)
# of what is in the making, a ~ tells dpkg that it comes before
deb_version=$(echo "$version" | sed -E 's/\.?(dev|a|b|rc)([0-9]+)/~\1\2/g')
architecture=$(dpkg --print-architecture)
epoch=$(git -C "$root" log -1 --format=%ct)
day=$(date -u -d "@$epoch" +%Y-%m-%d)
export SOURCE_DATE_EPOCH="$epoch"
package="$work/package"
rm -rf "$package"

put() { # a file and where it goes; @VERSION@ and @DATE@ are filled in
    install -D -m 644 /dev/null "$package/$2"
    sed -e "s/@VERSION@/$version/g" -e "s/@DATE@/$day/g" "$1" >"$package/$2"
}

mkdir -p "$package/usr/lib" "$package/usr/bin" "$package/DEBIAN"
cp -a "$work/mlipviewer" "$package/usr/lib/mlipviewer"
find "$package/usr/lib" -type d -exec chmod 755 {} + 
find "$package/usr/lib" -type f -exec chmod 644 {} +
chmod 755 "$package/usr/lib/mlipviewer/mlipviewer"
ln -s ../lib/mlipviewer/mlipviewer "$package/usr/bin/mlipviewer"
put "$linux/$id.desktop" "usr/share/applications/$id.desktop"
put "$linux/$id.xml" "usr/share/mime/packages/$id.xml"
put "$linux/$id.metainfo.xml" "usr/share/metainfo/$id.metainfo.xml"
put "$linux/mlipviewer.1" usr/share/man/man1/mlipviewer.1
put "$linux/copyright" usr/share/doc/mlipviewer/copyright
put "$linux/lintian-overrides" usr/share/lintian/overrides/mlipviewer
"$work/environment/bin/python" "$root/packaging/icons.py" "$work/icons"
mkdir -p "$package/usr/share/icons"
cp -r "$work/icons/hicolor" "$package/usr/share/icons/"
cat >"$package/usr/share/doc/mlipviewer/changelog" <<END
mlipviewer ($deb_version) stable; urgency=medium

  * See CHANGELOG.md of the source for what is new.

 -- The MLIPViewer maintainers <maintainers@mlipviewer.invalid>  $(date -u -R -d "@$epoch")
END
gzip -9n "$package/usr/share/doc/mlipviewer/changelog" "$package/usr/share/man/man1/mlipviewer.1"
find "$package/usr/share" -type d -exec chmod 755 {} +
find "$package/usr/share" -type f -exec chmod 644 {} +

depends=$(packages_outside "$package/usr/lib/mlipviewer")
cat >"$package/DEBIAN/control" <<END
Package: mlipviewer
Version: $deb_version
Architecture: $architecture
Maintainer: The MLIPViewer maintainers <maintainers@mlipviewer.invalid>
Installed-Size: $(du -sk --exclude=DEBIAN "$package" | cut -f1)
Depends: $depends, $loaded_by_name
Recommends: ffmpeg, libssl3, shared-mime-info, desktop-file-utils, hicolor-icon-theme
Section: science
Priority: optional
Description: viewer of machine-learning interatomic potentials
 Joins tables of errors of machine-learning interatomic potentials with the
 trajectories that they make. What is selected in one view is selected in all:
 a model in the table, on the Pareto front, in its run; a frame on the timeline;
 atoms in 3D. Analyses run with and without a window.
END
(cd "$package" && find usr -type f -print0 | LC_ALL=C sort -z |
    xargs -0 md5sum >DEBIAN/md5sums)
deb="$work/mlipviewer_${deb_version}_$architecture.deb"
dpkg-deb --root-owner-group -Z"${COMPRESSION:-zstd}" -z"${LEVEL:-12}" --build "$package" "$deb" >/dev/null

portable="mlipviewer-$version-linux-$(uname -m)"
[ "${PORTABLE-1}" = 0 ] || "$root/packaging/build_portable.sh" "$package" "$work/$portable.tar.zst"
ls -l "$deb"
[ "${PORTABLE-1}" = 0 ] || ls -l "$work/$portable.tar.zst"
echo "installed: $(du -sm --exclude=DEBIAN "$package" | cut -f1) MB"
