#!/bin/sh
# Puts the program and what it needs to start into an empty directory, which is then the whole of an image.
#
#   rootfs.sh PROGRAM DIRECTORY
#
# The program is linked to the C library and to nothing else. A library that is linked in would be smaller, but the C library
# of this target looks names up through parts of itself that it loads when it runs, so that they are brought along.
set -eu

program=$1 root=$2
[ -x "$program" ] || { echo "$program is no program" >&2; exit 1; }
mkdir -p "$root/etc" "$root/tmp"
chmod 1777 "$root/tmp"
cp "$program" "$root/gemini-doctor"

# Every library that the loader would take, and the loader, each at the path where it is looked for.
ldd "$program" | sed -n 's|.*=> \(/[^ ]*\) (.*|\1|p; s|^[[:space:]]*\(/[^ ]*\) (.*|\1|p' | sort -u |
    while read -r library; do
        mkdir -p "$root$(dirname "$library")"
        cp -L "$library" "$root$library"
    done

# Whose file it is, in words, and where names are looked up.
echo 'nobody:x:65532:65532:nobody:/tmp:/none' >"$root/etc/passwd"
echo 'nobody:x:65532:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
