#!/usr/bin/env bash
# Installs the steersman that goes with this action, and adds it to the path.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# GitHub checks out an action to …/_actions/OWNER/NAME/REF.
if [[ -z ${KIT_REPOSITORY:-} ]]; then
    if [[ ${here//\\//} =~ /_actions/([^/]+/[^/]+)/[^/]+/\.github/actions/setup$ ]]; then
        export KIT_REPOSITORY=${BASH_REMATCH[1]}
    else
        echo "error: the input repository is missing" >&2
        echo "  help: name the OWNER/NAME whose release is installed" >&2
        exit 1
    fi
fi
# Whoever pins the commit of the action has pinned the version.
if [[ -z ${KIT_VERSION:-} ]]; then
    KIT_VERSION=$(sed -n '/^\[workspace\.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$here/../../../Cargo.toml")
    export KIT_VERSION
fi
KIT_OUTPUTS=${GITHUB_OUTPUT:-} bash "$here/../scripts/install.sh"
echo "$KIT_FOLDER" >>"$GITHUB_PATH"
