#!/bin/sh
# Tries a fresh clone of this repository in a bare Debian 12 root: `./run` by a user who may not
# install anything, then `./test` and `./run` as root, and says what came of it.
#
#   sudo packaging/try_bare_root.sh [BASE]
#
# BASE is a minbase root to copy, a folder or a tar file; without one debootstrap makes it.
# MIRROR is the Debian mirror for debootstrap, KEEP=1 keeps the root, RESULTS names the folder that
# logs and the screenshot go to (default: build/bare_root). Proxies, certificates and apt's
# download settings are those of the host. Needs root, git, debootstrap (without BASE) and unshare.
set -u
repository=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
base=${1-}
results=${RESULTS:-$repository/build/bare_root}
work=$(mktemp -d "${TMPDIR:-/tmp}/bare-root.XXXXXX")
bare="$work/root"

clean_up() { # mounts live in a name space of their own and are gone by now
    if [ "${KEEP-}" = 1 ]; then echo "kept: $bare"; else rm -rf --one-file-system "$work"; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

fail() {
    echo "$*" >&2
    exit 1
}

make_root() {
    mkdir "$bare"
    if [ -d "$base" ]; then
        cp -a --reflink=auto "$base/." "$bare"
    elif [ -n "$base" ]; then
        tar -xpf "$base" -C "$bare"
    else
        debootstrap --variant=minbase bookworm "$bare" ${MIRROR:+"$MIRROR"}
    fi
}

as_the_host_reaches_the_network() {
    cp -L /etc/resolv.conf /etc/hosts "$bare/etc/"
    apt-config dump Acquire >"$bare/etc/apt/apt.conf.d/90host" 2>/dev/null
    certificates=${SSL_CERT_FILE:-${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}}
    [ ! -f "$certificates" ] || cp -L "$certificates" "$bare/etc/host-certificates.crt"
}

inside() { # the arguments of chroot, then a command: in a clean environment
    unshare --mount --pid --fork --kill-child sh -c '
        bare=$1
        shift
        mount -t proc proc "$bare/proc" && mkdir -p "$bare/dev/shm" &&
            mount -t tmpfs -o mode=1777 tmpfs "$bare/dev/shm" && exec chroot "$@"
    ' inside "$bare" "$@"
}

in_clone() { # options of chroot, --, a command that runs in the clone
    options=''
    while [ "$1" != -- ]; do
        options="$options $1"
        shift
    done
    shift
    # shellcheck disable=SC2086
    inside $options "$bare" /usr/bin/env -i \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        ${no_proxy:+no_proxy="$no_proxy"} \
        ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} \
        ${UV_DEFAULT_INDEX:+UV_DEFAULT_INDEX="$UV_DEFAULT_INDEX"} \
        SSL_CERT_FILE=/etc/host-certificates.crt PIP_CERT=/etc/host-certificates.crt \
        /bin/sh -c 'cd /mlipviewer && exec "$@"' sh "$@"
}

failed=0
try() { # a name, then what in_clone takes; sets `seconds` and adds a line to the report
    name=$1
    shift
    echo "=== $name"
    begin=$(date +%s)
    { in_clone "$@" 2>&1; echo $? >"$work/status"; } | tee "$results/$name.log"
    status=$(cat "$work/status")
    report="${report-}
$name: exit $status after $(($(date +%s) - begin)) s"
}

expect() { # a sentence, then a command that shows it
    sentence=$1
    shift
    if "$@" >/dev/null 2>&1; then
        report="$report
  yes: $sentence"
    else
        failed=1
        report="$report
  NO:  $sentence"
    fi
}

[ "$(id -u)" = 0 ] || fail "This needs root, for chroot and debootstrap."
mkdir -p "$results" && rm -f "$results"/*.log "$results"/screenshot.png
make_root && as_the_host_reaches_the_network || fail "The bare root could not be made."
git clone --quiet "$repository" "$bare/mlipviewer" || fail "The repository could not be cloned."

try ordinary_user --userspec=65534:65534 -- ./run
expect 'without the right to install, ./run stops with the line to type' \
    grep -q '^sudo apt-get .*install' "$results/ordinary_user.log"
try test_cold -- ./test
expect './test succeeds' [ "$status" = 0 ]
expect 'the summary of pytest comes last' \
    sh -c 'tail -n 1 "$1" | grep -q " passed"' sh "$results/test_cold.log"
for run in run_first run_again; do
    rm -f "$bare/mlipviewer/screenshot.png"
    try "$run" -- ./run
    expect './run succeeds' [ "$status" = 0 ]
    expect './run saves a screenshot and says so' \
        sh -c '[ -s "$1" ] && grep -q screenshot.png "$2"' sh \
        "$bare/mlipviewer/screenshot.png" "$results/$run.log"
done
cp "$bare/mlipviewer/screenshot.png" "$results/" 2>/dev/null

report="$report
disk: $(du -sh "$bare" | cut -f1) in all, .venv $(du -sh "$bare/mlipviewer/.venv" | cut -f1)"
printf '\n=== report for %s\n%s\n' "$(git -C "$repository" rev-parse --short HEAD)" "$report" |
    tee "$results/report.txt"
exit $failed
