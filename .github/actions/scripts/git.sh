# Stores in Git: their folders, and a Git that is safe with a token. Sourced, not run.
#
#   KIT_STORES     folders of age stores, one a line
#   KIT_BRANCH     branch that has their newest state
#   KIT_GIT_TOKEN  token for HTTPS; left out: Git's own credentials
#   KIT_GIT_USER   user name that goes with the token; default: x-access-token
# shellcheck shell=bash

# Sets `stores` and `branch` from the input, and `remote` to the address of origin.
read_stores() {
    need git
    words=()
    add_lines "${KIT_STORES:-}"
    stores=(${words[@]+"${words[@]}"})
    ((${#stores[@]} > 0)) || fail "KIT_STORES is empty" "name the folders of the age stores"
    local store
    for store in "${stores[@]}"; do
        case /$store/ in
            //* | */../* | */./* | */.git/* | /-* | /:*) fail "a store must be a folder of this repository: $store" ;;
        esac
        [[ ! -L $store ]] || fail "the store is a link: $store"
    done
    branch=${KIT_BRANCH:-}
    git check-ref-format --branch "$branch" >/dev/null 2>&1 || fail "KIT_BRANCH must be a branch, not '$branch'"

    remote=$(git config --get remote.origin.pushurl || git config --get remote.origin.url)
    export GIT_TERMINAL_PROMPT=0
    if [[ -z ${KIT_GIT_TOKEN:-} ]]; then return; fi
    [[ $remote == https://* ]] || fail "the remote origin must be an HTTPS address to use a token, not $remote"
    # Without the user name and the token that a CI system writes into the address.
    local address=${remote#https://}
    address=${address#"${address%%[@/]*}"@}
    remote=https://$address
    # The token goes to Git by the environment: arguments can be read by other programs.
    export GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0="http.https://${address%%/*}/.extraheader" GIT_CONFIG_VALUE_0=""
    export GIT_CONFIG_KEY_1=$GIT_CONFIG_KEY_0
    GIT_CONFIG_VALUE_1="AUTHORIZATION: basic $(printf '%s:%s' "${KIT_GIT_USER:-x-access-token}" "$KIT_GIT_TOKEN" | base64 | tr -d '\n')"
    export GIT_CONFIG_VALUE_1
    unset KIT_GIT_TOKEN
}

# Hooks of the checkout and of the machine do not run with the token.
as_kit() {
    git -c core.hooksPath=/dev/null -c commit.gpgSign=false \
        -c user.name=steersman -c user.email=steersman@users.noreply.invalid "$@"
}
