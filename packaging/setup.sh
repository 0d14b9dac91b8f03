# shellcheck shell=sh
# Sourced by ./run and ./test after they set `root`. `set_up` makes all that is needed and returns
# at once when nothing changed; `set_up screen` also wants what a virtual screen needs.
#
#   .tools/   a private uv, pinned by packaging/uv.txt
#   .venv/    the packages of packaging/lock.txt, byte-compiled, and this tree as an editable install

unset PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK=1
export UV_COMPILE_BYTECODE=1                       # a start without .pyc takes four times as long
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"  # trust what this machine trusts
export UV_NO_PROGRESS="${UV_NO_PROGRESS:-1}"

tools="$root/.tools"
venv="$root/.venv"
python="$venv/bin/python"
uv="$tools/bin/uv"

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$*"
    exit 1
}

# --- system libraries ------------------------------------------------------------------------

# soname and the Debian package that brings it: what Qt, its xcb plug-in and OpenGL load
libraries='
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11-xcb.so.1 libx11-xcb1
libbrotlidec.so.1 libbrotli1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libglib-2.0.so.0 libglib2.0-0
libgssapi_krb5.so.2 libgssapi-krb5-2
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
'

any_exists() { [ -e "$1" ]; }

# the packages that are missing, one a line; silent where there is no ldconfig to ask (macOS, musl)
missing_packages() {
    PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null | awk -v wanted="$libraries" '
        { here[$1] = 1 }
        END {
            if (NR == 0) exit
            n = split(wanted, word)
            for (i = 1; i < n; i += 2) if (!(word[i] in here)) print word[i + 1]
        }'
    [ "$(uname -s)" = Linux ] || return 0
    any_exists /usr/share/fonts/*/*.[to]tf || any_exists /usr/share/fonts/*/*/*.[to]tf ||
        echo fonts-dejavu-core
    any_exists /usr/lib/*/dri/swrast_dri.so || any_exists /usr/lib*/dri/swrast_dri.so ||
        any_exists /usr/lib/*/libgallium*.so || any_exists /usr/lib*/libgallium*.so ||
        echo libgl1-mesa-dri
    any_exists /etc/ssl/certs/ca-certificates.crt || any_exists /etc/ssl/cert.pem ||
        any_exists /etc/pki/tls/certs/ca-bundle.crt || echo ca-certificates
    [ -x "$uv" ] || have_venv_module || echo python3 python3-venv
    [ "${1-}" = screen ] || return 0
    command -v Xvfb >/dev/null || echo xvfb
    command -v openbox >/dev/null || echo openbox
    command -v xprop >/dev/null || echo x11-utils
    command -v xdotool >/dev/null || echo xdotool
}

have_venv_module() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

install_system_packages() {
    if ! command -v apt-get >/dev/null; then
        say "These seem to be missing; please install them if the next step fails (Debian's names): $*"
        return
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root='env'
    elif sudo -n true 2>/dev/null; then
        as_root='sudo env'
    else
        stop "System libraries are missing. Please type:
sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    say "Installing system packages: $*"
    { $as_root apt-get update -qq &&
        $as_root DEBIAN_FRONTEND=noninteractive \
            apt-get install -qq -y --no-install-recommends "$@" >/dev/null; } >&2 ||
        stop "apt-get could not install: $*"
}

# --- Python ----------------------------------------------------------------------------------

fingerprint() { { echo "$root" && cat "$@" 2>/dev/null; } | cksum; }
packages_wanted() { fingerprint "$root/packaging/lock.txt" "$root/packaging/uv.txt"; }
build_wanted() {
    fingerprint "$root/pyproject.toml" "$root/packaging/build_native.py" \
        "$root/packaging/build.txt" "$root"/mlipviewer/native/*.[ch]* "$root"/packaging/third_party/*/*
}

packages_ready() { [ -x "$python" ] && [ "$(cat "$venv/packages.stamp" 2>/dev/null)" = "$(packages_wanted)" ]; }
build_ready() {
    [ "$(cat "$venv/build.stamp" 2>/dev/null)" = "$(build_wanted)" ] || return 1
    any_exists "$root"/mlipviewer/native/_loops.* || ! any_exists "$root"/mlipviewer/native/*.c
}

make_uv() {
    [ -x "$uv" ] && [ "$(cat "$tools/uv.stamp" 2>/dev/null)" = "$(fingerprint "$root/packaging/uv.txt")" ] && return
    say "Setting up: uv"
    python3 -m venv --clear "$tools" &&
        "$tools/bin/python" -m pip install --quiet --require-hashes --only-binary :all: \
            -r "$root/packaging/uv.txt" >&2 || stop "uv could not be installed into $tools"
    fingerprint "$root/packaging/uv.txt" >"$tools/uv.stamp"
}

make_packages() {
    say "Setting up: the packages of packaging/lock.txt"
    rm -f "$venv/packages.stamp" "$venv/build.stamp"
    # any Python of the machine in this range; if there is none, uv fetches one
    [ -x "$python" ] || "$uv" venv --quiet --clear --python '>=3.11,<3.15' "$venv" &&
        "$uv" pip sync --quiet --python "$venv" --require-hashes "$root/packaging/lock.txt" ||
        stop "The packages could not be installed into $venv"
    packages_wanted >"$venv/packages.stamp"
}

make_build() {
    say "Setting up: MLIPViewer itself"
    "$uv" pip install --quiet --python "$venv" --no-deps --reinstall-package mlipviewer \
        --build-constraints "$root/packaging/build.txt" --editable "$root" ||
        stop "MLIPViewer could not be built"
    build_wanted >"$venv/build.stamp"
}

set_up() {
    # shellcheck disable=SC2086
    missing=$(missing_packages "$@") && [ -z "$missing" ] || install_system_packages $missing
    packages_ready && build_ready && return
    mkdir -p "$tools"
    if command -v flock >/dev/null; then # two that start together take turns
        exec 9>"$tools/.lock"
        flock 9
    fi
    packages_ready || { make_uv && make_packages; }
    build_ready || { make_uv && make_build; }
    exec 9>&-
}
