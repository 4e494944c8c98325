#!/usr/bin/env bash
# Brings the encrypted stores to the newest state of the branch, before a run reads them.
#
# An apply that waited for its approval has the checkout of an older commit. Issuer tokens
# can have been replaced since, and their old secrets are of no use. Only the folders of the
# stores change; the spec stays the one that was approved.
#
# git.sh describes the input.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$(dirname "${BASH_SOURCE[0]}")/git.sh"

read_stores
as_kit fetch --quiet --depth=1 "$remote" "refs/heads/$branch"
for store in "${stores[@]}"; do
    if [[ -n $(git ls-tree FETCH_HEAD -- "$store") ]]; then
        as_kit restore --source=FETCH_HEAD --worktree -- "$store"
    fi
done
# commit-stores.sh compares with this state.
git update-ref refs/steersman/stores FETCH_HEAD
echo "the stores are those of $(git rev-parse --short FETCH_HEAD) on $branch"
