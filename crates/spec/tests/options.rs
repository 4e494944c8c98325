//! Mocked variables and allowed codes.

use spec::{Code, Loaded, Options, SourceFile, Variables, load};
use std::collections::BTreeSet;

fn loaded(text: &str, options: &Options) -> Loaded {
    load(
        vec![SourceFile {
            path: "a.yaml".into(),
            bytes: text.as_bytes().to_vec(),
        }],
        options,
    )
}

fn codes(loaded: &Loaded) -> Vec<Code> {
    loaded
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}

const VARIABLES: &str = r#"
steersman: v1
tenant: {baseUrl: "${URL}", clientId: "${ID}", clientSecret: "${SECRET}"}
sources:
  - name: ${SOURCE}
    owner: ${OWNER}
    description: ${DESCRIPTION}
    deleteThreshold: ${THRESHOLD}
    unmanaged: ${UNMANAGED}
    identityProfile:
      name: ${PROFILE}
      mappings: {uid: "${UID_FROM}"}
      invite: ${INVITE}
stores:
  local: {directory: "${DIRECTORY}"}
defaults:
  issuer: {store: local, key: "${PREFIX}/{account}/issuer"}
  token: {expires: "${EXPIRES}", accessTokenValidity: "${VALIDITY}", rotate: {before: 1d}, deliver: {store: local, key: "${PREFIX}/{account}/{token}"}}
policy: {maxTokenLifetime: "${LONGEST}", limits: {deleteTokens: "${LIMIT}"}}
serviceAccounts:
  - source: ${SOURCE}
    id: ${ACCOUNT_ID}
    name: ${ACCOUNT}
    email: ${MAIL}
    purpose: ${PURPOSE}
    userLevels: ["${LEVEL}"]
    tokens:
      - {name: report, scopes: ["${SCOPE}"]}
"#;

#[test]
fn a_repository_can_be_checked_without_its_variables() {
    let options = Options {
        variables: Variables::default().mocked(),
        ..Options::default()
    };
    let found = loaded(VARIABLES, &options);
    assert_eq!(found.diagnostics, []);
    // Without the mock each variable is missed once, wherever it is used.
    let found = loaded(VARIABLES, &Options::default());
    let uses = VARIABLES.matches("${").count();
    let twice = ["${PREFIX}", "${SOURCE}"].map(|name| VARIABLES.matches(name).count());
    let names = uses - twice.iter().map(|count| count - 1).sum::<usize>();
    assert_eq!(codes(&found), vec![Code::UnsetVariable; names]);
}

#[test]
fn mocked_variables_hide_no_other_mistake() {
    let options = Options {
        variables: Variables::default().mocked(),
        ..Options::default()
    };
    let text = VARIABLES.replace("email: ${MAIL}", "email: mail").replace(
        "scopes: [\"${SCOPE}\"]",
        "scopes: [\"${SCOPE}\", sp:serach:read], expire: 1d",
    );
    assert_eq!(
        codes(&loaded(&text, &options)),
        [Code::EmailForm, Code::UnknownScope, Code::UnknownKey]
    );
}

#[test]
fn judgements_can_be_allowed_and_broken_specs_cannot() {
    let text = "steersman: v1\nsources: [{name: S, owner: j}]\nserviceAccounts: [{id: a, name: b, email: mail, purpose: p, userLevels: [OURS]}]\n";
    let with = |text: &str, allow: &[Code]| {
        loaded(
            text,
            &Options {
                allow: allow.iter().copied().collect::<BTreeSet<_>>(),
                ..Options::default()
            },
        )
    };
    assert_eq!(
        codes(&with(text, &[])),
        [Code::EmailForm, Code::UnknownLevel]
    );
    let allowed = with(text, &[Code::EmailForm, Code::UnknownLevel]);
    assert_eq!(allowed.diagnostics, []);
    assert!(allowed.spec.is_some());
    let broken = with(&format!("{text}nope: 1\n"), &[Code::UnknownKey]);
    assert!(codes(&broken).contains(&Code::UnknownKey));
    assert!(broken.spec.is_none());
}
