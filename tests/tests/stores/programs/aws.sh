#!/bin/sh
# Behaves as `aws secretsmanager` does, version 2 of the command line.
printf '%s\n' "$*" >> "$STAND_IN/arguments"
refuse() { printf '\nAn error occurred (%s) when calling the operation: %s\n' "$1" "$2" >&2; exit 254; }
case "$STAND_IN_FAULT" in
denied) refuse AccessDeniedException "User: arn:aws:iam::1:user/x is not authorized" ;;
unreachable) echo 'Could not connect to the endpoint URL: "https://secretsmanager/"' >&2; exit 255 ;;
esac
operation=$2
for argument in "$@"; do
    case "$argument" in
    --secret-id=*) name=${argument#*=} ;;
    --name=*) name=${argument#*=} ;;
    --secret-string=file://*) text=${argument#--secret-string=file://} ;;
    --query=*) query=${argument#*=} ;;
    esac
done
file="$STAND_IN/$(printf %s "$name" | tr / %)"
none() { refuse ResourceNotFoundException "Secrets Manager can't find the specified secret."; }
case "$operation" in
get-secret-value)
    if test -f "$file.deleted"; then
        refuse InvalidRequestException "You can't perform this operation on the secret because it was marked for deletion."
    fi
    test -s "$file" || none
    if test "$query" = VersionId; then echo v1; else cat "$file"; echo; fi ;;
put-secret-value) test -f "$file" || none; cat "$text" > "$file" ;;
create-secret)
    test -f "$file" && refuse ResourceExistsException "The operation failed because the secret $name already exists."
    if test -n "$text"; then cat "$text" > "$file"; else : > "$file"; fi ;;
delete-secret) test -f "$file" || none; rm "$file" ;;
*) echo "unexpected: $*" >&2; exit 252 ;;
esac
