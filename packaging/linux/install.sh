#!/bin/sh
# Adds the unpacked program to the menu and to the "open with" of this user: ./install.sh
# Takes it out again: ./install.sh remove. Nothing else on the machine is touched.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
program=$(dirname -- "$here")/mlipviewer
share=${XDG_DATA_HOME:-$HOME/.local/share}
cd "$here"
find applications icons mime -type f | while read -r file; do
    if [ "${1-}" = remove ]; then
        rm -f "$share/$file"
    else
        mkdir -p "$share/$(dirname -- "$file")"
        case $file in
        *.desktop) sed "s|^Exec=mlipviewer|Exec=\"$program\"|" "$file" >"$share/$file" ;;
        *) cp "$file" "$share/$file" ;;
        esac
    fi
done
if [ "${1-}" = remove ]; then rm -f "$HOME/.local/bin/mlipviewer"; else
    mkdir -p "$HOME/.local/bin"
    ln -sf "$program" "$HOME/.local/bin/mlipviewer"
fi
update-desktop-database "$share/applications" 2>/dev/null || true
update-mime-database "$share/mime" 2>/dev/null || true
