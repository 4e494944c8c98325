#!/bin/sh
# Walks SailPoint's "Service Accounts" guide with curl and jq, and nothing else: source, schema,
# import, identity profile, processing, invitation, user level, personal access token.
# It knows the tenant by SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET alone, as any script
# for Identity Security Cloud does, and prints one line for each step that went well.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "curl_walk: $*" >&2
    exit 1
}

# call STATUS METHOD PATH [curl arguments]: prints the body, and fails on any other status.
call() {
    wanted=$1 method=$2 path=$3
    shift 3
    status=$(curl -sS -o "$work/body" -w '%{http_code}' -X "$method" \
        -H "Authorization: Bearer $token" -H 'Accept: application/json' \
        "$@" "$SAIL_BASE_URL$path")
    [ "$status" = "$wanted" ] ||
        fail "$method $path answered $status instead of $wanted: $(cat "$work/body")"
    cat "$work/body"
}

# until_true JQ_EXPRESSION PATH [curl arguments]: reads the path until the expression is true.
until_true() {
    expression=$1 path=$2
    shift 2
    tries=0
    until call 200 GET "$path" "$@" >"$work/poll" && jq -e "$expression" "$work/poll" >"$work/null"; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || fail "$path never came to: $expression; last: $(cat "$work/poll")"
        sleep 0.05
    done
    cat "$work/poll"
}

access_token() {
    curl -sS -X POST "$SAIL_BASE_URL/oauth/token" \
        --data-urlencode grant_type=client_credentials \
        --data-urlencode "client_id=$1" --data-urlencode "client_secret=$2" |
        jq -er .access_token
}

token=$(access_token "$SAIL_CLIENT_ID" "$SAIL_CLIENT_SECRET")
owner=$(printf %s "$token" | jq -Rr '
    split(".")[1] | gsub("-"; "+") | gsub("_"; "/")
    | . + ("=" * ((4 - length % 4) % 4)) | @base64d | fromjson | .identity_id')
[ -n "$owner" ] || fail "the access token has no identity_id"
echo "token: for an identity"

source=$(jq -n --arg owner "$owner" '{
        name: "Service Accounts", description: "Identities for automation",
        connector: "delimited-file-angularsc", owner: {type: "IDENTITY", id: $owner}}' |
    call 201 POST '/sources/v1?provisionAsCsv=true' -H 'Content-Type: application/json' -d @-)
source_id=$(printf %s "$source" | jq -er .id)
[ "$(printf %s "$source" | jq -r .type)" = DelimitedFile ] || fail "the source is of another type"
echo "source: created"

call 200 GET "/sources/v1/$source_id/schemas" | jq -e '.[] | select(.name == "account")' >"$work/schema"
schema_id=$(jq -er .id "$work/schema")
jq '.identityAttribute = "id" | .displayAttribute = "name"
    | .attributes = [
        ["id", "Account ID"], ["name", "Account Name"],
        ["e-mail", "Work Email"], ["purpose", "What the account is for"]
    | {name: .[0], nativeName: null, type: "STRING", schema: null, description: .[1],
       isMulti: false, isEntitlement: false, isGroup: false}]' "$work/schema" |
    call 200 PUT "/sources/v1/$source_id/schemas/$schema_id" \
        -H 'Content-Type: application/json' -d @- >"$work/null"
header=$(call 200 GET "/sources/v1/$source_id/schemas/accounts" -H 'Accept: text/csv' | tr -d '\r"')
[ "$header" = "id,name,e-mail,purpose" ] || fail "the template of the CSV is: $header"
echo "schema: $header"

cat >"$work/accounts.csv" <<'CSV'
id,name,e-mail,purpose
SA-001,audit01,iam-automation@example.com,Automate the monthly audit report
SA-002,backup01,iam-automation@example.com,"Back up the configuration, nightly"
CSV
task=$(call 202 POST "/sources/v1/$source_id/load-accounts" \
    -F "file=@$work/accounts.csv;type=text/csv" | jq -er .task.id)
until_true '.completed != null and .completionStatus != null' "/task-status/v1/$task" |
    jq -e '.completionStatus | ascii_upcase == "SUCCESS"' >"$work/null" ||
    fail "the import ended with $(cat "$work/poll")"
imported=$(call 200 GET /accounts/v1 -G --data-urlencode "filters=sourceId eq \"$source_id\"" \
    -d sorters=name | jq -r '[.[].name] | join(" ")')
[ "$imported" = "audit01 backup01" ] || fail "imported: $imported"
echo "import: $imported"

mapping='def mapping($to; $from): {identityAttributeName: $to, transformDefinition: {
    type: "accountAttribute",
    attributes: {sourceName: "Service Accounts", sourceId: $source, attributeName: $from}}};'
profile=$(jq -n --arg source "$source_id" --arg owner "$owner" "$mapping"'{
        name: "Service Accounts", owner: {type: "IDENTITY", id: $owner},
        authoritativeSource: {type: "SOURCE", id: $source, name: "Service Accounts"},
        identityAttributeConfig: {enabled: true, attributeTransforms: [
            mapping("uid"; "name"), mapping("email"; "e-mail"),
            mapping("lastname"; "name"), mapping("firstname"; "name")]}}' |
    call 201 POST /identity-profiles/v1 -H 'Content-Type: application/json' -d @- | jq -er .id)
echo "profile: created"

call 202 POST "/identity-profiles/v1/$profile/process-identities" >"$work/null"
identity=$(until_true 'length == 1' /identities/v1 -G \
    --data-urlencode 'filters=alias eq "audit01"' | jq -er '.[0].id')
echo "process: audit01 has an identity"

jq -n --arg id "$identity" '{ids: [$id]}' |
    call 202 POST /identities/v1/invite -H 'X-SailPoint-Experimental: true' \
        -H 'Content-Type: application/json' -d @- >"$work/null"
echo "invite: sent"

call 200 PATCH "/auth-users/v1/$identity" -H 'Content-Type: application/json-patch+json' \
    -d '[{"op": "replace", "path": "/capabilities", "value": ["REPORT_ADMIN"]}]' >"$work/null"
levels=$(call 200 GET "/auth-users/v1/$identity" | jq -r '.capabilities | join(" ")')
[ "$levels" = REPORT_ADMIN ] || fail "the user levels are: $levels"
echo "level: $levels"

pat=$(jq -n '{name: "curl walk", scope: ["sp:search:read"], accessTokenValiditySeconds: 900,
        expirationDate: "2099-01-01T00:00:00.000Z"}' |
    call 200 POST /personal-access-tokens/v1 -H 'Content-Type: application/json' -d @-)
listed=$(call 200 GET /personal-access-tokens/v1 -G -d "owner-id=$owner" |
    jq -r --argjson pat "$pat" '[.[] | select(.id == $pat.id)][0] | [.name, .scope[0]] | join(" ")')
[ "$listed" = "curl walk sp:search:read" ] || fail "the token is listed as: $listed"
token=$(access_token "$(printf %s "$pat" | jq -er .id)" "$(printf %s "$pat" | jq -er .secret)")
found=$(call 200 POST /search/v1 -H 'Content-Type: application/json' \
    -d '{"indices": ["identities"], "query": {"query": "name:audit01"}, "sort": ["id"]}' |
    jq -r 'length')
[ "$found" = 1 ] || fail "the search with the new token found $found identities"
echo "token: minted and used"
