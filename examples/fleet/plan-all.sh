#!/usr/bin/env bash
# Plans every tenant, a bounded number at a time, and summarizes the exit codes.
#
#   plan-all.sh TENANTS PARALLEL RESULTS [OPTION…]
#
# Each tenant NAME has TENANTS/NAME.vars.yaml, and its credentials in the file
# CREDENTIALS/NAME (lines SAIL_…=VALUE, mode 0600); CREDENTIALS is a variable of the
# environment. With --simulate, no credentials are needed. Exits with 1 if a tenant could not
# be planned, else with 2 if one has changes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tenants=$1 parallel=$2
mkdir -p "$3"
export RESULTS=$3 HERE=$here
shift 3

one() {
    file=$1
    shift
    name=$(basename "$file" .vars.yaml)
    if [[ -n ${CREDENTIALS:-} ]]; then
        while IFS='=' read -r key value; do
            case $key in SAIL_BASE_URL | SAIL_CLIENT_ID | SAIL_CLIENT_SECRET) export "$key=$value" ;; esac
        done <"$CREDENTIALS/$name"
    fi
    code=0
    # -v logs each request.
    steersman plan "$HERE/accounts" --var-file "$file" --no-stores --detailed-exitcode -v \
        --journal "$RESULTS/$name.journal.jsonl" --out "json=$RESULTS/$name.json" "$@" \
        >"$RESULTS/$name.txt" 2>"$RESULTS/$name.log" || code=$?
    echo "$code" >"$RESULTS/$name.code"
}
export -f one

rm -f -- "$RESULTS"/*.code
find "$tenants" -name '*.vars.yaml' -print0 | sort -z |
    xargs -0 -P "$parallel" -I FILE bash -c 'set -euo pipefail; one "$@"' one FILE "$@"

sort "$RESULTS"/*.code | uniq -c | while read -r count code; do echo "exit code $code: $count tenants"; done
if grep -qvE '^(0|2)$' "$RESULTS"/*.code; then exit 1; fi
if grep -q '^2$' "$RESULTS"/*.code; then exit 2; fi
