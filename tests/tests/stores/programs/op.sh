#!/bin/sh
# Behaves as `op document` is documented.
printf '%s\n' "$*" >> "$STAND_IN/arguments"
case "$STAND_IN_FAULT" in
denied) echo '[ERROR] 2026/11/26 18:00:00 You are not currently signed in. Please run `op signin --help` for instructions' >&2; exit 1 ;;
unreachable) echo '[ERROR] 2026/11/26 18:00:00 could not reach 1password.com' >&2; exit 1 ;;
esac
file() { printf '%s/%s' "$STAND_IN" "$(printf %s "$1" | tr / %)"; }
none() { echo "[ERROR] 2026/11/26 18:00:00 \"$1\" isn't an item in the \"CI\" vault. Specify the item with its UUID, name, or domain." >&2; exit 1; }
case "$1 $2" in
"document get") test -f "$(file "$3")" || none "$3"; cat "$(file "$3")" ;;
"document edit") test -f "$(file "$3")" || none "$3"; cat > "$(file "$3")" ;;
"document create") title=${4#--title=}; cat > "$(file "$title")" ;;
"document delete") test -f "$(file "$3")" || none "$3"; rm "$(file "$3")" ;;
"vault get") ;;
*) echo "unexpected: $*" >&2; exit 2 ;;
esac
