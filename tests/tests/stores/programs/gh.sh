#!/bin/sh
# Behaves as `gh` does for secrets of a repository.
printf '%s\n' "$*" >> "$STAND_IN/arguments"
case "$STAND_IN_FAULT" in
denied) echo 'gh: Resource not accessible by integration (HTTP 403)' >&2; exit 1 ;;
unreachable) echo 'error connecting to api.github.com' >&2; exit 1 ;;
esac
case "$1 $2" in
"api repos/acme/site/actions/secrets/public-key") ;;
"secret set") cat > "$STAND_IN/$3" ;;
"secret delete") test -f "$STAND_IN/$3" || { echo "failed to delete secret $3: HTTP 404: Not Found" >&2; exit 1; }; rm "$STAND_IN/$3" ;;
*) echo "unexpected: $*" >&2; exit 127 ;;
esac
