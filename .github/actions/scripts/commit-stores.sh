#!/usr/bin/env bash
# Commits and pushes the encrypted stores that a run changed.
#
# ISC shows a secret once. A store in Git that is not pushed is lost with the runner.
#
# git.sh describes the input.
# Outputs: pushed (true or false).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$(dirname "${BASH_SOURCE[0]}")/git.sh"

read_stores

base=$(git rev-parse --quiet --verify refs/steersman/stores || git rev-parse HEAD)
index=$(mktemp -u "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/steersman-index.XXXXXX")
changes=$(mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/steersman-changes.XXXXXX")
trap 'rm -f -- "$index" "$changes"' EXIT
# An index of its own: neither the checkout's index nor its files change.
staged() { GIT_INDEX_FILE=$index as_kit "$@"; }

# The commit of the stores as this run left them, on the state that it began with.
staged read-tree "$base"
for store in "${stores[@]}"; do
    if [[ -e $store || -n $(staged ls-files -- "$store") ]]; then staged add --all -- "$store"; fi
done
tree=$(staged write-tree)
git diff-tree -r -z --name-only --no-renames "$base^{tree}" "$tree" >"$changes"
if [[ ! -s $changes ]]; then
    echo "the stores have not changed"
    output pushed false
    exit 0
fi

# Only encrypted files leave the runner.
while IFS= read -r -d '' file; do
    read -r mode _ object _ < <(git ls-tree "$tree" -- ":(literal)$file") || continue # deleted
    case "$mode $(git cat-file blob "$object" | head -c 34 | tr -d '\0')" in
        "100644 age-encryption.org/v1"* | "100644 -----BEGIN AGE ENCRYPTED FILE-----"*) ;;
        *) fail "$file is not a file encrypted with age; nothing was pushed" "declare the store as age, or leave its folder out of KIT_STORES" ;;
    esac
done <"$changes"

# What a commit has at a path; empty where it has nothing.
entry() { git ls-tree "$1" -- ":(literal)$2" | cut -f1; }

lost() {
    output pushed false
    fail "$1; the secrets of new tokens are only on this runner" \
        "keep the folders of the stores as an artifact of the job (they are encrypted), $2, and commit them"
}

for attempt in 1 2 3 4 5; do
    # Others can have pushed since: the new commit goes on top of theirs.
    as_kit fetch --quiet --depth=1 "$remote" "refs/heads/$branch" || lost "cannot fetch $branch" "check the token"
    tip=$(git rev-parse FETCH_HEAD)
    staged read-tree "$tip"
    while IFS= read -r -d '' file; do
        ours=$(entry "$tree" "$file")
        theirs=$(entry "$tip" "$file")
        if [[ $theirs == "$ours" ]]; then continue; fi
        [[ $theirs == "$(entry "$base" "$file")" ]] ||
            lost "$branch has another $file than this run began with" "let one job at a time write the stores"
        if [[ -z $ours ]]; then
            staged update-index --force-remove -- "$file"
        else
            read -r mode _ object <<<"$ours"
            staged update-index --add --cacheinfo "$mode,$object,$file"
        fi
    done <"$changes"
    new=$(staged write-tree)
    if [[ $new == "$(git rev-parse "$tip^{tree}")" ]]; then
        echo "$branch has these stores already"
        output pushed false
        exit 0
    fi
    commit=$(as_kit commit-tree "$new" -p "$tip" -m "Store token secrets" -m "Encrypted by steersman. [skip ci]")
    if as_kit push --quiet "$remote" "$commit:refs/heads/$branch"; then
        echo "pushed ${commit:0:10} to $branch"
        output pushed true
        exit 0
    fi
    echo "push $attempt of 5 was refused" >&2
done
lost "cannot push the stores to $branch" "allow the job's token to push to the branch"
