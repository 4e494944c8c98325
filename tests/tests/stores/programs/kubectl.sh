#!/bin/sh
# Behaves as `kubectl` does for Secrets of a namespace.
printf '%s\n' "$*" >> "$STAND_IN/arguments"
case "$STAND_IN_FAULT" in
denied) echo 'Error from server (Forbidden): secrets is forbidden: User "x" cannot get resource "secrets"' >&2; exit 1 ;;
unreachable) echo 'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?' >&2; exit 1 ;;
esac
case "$1" in
get)
    test -f "$STAND_IN/$3" || { echo "Error from server (NotFound): secrets \"$3\" not found" >&2; exit 1; }
    cat "$STAND_IN/$3" ;;
apply)
    manifest=$(cat)
    name=$(printf %s "$manifest" | sed 's/.*"name":"\([^"]*\)".*/\1/')
    text=$(printf %s "$manifest" | sed 's/.*"stringData":{"document":"\(.*\)"},"type".*/\1/; s/\\"/"/g')
    case "$*" in
    *--dry-run=server*) ;;
    *) printf '%b' "$text" > "$STAND_IN/$name" ;;
    esac ;;
delete) rm -f "$STAND_IN/$3" ;;
*) echo "unexpected: $*" >&2; exit 127 ;;
esac
