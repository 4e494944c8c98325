//! One wrong line in `defaults` or a profile is one problem, at that line.

use spec::{Code, Options, SourceFile, load};

const SPEC: &str = "\
steersman: v1
policy: {maxTokenLifetime: 180d}
sources:
  - name: Service Accounts
    owner: jane.doe
stores:
  local: {directory: secrets}
defaults:
  issuer: {store: local, key: '{account}/issuer'}
  token:
    expires: 90d
    rotate: {before: 14d}
    deliver: {store: local, key: '{account}/{token}'}
serviceAccounts:
";

/// The code, the line and the message of each problem, where one line of the defaults is
/// another and so many accounts take it.
fn found(right: &str, wrong: &str, keys: &[&str]) -> Vec<(Code, usize, String)> {
    assert!(SPEC.contains(right), "{right}");
    let accounts: Vec<String> = keys
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
        bytes: format!("{}{}", SPEC.replacen(right, wrong, 1), accounts.concat()).into_bytes(),
    };
    load(vec![file], &Options::default())
        .diagnostics
        .iter()
        .map(|found| {
            let line = found.labels.first().map_or(0, |label| label.line);
            (found.code, line, found.message.clone())
        })
        .collect()
}

const TAKES: &str = "tokens: [{name: t, scopes: [idn:sources:manage]}]";

#[test]
fn a_wrong_line_is_told_once_with_the_number_of_tokens() {
    for (right, wrong, code, line, message) in [
        (
            "before: 14d",
            "before: 120d",
            Code::RotationMisfit,
            12,
            "token `t` expires after 90d, but is rotated 120d before that (the same for 2 more tokens)",
        ),
        (
            "expires: 90d",
            "expires: 365d",
            Code::LifetimeTooLong,
            11,
            "token `t` expires after 365d, policy limit 180d (the same for 2 more tokens)",
        ),
        (
            "'{account}/{token}'",
            "'tokens/{token}'",
            Code::DuplicateStoreKey,
            13,
            "two secrets have the key `tokens/t` in the store `local` (the same for 1 more secret)",
        ),
        (
            "'{account}/issuer'",
            "'issuer'",
            Code::DuplicateStoreKey,
            9,
            "two secrets have the key `issuer` in the store `local` (the same for 1 more secret)",
        ),
    ] {
        assert_eq!(
            found(right, wrong, &[TAKES, TAKES, TAKES]),
            [(code, line, message.to_owned())],
            "{wrong}"
        );
    }
}

#[test]
fn what_a_token_writes_itself_is_told_there() {
    let own = "tokens: [{name: t, scopes: [idn:sources:manage], expires: 30d}]";
    // Its own lifetime does not fit the rotation of all.
    let told = found("before: 14d", "before: 40d", &[TAKES, own]);
    let places: Vec<(Code, usize)> = told.iter().map(|(code, line, _)| (*code, *line)).collect();
    assert_eq!(places, [(Code::RotationMisfit, 16)]);
    let own = "tokens: [{name: t, scopes: [idn:sources:manage], expires: 365d}]";
    let told = found("expires: 90d", "expires: 365d", &[TAKES, own, TAKES]);
    let places: Vec<(Code, usize)> = told.iter().map(|(code, line, _)| (*code, *line)).collect();
    assert_eq!(
        places,
        [(Code::LifetimeTooLong, 11), (Code::LifetimeTooLong, 16)]
    );
}
