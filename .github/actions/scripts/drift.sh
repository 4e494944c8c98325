#!/usr/bin/env bash
# Compares the tenant with the files and with the record of the last apply.
#
# Outputs: drift (true or false; empty if it is not known), exit-code, markdown.
# Exit codes are steersman's: 2 with drift.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

age_identity
words=()
add_spec
add_lines "${KIT_OPTIONS:-}"
folder=$(results)
record=${KIT_RECORD:-.steersman/record.json}
mkdir -p -- "$(dirname -- "$record")"
code=0
steersman drift ${words[@]+"${words[@]}"} --record "$record" \
    --journal "${KIT_JOURNAL:-.steersman/journal.jsonl}" --out "markdown=$folder/drift.md" || code=$?
summary "$folder/drift.md"
output exit-code "$code"
if [[ -f $folder/drift.md ]]; then output markdown "$folder/drift.md"; fi
case $code in
    0) output drift false ;;
    2) output drift true ;;
    *) output drift "" ;;
esac
exit "$code"
