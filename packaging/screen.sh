# shellcheck shell=sh
# Sourced by ./run and ./test: a virtual screen with a window manager and Mesa's software OpenGL.
# Without a window manager no window becomes active and no keyboard shortcut fires.

end_screen() {
    [ -n "${openbox_pid-}" ] && kill "$openbox_pid" 2>/dev/null
    [ -n "${xvfb_pid-}" ] && kill "$xvfb_pid" 2>/dev/null && wait "$xvfb_pid" 2>/dev/null
    [ -n "${screen_folder-}" ] && rm -rf "$screen_folder"
    xvfb_pid='' openbox_pid='' screen_folder=''
}

await() { # what it is, then a command that succeeds when it is there; 15 s at most
    awaited=$1 tries=0
    shift
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || stop "The virtual screen does not start: no $awaited
$(cat "$screen_folder/xvfb.log" "$screen_folder/openbox.log" 2>/dev/null)"
        sleep 0.05
    done
}

has_window_manager() { xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id'; }

start_screen() {
    screen_folder=$(mktemp -d) || exit 1
    trap end_screen EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    chmod 700 "$screen_folder"

    Xvfb -displayfd 3 -screen 0 1920x1200x24 -dpi 96 +extension GLX -nolisten tcp -noreset \
        3>"$screen_folder/display" >"$screen_folder/xvfb.log" 2>&1 &
    xvfb_pid=$!
    await display [ -s "$screen_folder/display" ]
    DISPLAY=":$(cat "$screen_folder/display")"
    export DISPLAY QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1 XDG_SESSION_TYPE=x11
    unset WAYLAND_DISPLAY
    if [ -z "${XDG_RUNTIME_DIR-}" ]; then
        export XDG_RUNTIME_DIR="$screen_folder"
    fi

    HOME="$screen_folder" XDG_CONFIG_HOME="$screen_folder" XDG_CACHE_HOME="$screen_folder" \
        openbox --sm-disable >"$screen_folder/openbox.log" 2>&1 &
    openbox_pid=$!
    await 'window manager' has_window_manager
}
