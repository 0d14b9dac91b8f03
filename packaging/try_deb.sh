#!/bin/sh
# Tries the Debian package in a bare Debian 12 root: installs, opens, exports, compares, removes.
#
#   sudo packaging/try_deb.sh PACKAGE.deb [BASE]
#
# BASE, MIRROR, KEEP and RESULTS are those of try_bare_root.sh. SOURCE is a command of the source
# tree to compare all analyses with (default: .venv/bin/python -m mlipviewer; '' compares nothing);
# what it finds is kept in RESULTS/source, and FOUND names such a folder of an earlier run. PORTABLE
# is an archive of build_portable.sh, tried after the package has gone.
# Needs root, unshare, debootstrap (without BASE) and a python3 for the comparison.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
deb=$(readlink -f "${1:?a .deb file}")
base=${2-}
results=${RESULTS:-$root/build/try_deb}
source=${SOURCE-$root/.venv/bin/python -m mlipviewer}
work=$(mktemp -d "${TMPDIR:-/tmp}/try-deb.XXXXXX")
bare="$work/root"
id=org.mlipviewer.MLIPViewer
inside_examples=/usr/lib/mlipviewer/source/mlipviewer/resources/examples

clean_up() { if [ "${KEEP-}" = 1 ]; then echo "kept: $bare"; else rm -rf --one-file-system "$work"; fi; }
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

make_root() {
    mkdir "$bare"
    if [ -d "$base" ]; then
        cp -a --reflink=auto "$base/." "$bare"
    elif [ -n "$base" ]; then
        tar -xpf "$base" -C "$bare"
    else
        debootstrap --variant=minbase bookworm "$bare" ${MIRROR:+"$MIRROR"}
    fi
    cp -L /etc/resolv.conf /etc/hosts "$bare/etc/"
    apt-config dump Acquire >"$bare/etc/apt/apt.conf.d/90host" 2>/dev/null
    certificates=${SSL_CERT_FILE:-${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}}
    [ ! -f "$certificates" ] || cp -L "$certificates" "$bare/etc/host-certificates.crt"
}

inside() { # a command of the root, in a clean environment
    unshare --mount --pid --fork --kill-child sh -c '
        bare=$1
        shift
        mount -t proc proc "$bare/proc" && mkdir -p "$bare/dev/shm" &&
            mount -t tmpfs -o mode=1777 tmpfs "$bare/dev/shm" && exec chroot "$bare" "$@"
    ' inside "$bare" /usr/bin/env -i LANG=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        ${no_proxy:+no_proxy="$no_proxy"} "$@"
}

