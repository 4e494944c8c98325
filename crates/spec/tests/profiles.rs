//! Profiles: named defaults that accounts take, with `defaults` below them.

use model::{AccountKey, AccountSpec, TokenLifetime};
use spec::{Code, Loaded, Options, SourceFile, load};

const SPEC: &str = "\
steersman: v1
sources:
  - name: Service Accounts
    owner: jane.doe
    attributes: [{name: team}, {name: region}]
stores:
  local: {directory: secrets}
  vault: {vault: {mount: secret}}
defaults:
  issuer: {store: local, key: '{account}/issuer'}
  token:
    expires: 90d
    rotate: {before: 20%}
    accessTokenValidity: 15m
    deliver: {store: local, key: '{account}/{token}'}
profiles:
  sources:
    issuer: {store: vault}
    token: {expires: 30d, deliver: {store: vault, key: 'sources/{account}/{token}'}}
    userLevels: [SOURCE_ADMIN]
    attributes: {team: sources, region: eu}
serviceAccounts:
";

const TOKENS: &str = "tokens: [{name: t, scopes: [idn:sources:manage]}]";

fn loaded(spec: &str, accounts: &[&str]) -> Loaded {
    let accounts: Vec<String> = accounts
        .iter()
        .zip(1..)
        .map(|(keys, number)| {
            format!(
                "  - {{id: A{number}, name: a{number}, email: a@example.com, purpose: p, {keys}}}\n"
            )
        })
        .collect();
    let file = SourceFile {
        path: "a.yaml".into(),
        bytes: format!("{spec}{}", accounts.concat()).into_bytes(),
    };
    load(vec![file], &Options::default())
}

#[expect(clippy::unwrap_used, reason = "a helper of tests")]
fn account(loaded: &Loaded, key: &str) -> AccountSpec {
    assert_eq!(loaded.diagnostics, [], "{key}");
    let spec = loaded.spec.as_ref().unwrap();
    spec.accounts[&AccountKey::new(key)].clone()
}

/// What an account has of all that a profile can say.
#[expect(clippy::unwrap_used, reason = "a helper of tests")]
fn summary(account: &AccountSpec) -> String {
    let token = account
        .tokens
        .as_ref()
        .and_then(|tokens| tokens.values().next())
        .unwrap();
    let TokenLifetime::After(life) = token.expires else {
        return "never".to_owned();
    };
    let levels: Vec<String> = account
        .user_levels
        .iter()
        .flatten()
        .map(ToString::to_string)
        .collect();
    let attributes: Vec<String> = account
        .row
        .iter()
        .flat_map(|row| &row.attributes)
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "{} | {} {} {}d {:?} | {} | {}",
        account.issuer.as_ref().unwrap(),
        token.deliver,
        token.name,
        life.as_hours() / 24,
        token.access_token_validity,
        levels.join(" "),
        attributes.join(" "),
    )
}

#[test]
fn spec_5_an_account_takes_its_own_keys_then_its_profile_then_the_defaults() {
    let own = format!(
        "profile: sources, userLevels: [SOURCE_ADMIN, CERT_ADMIN], attributes: {{team: iam}}, issuer: {{key: own}}, {}",
        "tokens: [{name: t, scopes: [sp:scopes:all], expires: 7d}]"
    );
    let plain = format!("profile: sources, {TOKENS}");
    let loaded = loaded(SPEC, &[&plain, TOKENS, &own]);
    for (key, expected) in [
        (
            "A1",
            "vault:a1/issuer | vault:sources/a1/t t 30d Some(900) | SOURCE_ADMIN | region=eu team=sources",
        ),
        ("A2", "local:a2/issuer | local:a2/t t 90d Some(900) |  | "),
        (
            "A3",
            "vault:own | vault:sources/a3/t t 7d Some(900) | CERT_ADMIN SOURCE_ADMIN | region=eu team=iam",
        ),
    ] {
        assert_eq!(summary(&account(&loaded, key)), expected, "{key}");
    }
}

