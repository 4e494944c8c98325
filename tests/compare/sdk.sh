#!/bin/sh
# Checks 300 service accounts of a simulated tenant twice: one after the other with
# SailPoint's Python SDK, and by `steersman plan`. Prints the requests and the seconds of both.
#
#   tests/compare/sdk.sh [ACCOUNTS] [off|real]
#
# The second argument is the rate limit of the tenant, by default ISC's: 100 requests in
# 10 seconds. Needs cargo and Python 3.9 or newer; the SDK is installed from PyPI into a
# folder that is removed at the end. STEERSMAN=FILE takes a program that is already built.
set -eu

accounts=${1:-300}
limit=${2:-real}
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)

if [ -z "${STEERSMAN:-}" ]; then
    cargo build --quiet --release --manifest-path "$repository/Cargo.toml" -p cli
    STEERSMAN=$repository/target/release/steersman
fi

folder=$(mktemp -d)
simulator=
trap 'if [ -n "$simulator" ]; then kill "$simulator" 2>/dev/null || true; fi; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sailpoint==2.1.72

"$STEERSMAN" simulator --seed-accounts "$accounts" --rate-limit "$limit" \
    > "$folder/sail.env" 2> "$folder/simulator.log" &
simulator=$!
until [ -s "$folder/sail.env" ]; do
    kill -0 "$simulator" || { cat "$folder/simulator.log" >&2; exit 1; }
    sleep 0.1
done
. "$folder/sail.env"

cd "$folder"
"$folder/venv/bin/python" "$here/sdk.py" "$accounts" "$STEERSMAN"