failed=0 report=''
expect() { # a sentence, then a command that shows it
    sentence=$1
    shift
    if "$@" >"$results/last.log" 2>&1; then said="yes: $sentence"; else
        said="NO:  $sentence ($(tail -n 1 "$results/last.log"))"
        failed=1
    fi
    echo "$said"
    report="$report
$said"
}
user() { inside su - tester -c "$1"; }
note() { echo "$*"; report="$report
$*"; }


[ "$(id -u)" = 0 ] || { echo "This needs root, for chroot and debootstrap." >&2; exit 1; }
mkdir -p "$results"
make_root || exit 1
cp "$deb" "$bare/mlipviewer.deb"
cp "$root/packaging/try_desktop.sh" "$bare/"
inside apt-get update -qq >"$results/apt.log" 2>&1
begin=$(date +%s)
expect 'apt installs the package and all it needs, and nothing recommended' \
    inside apt-get install -qq -y --no-install-recommends ./mlipviewer.deb
note "apt took $(($(date +%s) - begin)) s"
expect 'no library of the package is missing' inside sh -c '
    ! find /usr/lib/mlipviewer -name "*.so*" -type f -exec ldd {} + 2>/dev/null | grep "not found"'
expect 'it says its version' inside mlipviewer --version
expect 'it starts and draws with what its dependencies brought, on a screen in memory' inside sh -c '
    QT_QPA_PLATFORM=offscreen timeout 120 mlipviewer --screenshot /tmp/bare.png --example && [ -s /tmp/bare.png ]'

inside apt-get install -qq -y --no-install-recommends ffmpeg shared-mime-info desktop-file-utils \
    procps xvfb openbox x11-utils xdotool libglib2.0-bin xdg-utils xauth dbus-x11 >>"$results/apt.log" 2>&1
inside useradd -m tester 2>/dev/null
mkdir -p "$bare/home/tester/work"
chmod 755 "$bare/try_desktop.sh"
inside chown -R tester /home/tester
inside su tester -c "timeout 900 /try_desktop.sh /home/tester/work $inside_examples" |
    tee "$results/desktop.log"
cp "$bare"/home/tester/work/*.png "$bare"/home/tester/work/*.svg "$results/" 2>/dev/null
n_desktop=$(grep -c '^yes' "$results/desktop.log")
report="$report
$(cat "$results/desktop.log")"
expect "the desktop's checks pass ($n_desktop)" sh -c '! grep -q "^NO" "$1" && [ "$2" -gt 8 ]' sh \
    "$results/desktop.log" "$n_desktop"

if [ -n "$source" ]; then
    found=${FOUND:-$results/source}
    # shellcheck disable=SC2086
    [ -n "${FOUND-}" ] ||
        python3 "$root/packaging/every_analysis.py" run "$bare$inside_examples" "$found" $source
    cat >"$work/inside" <<END
#!/bin/sh
exec chroot "$bare" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/bin:/bin mlipviewer "\$@"
END
    chmod 755 "$work/inside"
    mkdir -p "$bare/tmp/found"
    SEEN_AS=/tmp/found python3 "$root/packaging/every_analysis.py" run "$inside_examples" "$bare/tmp/found" \
        "$work/inside"
    expect 'every analysis finds what the source tree finds' \
        python3 "$root/packaging/every_analysis.py" compare "$found" "$bare/tmp/found"
    note "$(tail -n 1 "$results/last.log")"
fi

expect 'apt removes it' inside apt-get purge -qq -y mlipviewer
expect 'nothing of it is left' sh -c '
    cd "$1" && ! find usr etc var/lib opt -iname "*mlipviewer*" ! -path "var/lib/apt/*" | grep .' sh "$bare"
expect 'no association is left' sh -c '! grep -rqi mlipviewer "$1/usr/share/mime" "$1/usr/share/applications"' \
    sh "$bare"
if [ -n "${PORTABLE-}" ]; then
    inside apt-get install -qq -y --no-install-recommends zstd >>"$results/apt.log" 2>&1
    cp "$PORTABLE" "$bare/home/tester/portable.tar.zst"
    expect 'the archive is unpacked and says its version' \
        user 'tar --zstd -xf portable.tar.zst && mlipviewer/mlipviewer --version'
    expect 'it draws from where it lies' user '
        QT_QPA_PLATFORM=offscreen timeout 120 mlipviewer/mlipviewer --screenshot p.png --example && [ -s p.png ]'
    expect 'it adds itself to the menu of its user' user "
        mlipviewer/desktop/install.sh && desktop-file-validate .local/share/applications/$id.desktop &&
            gio mime chemical/x-extxyz | grep -q $id.desktop && .local/bin/mlipviewer --version"
    expect 'and to no other' sh -c '! find "$1/usr" "$1/etc" -iname "*mlipviewer*" | grep .' sh "$bare"
    expect 'its entry starts what was unpacked' user "
        grep -q '^Exec=\"/home/tester/mlipviewer/mlipviewer\"' .local/share/applications/$id.desktop"
    expect 'it takes itself out again' user '
        mlipviewer/desktop/install.sh remove && rm -r mlipviewer &&
            ! find .local/bin .local/share/applications .local/share/icons .local/share/mime -iname "*mlipviewer*" | grep .'
fi

printf '%s\n' "$report" >"$results/report.txt"
echo "report: $results/report.txt"
exit $failed
