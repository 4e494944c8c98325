#!/usr/bin/env bash
# Rotates the tokens that are due, and revokes replaced tokens whose overlap is over.
#
# Nothing else is applied: not what was merged and is not approved yet, and no drift.
#
# Outputs: rotated (number of steps), exit-code. Exit codes are steersman's, but 0 where
# nothing is due.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need jq

# The reasons that time alone brings, and no change of a file or of the tenant.
due='["rotationDue","rotationOverdue","expired","overlapOver","overlapOverInUse","issuerSeen","issuerReplaced"]'

age_identity
words=()
add_spec
add_lines "${KIT_OPTIONS:-}"
spec=(${words[@]+"${words[@]}"})
journal=${KIT_JOURNAL:-.steersman/journal.jsonl}
record=${KIT_RECORD:-.steersman/record.json}
mkdir -p -- "$(dirname -- "$record")"
folder=$(results)

plan() {
    code=0
    rm -f -- "$folder/rotation.json" "$folder/steps.json"
    steersman plan ${spec[@]+"${spec[@]}"} "$@" --detailed-exitcode --journal "$journal" \
        --save "$folder/rotation.json" --out "json=$folder/steps.json" >"$folder/plan.txt" || code=$?
    if [[ $code != 0 && $code != 2 ]]; then
        cat -- "$folder/plan.txt"
        output exit-code "$code"
        exit "$code"
    fi
}

plan --only kind:token --only kind:issuer
only=()
# Addresses can have characters that are patterns; a question mark matches each.
while IFS= read -r address; do
    only+=(--only "$address")
done < <(jq -r --argjson due "$due" '
    .steps[] | select(.kind == "token" or .kind == "issuer")
    | select(.reason as $reason | $due | index($reason))
    | .address | gsub("[*?{}\\[\\]\\\\!,]"; "?")' "$folder/steps.json")
if ((${#only[@]} == 0)); then
    echo "no token is due"
    output rotated 0
    output exit-code 0
    exit 0
fi

plan "${only[@]}"
cat -- "$folder/plan.txt"
# A rotation can need another step, such as a level that was removed. That is not due.
others=$(jq -r --argjson due "$due" '
    [.steps[] | select(.reason as $reason | $due | index($reason) | not) | .address] | join(", ")' "$folder/steps.json")
[[ -z $others ]] ||
    fail "the rotation needs steps that are not due: $others; nothing was applied" \
        "apply these changes first, with an approved plan"
code=0
steersman apply ${spec[@]+"${spec[@]}"} "${only[@]}" --plan "$folder/rotation.json" \
    --plan-digest "sha256:$(sha256 "$folder/rotation.json")" --journal "$journal" \
    --record "$record" --out "markdown=$folder/report.md" || code=$?
summary "$folder/report.md"
output rotated "$(jq '.steps | length' "$folder/steps.json")"
output exit-code "$code"
exit "$code"
