#!/usr/bin/env bash
# Writes the values of COUNT example tenants: generate.sh FOLDER COUNT
set -euo pipefail
folder=$1 count=$2
mkdir -p "$folder"
for ((number = 1; number <= count; number++)); do
    name=$(printf 't%03d' "$number")
    printf 'TENANT: %s\nOWNER: jane.doe\nCUSTOMER: Customer %s\nMAIL_DOMAIN: %s.example.com\n' "$name" "$number" "$name" \
        >"$folder/$name.vars.yaml"
done
