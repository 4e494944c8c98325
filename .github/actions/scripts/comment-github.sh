#!/usr/bin/env bash
# Writes a plan as one comment of a pull request, and updates it in place.
#
#   GH_TOKEN           token with pull-requests: write
#   KIT_REPOSITORY     OWNER/NAME
#   KIT_PULL_REQUEST   number
#   KIT_MARKDOWN       file with the text
#   KIT_COMMENT        name of the comment, for pull requests with more than one
#   KIT_COMMENT_AUTHOR login that writes; default: github-actions[bot]
#
# A comment that cannot be written is a warning: the plan is on the page of the run, too.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need gh
need jq

[[ ${KIT_REPOSITORY:-} =~ ^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$ ]] || fail "KIT_REPOSITORY must be OWNER/NAME"
[[ ${KIT_PULL_REQUEST:-} =~ ^[0-9]+$ ]] || fail "KIT_PULL_REQUEST must be a number"
[[ ${KIT_COMMENT:=plan} =~ ^[A-Za-z0-9._-]+$ ]] || fail "KIT_COMMENT must be letters, digits, dots, hyphens and underscores"
[[ -f ${KIT_MARKDOWN:-} ]] || fail "there is no file '${KIT_MARKDOWN:-}'"
mark="<!-- steersman:$KIT_COMMENT -->"
author=${KIT_COMMENT_AUTHOR:-github-actions[bot]}

work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/steersman-comment.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
not_written() {
    echo "::warning::the plan could not be written as a comment (does the job have pull-requests: write?); it is on the page of this run"
    exit 0
}

jq -Rs --arg mark "$mark" '{body: ($mark + "\n" + .)}' <"$KIT_MARKDOWN" >"$work/body.json"
gh api --paginate "repos/$KIT_REPOSITORY/issues/$KIT_PULL_REQUEST/comments?per_page=100" >"$work/comments.json" || not_written
# Others can write the mark into their comments: only the author's own are ours.
jq -rs --arg mark "$mark" --arg author "$author" '
    [flatten[] | select(.user.login == $author) | select(.body | startswith($mark))] | first // empty' \
    "$work/comments.json" >"$work/old.json"
if [[ ! -s $work/old.json ]]; then
    gh api --method POST "repos/$KIT_REPOSITORY/issues/$KIT_PULL_REQUEST/comments" --input "$work/body.json" >/dev/null || not_written
    echo "wrote the comment"
elif jq -e --slurpfile new "$work/body.json" '(.body | gsub("\r"; "")) == $new[0].body' "$work/old.json" >/dev/null; then
    echo "the comment is current"
else
    gh api --method PATCH "repos/$KIT_REPOSITORY/issues/comments/$(jq .id "$work/old.json")" --input "$work/body.json" >/dev/null || not_written
    echo "updated the comment"
fi
