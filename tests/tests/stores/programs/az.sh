#!/bin/sh
# Behaves as `az keyvault secret` is documented. A deleted secret keeps its name until it is purged.
printf '%s\n' "$*" >> "$STAND_IN/arguments"
case "$STAND_IN_FAULT" in
denied) echo "ERROR: (Forbidden) The user does not have secrets get permission on key vault 'acme'." >&2; exit 1 ;;
unreachable) echo "ERROR: Failed to resolve 'acme.vault.azure.net'" >&2; exit 1 ;;
esac
operation=$3
for argument in "$@"; do
    case "$argument" in
    --name=*) name=${argument#*=} ;;
    --file=*) text=${argument#*=} ;;
    esac
done
file="$STAND_IN/$name"
none() { printf 'ERROR: (SecretNotFound) A secret with (name/id) %s was not found in this key vault.\n' "$name" >&2; exit 3; }
case "$operation" in
show) test -f "$file" || none; sed ':a;N;$!ba;s/\\/\\\\/g;s/"/\\"/g;s/\n/\\n/g;s/^/"/;s/$/"/' "$file" ;;
set)
    test -f "$file.deleted" && { echo "ERROR: (Conflict) ObjectIsDeletedButRecoverable" >&2; exit 1; }
    cat "$text" > "$file" ;;
show-deleted) test -f "$file.deleted" || none ;;
delete) test -f "$file" || none; mv "$file" "$file.deleted" ;;
purge) test -f "$file.deleted" || none; rm "$file.deleted" ;;
*) echo "unexpected: $*" >&2; exit 2 ;;
esac
