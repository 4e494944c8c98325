#!/usr/bin/env bash
# Installs a released steersman, after its checksum was verified.
#
#   KIT_VERSION     version, such as 1.2.3
#   KIT_REPOSITORY  OWNER/NAME of the repository with the releases
#   KIT_SERVER      default: https://github.com
#   KIT_SHA256      SHA-256 of the archive, or lines of the release's SHA256SUMS. Left out:
#                   SHA256SUMS is downloaded, and GitHub's attestation of the archive is
#                   verified with gh (GH_TOKEN): the release workflow of KIT_REPOSITORY
#                   must have built it from the tag of the version.
#   KIT_FOLDER      where steersman goes
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
umask 022

[[ ${KIT_VERSION:-} =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] ||
    fail "KIT_VERSION must be a version such as 1.2.3, not '${KIT_VERSION:-}'" "name the release to install, without v"
[[ ${KIT_REPOSITORY:-} =~ ^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$ ]] ||
    fail "KIT_REPOSITORY must be OWNER/NAME, not '${KIT_REPOSITORY:-}'"
[[ -n ${KIT_FOLDER:-} ]] || fail "KIT_FOLDER is missing" "name the folder to install to"
server=${KIT_SERVER:-https://github.com}
[[ $server == https://* ]] || fail "KIT_SERVER must begin with https://, not '$server'"
need curl

suffix=tar.gz
program=steersman
case "$(uname -s) $(uname -m)" in
    "Linux x86_64") target=x86_64-unknown-linux-musl ;;
    "Linux aarch64" | "Linux arm64") target=aarch64-unknown-linux-musl ;;
    "Darwin x86_64") target=x86_64-apple-darwin ;;
    "Darwin arm64") target=aarch64-apple-darwin ;;
    MINGW*" x86_64" | MSYS*" x86_64" | CYGWIN*" x86_64")
        target=x86_64-pc-windows-msvc
        suffix=zip
        program=steersman.exe
        ;;
    *) fail "there is no release for $(uname -s) $(uname -m)" "build it: docs/install.md" ;;
esac
name=steersman-$KIT_VERSION-$target
archive=$name.$suffix
from=$server/$KIT_REPOSITORY/releases/download/v$KIT_VERSION

work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/steersman-install.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

download() {
    curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 \
        --max-time 300 --output "$work/$1" "$from/$1" ||
        fail "cannot download $from/$1" "check the version, and that the runner reaches $server"
}

# The checksum of the archive in a text: one checksum, or lines of SHA256SUMS.
checksum_in() {
    local text=$1 hash file found=
    if [[ $text =~ ^[[:space:]]*([0-9a-f]{64})[[:space:]]*$ ]]; then
        echo "${BASH_REMATCH[1]}"
        return
    fi
    while read -r hash file; do
        if [[ ${file#\*} == "$archive" ]]; then
            if [[ -n $found && $found != "$hash" ]]; then
                fail "$archive has two checksums" "keep the line of the release's SHA256SUMS"
            fi
            found=$hash
        fi
    done <<<"$text"
    [[ $found =~ ^[0-9a-f]{64}$ ]] || fail "$2 has no SHA-256 for $archive" "copy its line from $from/SHA256SUMS"
    echo "$found"
}

if [[ -n ${KIT_SHA256:-} ]]; then
    expected=$(checksum_in "$KIT_SHA256" KIT_SHA256)
else
    command -v gh >/dev/null ||
        fail "neither KIT_SHA256 nor the program gh is there: the download cannot be verified" \
            "copy the checksum of $archive from $from/SHA256SUMS into KIT_SHA256"
    download SHA256SUMS
    expected=$(checksum_in "$(cat "$work/SHA256SUMS")" "$from/SHA256SUMS")
fi
download "$archive"
actual=$(sha256 "$work/$archive")
[[ $actual == "$expected" ]] ||
    fail "$archive has the SHA-256 $actual, not $expected; nothing was installed" \
        "compare the checksum with the release; if it differs there, report it as SECURITY.md says"
if [[ -z ${KIT_SHA256:-} ]]; then
    # A checksum from the same place as the file shows no more than a whole download.
    gh attestation verify "$work/$archive" --repo "$KIT_REPOSITORY" \
        --signer-workflow "$KIT_REPOSITORY/.github/workflows/release.yml" \
        --source-ref "refs/tags/v$KIT_VERSION" >&2 ||
        fail "$archive has no valid provenance of $KIT_REPOSITORY; nothing was installed" \
            "give gh a token (GH_TOKEN), or copy the checksum into KIT_SHA256 after you checked the release"
fi

if [[ $suffix == zip ]]; then
    unzip -q "$work/$archive" -d "$work"
else
    tar -xzf "$work/$archive" -C "$work"
fi
[[ -f $work/$name/$program ]] || fail "$archive has no $name/$program; nothing was installed"
mkdir -p -- "$KIT_FOLDER"
cp -R -- "$work/$name/." "$KIT_FOLDER/"
version=$("$KIT_FOLDER/$program" --version)
[[ $version == "steersman $KIT_VERSION" ]] || fail "the installed program is '$version', not steersman $KIT_VERSION"
echo "installed $version (SHA-256 $actual of $archive)"
output version "$KIT_VERSION"
output folder "$KIT_FOLDER"
