#!/usr/bin/env bash
# Validates, plans, and saves the plan with its digest.
#
#   KIT_WITHOUT_CREDENTIALS  "skip": without SAIL_CLIENT_ID, only validate; else that fails
#
# Outputs: planned, changes (true or false), exit-code, digest, plan, markdown.
# Exit codes are steersman's, but 0 with and without changes.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

age_identity
words=()
add_spec
spec=(${words[@]+"${words[@]}"})
format=text
if [[ -n ${GITHUB_ACTIONS:-} ]]; then format=github; fi

credentials=true
if [[ -z ${SAIL_CLIENT_ID:-} || -z ${SAIL_CLIENT_SECRET:-} ]]; then credentials=false; fi
mock=()
# Values of variables are often set where credentials are, and only there.
if [[ $credentials == false ]]; then mock=(--mock-variables); fi
steersman validate ${spec[@]+"${spec[@]}"} ${mock[@]+"${mock[@]}"} --format "$format"

if [[ $credentials == false ]]; then
    output planned false
    output changes false
    if [[ ${KIT_WITHOUT_CREDENTIALS:-} == skip ]]; then
        echo "not planned: this job has no SAIL_CLIENT_ID and SAIL_CLIENT_SECRET; the files are valid"
        exit 0
    fi
    fail "not planned: SAIL_CLIENT_ID and SAIL_CLIENT_SECRET are not set" \
        "add them to the environment of this job"
fi

folder=$(results)
add_lines "${KIT_OPTIONS:-}"
rm -f -- "$folder/plan.json" "$folder/plan.md"
code=0
steersman plan ${words[@]+"${words[@]}"} --detailed-exitcode --save "$folder/plan.json" \
    --journal "${KIT_JOURNAL:-.steersman/journal.jsonl}" \
    --out "markdown=$folder/plan.md" --markdown-limit 60000 || code=$?

summary "$folder/plan.md"
output exit-code "$code"
if [[ -f $folder/plan.md ]]; then output markdown "$folder/plan.md"; fi
case $code in
    0) changes=false ;;
    2) changes=true ;;
    *)
        output planned false
        output changes false
        exit "$code"
        ;;
esac
output planned true
output changes "$changes"
output plan "$folder/plan.json"
output digest "sha256:$(sha256 "$folder/plan.json")"