#[test]
fn a_mistake_in_a_profile_is_told_once_for_all_accounts() {
    let with = |right: &str, wrong: &str| {
        assert!(SPEC.contains(right), "{right}");
        let account = format!("profile: sources, {TOKENS}");
        let loaded = loaded(
            &SPEC.replacen(right, wrong, 1),
            &[&account, &account, &account],
        );
        loaded
            .diagnostics
            .iter()
            .map(|found| found.code)
            .collect::<Vec<Code>>()
    };
    for (right, wrong, expected) in [
        ("[SOURCE_ADMIN]", "[SOURCE_ADMN]", Code::UnknownLevel),
        (
            "[SOURCE_ADMIN]",
            "[SOURCE_ADMIN, SOURCE_ADMIN]",
            Code::RepeatedItem,
        ),
        ("[SOURCE_ADMIN]", "SOURCE_ADMIN", Code::WrongType),
        ("team: sources", "tem: sources", Code::UnknownAttribute),
        (
            "issuer: {store: vault}",
            "issuer: {store: vualt}",
            Code::UnknownStore,
        ),
        ("expires: 30d", "expires: 30", Code::Duration),
        ("  sources:\n", "  source:\n", Code::UnknownAccountProfile),
        (
            "  sources:\n    issuer",
            "  sources:\n    isuer",
            Code::UnknownKey,
        ),
        ("profiles:", "profile:", Code::UnknownKey),
    ] {
        let mut found = with(right, wrong);
        // Each account names the profile itself.
        if expected == Code::UnknownAccountProfile {
            found.dedup();
        }
        assert_eq!(found, [expected], "{wrong}");
    }
}

/// What is told of a spec with so many accounts of a profile.
fn told(profile: &str, accounts: usize, keys: &str) -> Vec<String> {
    let spec = format!(
        "steersman: v1
sources: [{{name: Service Accounts, owner: jane.doe}}]
stores: {{local: {{directory: secrets}}}}
defaults:
  issuer: {{store: local, key: '{{account}}/issuer'}}
profiles:
  reporting: {{{profile}}}
serviceAccounts:
"
    );
    let accounts: Vec<String> = (1..=accounts)
        .map(|number| {
            format!(
                "  - {{id: A{number}, name: a{number}, purpose: p, profile: reporting, {keys}}}\n"
            )
        })
        .collect();
    let file = SourceFile {
        path: "a.yaml".into(),
        bytes: format!("{spec}{}", accounts.concat()).into_bytes(),
    };
    let loaded = load(vec![file], &Options::default());
    let told = |found: &spec::Diagnostic| {
        let help = found.help.as_deref().unwrap_or_default();
        format!("{} {} | {help}", found.code, found.message)
    };
    loaded.diagnostics.iter().map(told).collect()
}

#[test]
fn one_wrong_key_in_a_profile_of_thirty_accounts_is_three_problems() {
    assert_eq!(
        told(
            "email: team@example.com, userLevels: [SOURCE_ADMIN, CERT_ADMIN]",
            30,
            "tokens: [{name: t, scopes: [idn:sources:manage]}]"
        ),
        [
            "SM0201 unknown key `email` in a profile | write it on each service account: a profile cannot set it",
            "SM0604 no token of `A1` needs the user level CERT_ADMIN (the same for 29 more service accounts) | remove the level, unless the account uses it in the ISC UI",
            "SM0411 token `t` has no store location for its secret (the same for 29 more tokens) | add `deliver: {store: …, key: …}` to the token, under `profiles.reporting.token`, or under `defaults.token` for all tokens",
        ]
    );
}

#[test]
fn a_key_in_the_wrong_mapping_is_one_problem_that_says_where_it_belongs() {
    let tokens = "tokens: [{name: t, scopes: [sp:search:read]}]";
    for (profile, keys, expected) in [
        (
            "deliver: {store: local, key: '{account}/{token}'}",
            format!("email: a@example.com, {tokens}"),
            "SM0201 unknown key `deliver` in a profile | write it below `token:`",
        ),
        (
            "",
            format!("email: a@example.com, deliver: {{store: local, key: a}}, {tokens}"),
            "SM0201 unknown key `deliver` in a service account | write it on a token, below `tokens:`",
        ),
        (
            "token: {deliver: {store: local, key: '{account}/{token}'}}",
            "email: a@example.com, scopes: [sp:search:read], tokens: [{name: t}]".to_owned(),
            "SM0201 unknown key `scopes` in a service account | write it on a token, below `tokens:`",
        ),
    ] {
        assert_eq!(told(profile, 1, &keys), [expected], "{profile} {keys}");
    }
}
