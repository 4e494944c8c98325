# Shared functions of the CI scripts. Sourced, not run.
#
# All input comes from environment variables. What a pull request chooses (titles,
# branch names, paths) is never part of a command's text.
#
#   KIT_PATHS      files and folders of the spec, one a line
#   KIT_VAR_FILES  files for --var-file, one a line
#   KIT_OPTIONS    more options of the command, one word a line
#   KIT_JOURNAL    journal of steersman; default: .steersman/journal.jsonl
#   KIT_RECORD     record of steersman; default: .steersman/record.json
#   KIT_FOLDER     folder for the results; default: a new temporary folder
#   KIT_OUTPUTS    file that gets the outputs, one NAME=VALUE a line
#   KIT_SUMMARY    file that gets the Markdown for the run's page
#   KIT_AGE_IDENTITY  private key of age stores
# shellcheck shell=bash

# Azure Pipelines leaves the reference to a variable that is not set as it is.
# shellcheck disable=SC2016
for name in SAIL_BASE_URL SAIL_CLIENT_ID SAIL_CLIENT_SECRET KIT_AGE_IDENTITY KIT_GIT_TOKEN; do
    if [[ ${!name:-} == '$('*')' ]]; then unset "$name"; fi
done
unset name

# Prints why, and what to do, and ends the script.
fail() {
    printf 'error: %s\n' "$1" >&2
    if [[ $# -gt 1 ]]; then printf '  help: %s\n' "$2" >&2; fi
    exit 1
}

# Adds the lines of a text that are not empty to the array `words`, each after the
# words that are named before it.
add_lines() {
    local text=$1 line
    shift
    while IFS= read -r line || [[ -n $line ]]; do
        line=${line%$'\r'}
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        if [[ -n $line ]]; then words+=("$@" "$line"); fi
    done <<<"$text"
}

# The words that every command takes: paths and files of variables.
add_spec() {
    add_lines "${KIT_PATHS:-}"
    local path
    for path in ${words[@]+"${words[@]}"}; do
        if [[ $path == -* ]]; then
            fail "a path must not begin with a hyphen: $path" "write ./$path, or move options to KIT_OPTIONS"
        fi
    done
    add_lines "${KIT_VAR_FILES:-}" --var-file
}

# Writes one output. A value of several lines could forge others.
output() {
    if [[ $2 == *$'\n'* || $2 == *$'\r'* ]]; then fail "the output $1 has more than one line"; fi
    if [[ -n ${KIT_OUTPUTS:-} ]]; then printf '%s=%s\n' "$1" "$2" >>"$KIT_OUTPUTS"; fi
}

# Shows a Markdown file on the page of the run.
summary() {
    if [[ -n ${KIT_SUMMARY:-} && -f $1 ]]; then
        cat -- "$1" >>"$KIT_SUMMARY"
        printf '\n' >>"$KIT_SUMMARY"
    fi
}

# The folder for results, which no file of the repository is in.
results() {
    if [[ -n ${KIT_FOLDER:-} ]]; then
        mkdir -p -- "$KIT_FOLDER"
        (cd -- "$KIT_FOLDER" && pwd)
    else
        mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/steersman.XXXXXX"
    fi
}

sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1" | cut -d' ' -f1
    else
        shasum -a 256 <"$1" | cut -d' ' -f1
    fi
}

need() {
    command -v "$1" >/dev/null || fail "the program $1 is missing" "install it in the job, before this script"
}

# Puts the private key of age stores into a file for this run, and names it to the
# files as ${AGE_IDENTITY_FILE}. The key itself is in no program's environment after that.
age_identity() {
    local identity=${KIT_AGE_IDENTITY:-}
    unset KIT_AGE_IDENTITY
    if [[ -z $identity ]]; then
        # The files are valid without the key; a store that is read without it is reported.
        export STEERSMAN_VAR_AGE_IDENTITY_FILE=${STEERSMAN_VAR_AGE_IDENTITY_FILE:-.steersman/no-age-identity}
        return
    fi
    key_folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/steersman-key.XXXXXX")
    trap 'rm -rf -- "$key_folder"' EXIT
    (umask 077 && printf '%s\n' "$identity" >"$key_folder/identity")
    export STEERSMAN_VAR_AGE_IDENTITY_FILE=$key_folder/identity
}
