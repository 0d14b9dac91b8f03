#!/bin/sh
# What try_deb.sh does as an ordinary user in the bare root, on a virtual screen of its own:
#   try_desktop.sh FOLDER EXAMPLES
# Prints a line "yes: ..." or "NO:  ..." for each thing that was tried.
set -u
cd "$1" || exit 1
examples=$2
id=org.mlipviewer.MLIPViewer
entry=/usr/share/applications/$id.desktop
export HOME="${HOME:-$1}" XDG_RUNTIME_DIR="$1/run" LIBGL_ALWAYS_SOFTWARE=1 DISPLAY=:97
export XDG_CURRENT_DESKTOP=X-Generic XDG_SESSION_TYPE=x11
mkdir -p -m 700 "$XDG_RUNTIME_DIR"
recent="$HOME/.local/state/mlipviewer/recent.json"

expect() {
    sentence=$1
    shift
    if "$@" >last.log 2>&1; then echo "yes: $sentence"; else echo "NO:  $sentence ($(tail -n 1 last.log))"; fi
}
await() { # a command that succeeds, 60 s at most
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 240 ] || return 1
        sleep 0.25
    done
}
window() { xdotool search --onlyvisible --name "$1"; }
picture() { ffmpeg -loglevel error -y -f x11grab -video_size 1600x1000 -i "$DISPLAY" -frames:v 1 "$1"; }
programs() { pgrep -u "$(id -u)" -fc '^(/usr/bin/|/usr/lib/mlipviewer/)?mlipviewer( |$)'; }
type_path() { # into the dialog of files that has just come up
    sleep 1.5
    xdotool key ctrl+a
    xdotool type --delay 15 "$1"
    xdotool key Return
}

Xvfb "$DISPLAY" -screen 0 1600x1000x24 -nolisten tcp >xvfb.log 2>&1 &
xvfb=$!
await xprop -root _NET_SUPPORTING_WM_CHECK
openbox --sm-disable >openbox.log 2>&1 &
trap 'kill $xvfb 2>/dev/null' EXIT
await sh -c 'xprop -root _NET_SUPPORTING_WM_CHECK | grep -q "window id"'

zcat "$examples/lithium/crystallization.extxyz.gz" | awk 'NR <= 5 * 4058' >run.extxyz
cp "$examples/classical/errors.csv" second.csv
printf 'ITEM: TIMESTEP\n0\n' >run.dump
printf 'Si\n1.0\n' >XDATCAR
printf '{}' >a.mlipview

expect 'an extxyz is known by its name' \
    sh -c 'gio info -a standard::content-type run.extxyz | grep -q chemical/x-extxyz'
expect 'a LAMMPS dump is known by its content' \
    sh -c 'gio info -a standard::content-type run.dump | grep -q chemical/x-lammps-dump'
expect 'XDATCAR is known by its name' \
    sh -c 'gio info -a standard::content-type XDATCAR | grep -q chemical/x-vasp-xdatcar'
expect 'a session is known by its name' \
    sh -c 'gio info -a standard::content-type a.mlipview | grep -q x-mlipviewer-session'
expect 'the entry is offered for it' sh -c "gio mime chemical/x-extxyz | grep -q $id.desktop"
expect 'the entry is valid' desktop-file-validate "$entry"
expect 'no default of another program is taken' \
    sh -c "! grep -rs $id /usr/share/applications/defaults.list /etc/xdg/mimeapps.list \"$HOME/.config/mimeapps.list\""

expect 'it starts from its desktop entry' gio launch "$entry"
expect 'its window shows' await window MLIPViewer
expect 'a file is opened by its association' gio open "$PWD/run.extxyz"
expect 'the running window took it' await grep -q run.extxyz "$recent"
gio launch "$entry" "$PWD/second.csv"
expect 'a second launch hands its file over' await grep -q second.csv "$recent"
expect 'the title of the window tells the table' await window second.csv
sleep 2
expect 'there is one program' sh -c "[ $(programs) -eq 1 ]"
sleep 8
picture window.png

xdotool search --onlyvisible --name second.csv windowactivate --sync
xdotool key ctrl+shift+s
type_path "$PWD/saved.mlipview"
expect 'a session is saved from the window' await [ -s saved.mlipview ]
expect 'a movie is made of it' timeout 300 mlipviewer movie saved.mlipview --out movie.mp4
expect 'the movie has pictures' sh -c '
    [ "$(ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 movie.mp4)" -ge 5 ]'
xdotool search --onlyvisible --name saved windowactivate --sync
xdotool key ctrl+e
sleep 3
picture figure_dialog.png
xdotool key Return
type_path "$PWD/figure.svg"
expect 'a figure is exported from the window' await grep -q '</svg>' figure.svg
expect 'a figure is made without a window' sh -c "
    timeout 120 mlipviewer run pareto --table second.csv --figure pareto.pdf && head -c 5 pareto.pdf | grep -q %PDF"
expect 'a table becomes Parquet and comes back' sh -c '
    mlipviewer convert second.csv one.parquet && mlipviewer convert one.parquet two.csv &&
        mlipviewer convert second.csv three.csv && cmp two.csv three.csv'
xdotool search --onlyvisible --name saved windowactivate --sync
xdotool key ctrl+q
expect 'it quits by its key' await sh -c "! pgrep -u $(id -u) -f '^/usr/bin/mlipviewer|^mlipviewer|^/usr/lib/mlipviewer'"
expect 'no crash was written down' sh -c "! ls $HOME/.local/state/mlipviewer/logs/crash-* 2>/dev/null"
