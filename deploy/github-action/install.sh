#!/usr/bin/env bash
# Fetches the release of one version, holds it against its checksum, and unpacks it. Nothing of it is run before.
set -euo pipefail

refuse() {
    echo "::error title=gemini-doctor::$1"
    exit 2
}

[[ ${VERSION:-} =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] ||
    refuse "the input version has to name a release, such as 0.1.0"
case ${RUNNER_OS:-}-${RUNNER_ARCH:-} in
    Linux-X64) target=x86_64-unknown-linux-musl kind=tar.gz program=gemini-doctor ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl kind=tar.gz program=gemini-doctor ;;
    macOS-X64) target=x86_64-apple-darwin kind=tar.gz program=gemini-doctor ;;
    macOS-ARM64) target=aarch64-apple-darwin kind=tar.gz program=gemini-doctor ;;
    Windows-X64) target=x86_64-pc-windows-msvc kind=zip program=gemini-doctor.exe ;;
    *) refuse "there is no release for ${RUNNER_OS:-this system} on ${RUNNER_ARCH:-this processor}" ;;
esac
name=gemini-doctor-$VERSION-$target
home=${RUNNER_TEMP:?}/gemini-doctor
rm -rf "$home"
mkdir -p "$home"
cd "$home"

# FILE: from the release, into this directory. Files are for mirrors on the runner itself.
fetch() {
    curl --fail --silent --show-error --location --proto '=https,file' --proto-redir '=https' \
        --retry 3 --max-time 300 --output "$1" "$DOWNLOAD_FROM/v$VERSION/$1" ||
        refuse "could not fetch $1 of version $VERSION from $DOWNLOAD_FROM"
}

checksum() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

fetch "$name.$kind"
expected=${SHA256:-}
if [ -z "$expected" ]; then
    fetch SHA256SUMS
    expected=$(awk -v name="$name.$kind" '$2 == name || $2 == "*" name { print $1 }' SHA256SUMS)
    [ -n "$expected" ] || refuse "the release's SHA256SUMS does not name $name.$kind"
fi
found=$(checksum "$name.$kind")
if [ "$found" != "$(tr A-F a-f <<<"$expected")" ]; then
    rm -f "$name.$kind"
    refuse "the checksum of $name.$kind is $found and should be $expected; it was thrown away"
fi
case $kind in
    zip) 7z x -bso0 -y "$name.$kind" ;;
    *) tar -xzf "$name.$kind" ;;
esac
[ -x "$name/$program" ] || refuse "$name.$kind holds no $program"
echo "program=$home/$name/$program" >>"$GITHUB_OUTPUT"
echo "gemini-doctor $VERSION, sha256 $found"
