#!/bin/sh
# Behaves as `vault` and `bao` do for a key/value store of version 2.
printf '%s\n' "$*" >> "$STAND_IN/arguments"
case "$STAND_IN_FAULT" in
denied) printf 'Error making API request.\n\nCode: 403. Errors:\n\n* permission denied\n' >&2; exit 2 ;;
unreachable) echo 'Get "http://127.0.0.1:1/v1/": dial tcp 127.0.0.1:1: connect: connection refused' >&2; exit 2 ;;
esac
file() { printf '%s/%s' "$STAND_IN" "$(printf %s "$1" | tr / %)"; }
case "$1 $2 $3" in
"kv get -mount=secret")
    test -f "$(file "$5")" || { echo "No value found at secret/data/$5" >&2; exit 2; }
    printf '{"data":{"data":%s,"metadata":{"version":1}}}\n' "$(cat "$(file "$5")")" ;;
"kv put -mount=secret") cat > "$(file "$5")" ;;
"kv metadata delete") rm -f "$(file "$5")"; echo "Success! Data deleted (if it existed)" ;;
"token capabilities -format=json")
    if test "$STAND_IN_FAULT" = readonly; then echo '["read"]'; else echo '["create","read","update"]'; fi ;;
*) echo "unexpected: $*" >&2; exit 127 ;;
esac
