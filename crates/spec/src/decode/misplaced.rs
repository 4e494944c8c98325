//! Keys of the spec format that are written where they do not belong.
//!
//! What such a key would have declared is known to be meant, so that nothing of it is
//! called missing elsewhere.

/// Where a key belongs that is written in the wrong mapping.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home {
    /// The key that counts as written and unreadable.
    pub(super) counts_as: &'static str,
    pub(super) help: &'static str,
}

/// Where a key belongs that was found in this kind of mapping.
pub(super) fn home(what: &str, key: &str) -> Option<Home> {
    let rows = match what {
        "a profile" | "`defaults`" => OF_DEFAULTS,
        "a service account" => OF_ACCOUNT,
        "a token" => OF_TOKEN,
        "a source" => OF_SOURCE,
        "a store" => OF_STORE,
        "a vault store" => OF_VAULT,
        "a spec file" => OF_FILE,
        "an identity" => OF_IDENTITY,
        _ => return None,
    };
    let (_, counts_as, help) = rows.iter().find(|(written, _, _)| *written == key)?;
    let help = match (what, *counts_as) {
        ("`defaults`", "userLevels" | "attributes") => {
            "write it under a profile, and take it with `profile: NAME`"
        }
        (_, _) => help,
    };
    Some(Home { counts_as, help })
}

/// A key, the key that counts as unreadable, and what to do.
type Row = (&'static str, &'static str, &'static str);

const BELOW_TOKEN: &str = "write it below `token:`";
const BELOW_ISSUER: &str = "write it below `issuer:`";
const OF_EACH_ACCOUNT: &str = "write it on each service account: a profile cannot set it";

const OF_DEFAULTS: &[Row] = &[
    ("deliver", "token", BELOW_TOKEN),
    ("expires", "token", BELOW_TOKEN),
    ("rotate", "token", BELOW_TOKEN),
    ("accessTokenValidity", "token", BELOW_TOKEN),
    ("store", "issuer", BELOW_ISSUER),
    ("key", "issuer", BELOW_ISSUER),
    ("userLevels", "userLevels", OF_EACH_ACCOUNT),
    ("attributes", "attributes", OF_EACH_ACCOUNT),
    ("id", "id", OF_EACH_ACCOUNT),
    ("name", "name", OF_EACH_ACCOUNT),
    ("email", "email", OF_EACH_ACCOUNT),
    ("purpose", "purpose", OF_EACH_ACCOUNT),
    ("account", "account", OF_EACH_ACCOUNT),
    ("source", "source", OF_EACH_ACCOUNT),
    ("tokens", "tokens", OF_EACH_ACCOUNT),
    (
        "scopes",
        "scopes",
        "write it on each token: a profile cannot set it",
    ),
    (
        "calls",
        "calls",
        "write it on each token: a profile cannot set it",
    ),
];

/// Those of Kubernetes and of Terraform.
const OF_FILE: &[Row] = &[
    (
        "apiVersion",
        "steersman",
        "remove it: `steersman: v1` takes its place",
    ),
    (
        "kind",
        "serviceAccounts",
        "remove it: the sections of a spec file, such as `serviceAccounts`, say what is declared",
    ),
    (
        "metadata",
        "serviceAccounts",
        "write an account as an item of `serviceAccounts`: `- id: …`, with `name`, `email` and `purpose`",
    ),
    (
        "spec",
        "serviceAccounts",
        "write its keys at the top of the file, or those of an account below `- id: …` in `serviceAccounts`",
    ),
    (
        "resource",
        "serviceAccounts",
        "write an account as an item of `serviceAccounts`: `- id: …`, with `name`, `email` and `purpose`",
    ),
    (
        "locals",
        "variables",
        "write `variables`, as in `variables: {NAME: value}`; a value is used as `${NAME}`",
    ),
    (
        "variable",
        "variables",
        "write `variables`, as in `variables: {NAME: value}`; a value is used as `${NAME}`",
    ),
];

const OF_IDENTITY: &[Row] = &[
    (
        "name",
        "alias",
        "write `alias` (the user name in ISC) or `email`: names of identities are not unique",
    ),
    (
        "displayName",
        "alias",
        "write `alias` (the user name in ISC) or `email`: display names are not unique",
    ),
    (
        "username",
        "alias",
        "write `alias`, which is the user name in ISC",
    ),
];

const OF_ONE_TOKEN: &str = "write it on a token, below `tokens:`";

const OF_ACCOUNT: &[Row] = &[
    ("scopes", "scopes", OF_ONE_TOKEN),
    ("calls", "calls", OF_ONE_TOKEN),
    ("deliver", "deliver", OF_ONE_TOKEN),
    ("expires", "expires", OF_ONE_TOKEN),
    ("rotate", "rotate", OF_ONE_TOKEN),
    ("accessTokenValidity", "accessTokenValidity", OF_ONE_TOKEN),
    (
        "permissions",
        "userLevels",
        "write `userLevels`, with the IDs that `steersman levels` lists",
    ),
    (
        "roles",
        "userLevels",
        "write `userLevels`, with the IDs that `steersman levels` lists",
    ),
    (
        "capabilities",
        "userLevels",
        "write `userLevels`, with the IDs that `steersman levels` lists",
    ),
    (
        "depends_on",
        "depends_on",
        "remove it: steersman works out the order of the changes",
    ),
    (
        "dependsOn",
        "dependsOn",
        "remove it: steersman works out the order of the changes",
    ),
    (
        "owner",
        "owner",
        "write `owners` on a token; a service account has a `purpose`",
    ),
    (
        "description",
        "purpose",
        "write `purpose`: what the account is for",
    ),
];

const KIND_OF_STORE: &str =
    "write the kind of the store as its key, such as `{directory: .steersman/secrets}`";

const OF_STORE: &[Row] = &[
    ("type", "directory", KIND_OF_STORE),
    ("kind", "directory", KIND_OF_STORE),
    ("path", "directory", KIND_OF_STORE),
];

const OF_VAULT: &[Row] = &[
    (
        "address",
        "address",
        "remove it, and set the environment variable VAULT_ADDR",
    ),
    (
        "path",
        "mount",
        "write `mount`, and `prefix` for a path below it",
    ),
];

const OF_TOKEN: &[Row] = &[
    ("store", "deliver", "write it below `deliver:`"),
    ("key", "deliver", "write it below `deliver:`"),
    (
        "userLevels",
        "userLevels",
        "write it on the service account: its tokens act with its user levels",
    ),
    (
        "description",
        "purpose",
        "write `purpose`: what the token is for",
    ),
];

const BELOW_PROFILE: &str = "write it below `identityProfile:`";

const OF_SOURCE: &[Row] = &[
    ("mappings", "identityProfile", BELOW_PROFILE),
    ("invite", "identityProfile", BELOW_PROFILE),
];
