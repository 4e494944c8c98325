#!/usr/bin/env bash
# Applies a saved plan that has the digest which another channel handed over.
#
#   KIT_PLAN    file that plan.sh saved
#   KIT_DIGEST  sha256:…, its output `digest`
#
# Output: exit-code. Exit codes are steersman's.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[[ ${KIT_DIGEST:-} =~ ^sha256:[0-9a-f]{64}$ ]] ||
    fail "KIT_DIGEST must be sha256: and 64 hexadecimal digits, not '${KIT_DIGEST:-}'; nothing was applied" \
        "hand over the output digest of the job that planned"
[[ -f ${KIT_PLAN:-} ]] || fail "there is no saved plan '${KIT_PLAN:-}'; nothing was applied"

age_identity
words=()
add_spec
add_lines "${KIT_OPTIONS:-}"
folder=$(results)
record=${KIT_RECORD:-.steersman/record.json}
mkdir -p -- "$(dirname -- "$record")"
code=0
steersman apply ${words[@]+"${words[@]}"} --plan "$KIT_PLAN" --plan-digest "$KIT_DIGEST" \
    --journal "${KIT_JOURNAL:-.steersman/journal.jsonl}" --record "$record" \
    --out "markdown=$folder/report.md" || code=$?
summary "$folder/report.md"
output exit-code "$code"
exit "$code"
