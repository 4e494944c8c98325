#!/usr/bin/env bash
# Writes a plan as one note of a merge request, and updates it in place.
#
#   KIT_TOKEN     project access token with the scope api and the role Reporter
#   KIT_MARKDOWN  file with the text
#   KIT_COMMENT   name of the note, for merge requests with more than one
#
# CI_API_V4_URL, CI_PROJECT_ID and CI_MERGE_REQUEST_IID come from GitLab. A note that
# cannot be written is a warning: the plan is in the job's log and artifacts, too.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need curl
need jq

if [[ -z ${KIT_TOKEN:-} ]]; then
    echo "no note: this job has no KIT_TOKEN"
    exit 0
fi
[[ ${CI_API_V4_URL:-} == https://* ]] || fail "CI_API_V4_URL must begin with https://"
[[ ${CI_PROJECT_ID:-} =~ ^[0-9]+$ ]] || fail "CI_PROJECT_ID must be a number"
[[ ${CI_MERGE_REQUEST_IID:-} =~ ^[0-9]+$ ]] || fail "CI_MERGE_REQUEST_IID must be a number"
[[ ${KIT_COMMENT:=plan} =~ ^[A-Za-z0-9._-]+$ ]] || fail "KIT_COMMENT must be letters, digits, dots, hyphens and underscores"
[[ $KIT_TOKEN != *[[:space:]\"\\]* ]] || fail "KIT_TOKEN has characters that no token has"
[[ -f ${KIT_MARKDOWN:-} ]] || fail "there is no file '${KIT_MARKDOWN:-}'"
mark="<!-- steersman:$KIT_COMMENT -->"
notes=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes

work=$(mktemp -d "${TMPDIR:-/tmp}/steersman-comment.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
not_written() {
    echo "warning: the plan could not be written as a note; it is in the artifacts of this job" >&2
    exit 0
}
# The token goes to curl by standard input: arguments can be read by other programs.
api() {
    printf 'header = "PRIVATE-TOKEN: %s"\n' "$KIT_TOKEN" |
        curl --config - --proto '=https' --fail --silent --show-error --max-time 60 \
            --header 'Content-Type: application/json' "$@"
}

jq -Rs --arg mark "$mark" '{body: ($mark + "\n" + .)}' <"$KIT_MARKDOWN" >"$work/body.json"
me=$(api "$CI_API_V4_URL/user" | jq -e .id) || not_written
old=
for page in {1..20}; do
    api "$notes?per_page=100&page=$page" >"$work/page.json" || not_written
    # Others can write the mark into their notes: only the token's own are ours.
    old=$(jq -r --arg mark "$mark" --argjson me "$me" '
        [.[] | select(.author.id == $me) | select(.body | startswith($mark))] | first | .id // empty' "$work/page.json")
    if [[ -n $old || $(jq length "$work/page.json") -lt 100 ]]; then break; fi
done
if [[ -n $old ]]; then
    api --request PUT --data "@$work/body.json" "$notes/$old" >/dev/null || not_written
    echo "updated the note"
else
    api --request POST --data "@$work/body.json" "$notes" >/dev/null || not_written
    echo "wrote the note"
fi
