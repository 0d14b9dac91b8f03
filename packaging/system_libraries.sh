# shellcheck shell=sh
# Sourced by build_deb.sh: which packages of this Debian hold what a frozen folder loads from
# outside of itself. Fails where a library is nowhere to be found.

# what is loaded by name, so that no program says that it needs it
loaded_by_name='libegl1, libgl1, libgl1-mesa-dri, libglx0, fonts-dejavu-core | fonts-freefont-ttf | fonts-liberation2'

elf_files() { # a folder
    find "$1" -type f \( -name '*.so' -o -name '*.so.*' -o -perm -u+x \) | while read -r file; do
        [ "$(head -c 4 "$file" | od -An -c | tr -d ' \n')" = '177ELF' ] && printf '%s\n' "$file"
    done
}

# the libraries that the files name themselves, by their place on this machine, one a line
libraries_outside() {
    elf_files "$1" | xargs -r readelf -d 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u |
        while read -r name; do
            [ -z "$(find "$1" -name "$name" | head -n 1)" ] || continue
            place=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | awk -v name="$name" '$1 == name {print $NF; exit}')
            echo "${place:-missing:$name}"
        done
}

packages_outside() { # a folder: "package, package (>= version) ..."
    paths=$(libraries_outside "$1")
    case $paths in *missing:*)
        echo "$paths" | grep missing: >&2
        return 1
        ;;
    esac
    # shellcheck disable=SC2086
    for path in $paths; do
        real=$(readlink -f "$path")
        dpkg -S "$path" "$real" "${real#/usr}" "/usr$real" 2>/dev/null | head -n 1 | cut -d: -f1
    done | sort -u | sed 's/^libc6$/libc6 (>= 2.34)/' | paste -sd, | sed 's/,/, /g'
}
