#!/bin/sh
# Behaves as `gcloud secrets` is documented.
printf '%s\n' "$*" >> "$STAND_IN/arguments"
fail() { echo "ERROR: (gcloud.secrets) $1" >&2; exit 1; }
case "$STAND_IN_FAULT" in
denied) fail "PERMISSION_DENIED: Permission 'secretmanager.versions.access' denied for resource (or it may not exist)." ;;
unreachable) echo 'ERROR: gcloud crashed (ConnectionError): HTTPSConnectionPool' >&2; exit 1 ;;
esac
none() { fail "NOT_FOUND: Secret [projects/1/secrets/$1] not found or has no versions."; }
case "$2 $3" in
"versions access") name=${5#--secret=}; test -s "$STAND_IN/$name" || none "$name"; cat "$STAND_IN/$name" ;;
"versions add") test -f "$STAND_IN/$4" || none "$4"; cat > "$STAND_IN/$4" ;;
"create $3") test -f "$STAND_IN/$3" && fail "ALREADY_EXISTS: Secret [projects/1/secrets/$3] already exists."; : > "$STAND_IN/$3" ;;
"delete $3") test -f "$STAND_IN/$3" || none "$3"; rm "$STAND_IN/$3" ;;
*) echo "unexpected: $*" >&2; exit 2 ;;
esac
