//! One mistake is one problem: what it hides is not reported as missing.

use spec::{Code, Options, SourceFile, load};

const SPEC: &str = "\
steersman: v1
sources:
  - name: Service Accounts
    owner: jane.doe
    attributes: [{name: team}]
    identityProfile:
      name: Service Accounts
      mappings: {uid: name}
stores:
  local: {directory: secrets}
defaults:
  issuer: {store: local, key: '{account}/issuer'}
  token: {deliver: {store: local, key: '{account}/{token}'}}
policy: {maxTokenLifetime: 180d}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    attributes: {team: iam}
    userLevels: [SOURCE_ADMIN]
    tokens:
      - name: sources
        scopes: [idn:sources:manage]
        rotate: never
";

#[track_caller]
fn codes(text: &str) -> Vec<Code> {
    let loaded = load(
        vec![SourceFile {
            path: "a.yaml".into(),
            bytes: text.as_bytes().to_vec(),
        }],
        &Options::default(),
    );
    loaded
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}

#[test]
fn one_mistake_is_one_problem() {
    use Code::{
        DuplicateKey, Duration, Empty, MissingKey, NoIssuer, UnknownCall, UnknownChoice,
        UnknownKey, UnsetVariable, WrongType, YamlFeature,
    };
    assert_eq!(codes(SPEC), []);
    for (right, wrong, expected) in [
        ("sources:", "sourcs:", UnknownKey),
        ("stores:", "store:", UnknownKey),
        ("defaults:", "default:", UnknownKey),
        ("- name: Service", "- nme: Service", UnknownKey),
        ("    name: audit01", "    nam: audit01", UnknownKey),
        ("owner: jane.doe", "owner: [jane.doe]", WrongType),
        ("owner: jane.doe", "owner: {mail: jane.doe}", UnknownKey),
        ("owner: jane.doe", "owner: {}", MissingKey),
        ("[{name: team}]", "[team]", WrongType),
        ("[{name: team}]", "team", WrongType),
        ("{uid: name}", "[uid]", WrongType),
        ("{uid: name}", "{uid: [name]}", WrongType),
        ("{directory: secrets}", "secrets", WrongType),
        ("{directory: secrets}", "{directory: ''}", Empty),
        ("{directory: secrets}", "{folder: secrets}", UnknownKey),
        ("issuer: {store: local,", "issuer: {", NoIssuer),
        (
            "deliver: {store: local,",
            "deliver: {stores: local,",
            UnknownKey,
        ),
        (
            "token: {deliver: ",
            "token: {expires: 90, deliver: ",
            Duration,
        ),
        (
            "maxTokenLifetime: 180d",
            "maxTokenLifetime: '${DAYS}'",
            UnsetVariable,
        ),
        ("id: SA-001", "id: ${ID}", UnsetVariable),
        ("email: iam@", "email: ${MAIL}@", UnsetVariable),
        ("[SOURCE_ADMIN]", "SOURCE_ADMIN", WrongType),
        ("[SOURCE_ADMIN]", "", WrongType),
        ("[SOURCE_ADMIN]", "*levels", YamlFeature),
        ("[idn:sources:manage]", "", WrongType),
        (
            "scopes: [idn:sources:manage]",
            "scope: [idn:sources:manage]",
            UnknownKey,
        ),
        (
            "scopes: [idn:sources:manage]",
            "calls: [POST /source/v1]",
            UnknownCall,
        ),
        (
            "scopes: [idn:sources:manage]",
            "scopes: [idn:sources:manage]\n        name: x",
            DuplicateKey,
        ),
        (
            "owner: jane.doe",
            "owner: jane.doe\n    unmanaged: kep",
            UnknownChoice,
        ),
    ] {
        assert!(SPEC.contains(right), "{right}");
        let text = SPEC.replacen(right, wrong, 1);
        assert_eq!(codes(&text), [expected], "{wrong}");
    }
}

/// The codes of a spec with these accounts.
#[track_caller]
fn codes_of_accounts(accounts: &str) -> Vec<Code> {
    let end = SPEC.find("serviceAccounts:").unwrap_or(SPEC.len());
    codes(&format!("{}serviceAccounts:\n{accounts}", &SPEC[..end]))
}

#[test]
fn spec_1_one_mistake_hides_no_other() {
    use Code::{
        DuplicateAccountId, DuplicateToken, EmailForm, IgnoredScope, IncompatibleLevels,
        MissingKey, UnknownKey, UnknownScope,
    };
    let rest = "purpose: p, userLevels: [SOURCE_ADMIN, SOURCE_SUBADMIN], tokens: [{name: t, scopes: [nonsense]}]";
    let beside = [IncompatibleLevels, UnknownScope];
    for (accounts, expected) in [
        (
            format!("  - {{id: A, name: a, email: a@example.com, colour: red, {rest}}}\n"),
            vec![UnknownKey],
        ),
        (
            format!("  - {{name: a, email: a@example.com, {rest}}}\n"),
            vec![MissingKey],
        ),
        (
            format!("  - {{id: A, email: a@example.com, {rest}}}\n"),
            vec![MissingKey],
        ),
        (
            format!(
                "  - {{id: A, name: b, email: a@example.com, purpose: p}}\n  - {{id: A, name: a, email: a, {rest}}}\n"
            ),
            vec![DuplicateAccountId, EmailForm],
        ),
    ] {
        let expected: Vec<Code> = expected.into_iter().chain(beside).collect();
        assert_eq!(codes_of_accounts(&accounts), expected, "{accounts}");
    }
    let token = |tokens: &str| {
        codes_of_accounts(&format!(
            "  - {{id: A, name: a, email: a@example.com, purpose: p, tokens: [{tokens}]}}\n"
        ))
    };
    assert_eq!(
        token("{name: t, scopes: [sp:search:read]}, {name: t, scopes: [nonsense]}"),
        [DuplicateToken, UnknownScope]
    );
    assert_eq!(token("{scopes: [nonsense]}"), [MissingKey, UnknownScope]);
    assert_eq!(
        token("{name: t, deliver: {store: local}, scopes: [sp:scopes:all, sp:search:read]}"),
        [MissingKey, IgnoredScope]
    );
}

#[test]
fn a_missing_version_hides_nothing() {
    use Code::{EmailForm, MissingKey, UnknownKey};
    let wrong = SPEC.replace("iam@example.com", "nomail");
    let without = wrong.replace("steersman: v1\n", "");
    assert_eq!(codes(&without), [MissingKey, EmailForm]);
    assert_eq!(
        codes(&wrong.replace("steersman:", "steersmann:")),
        [UnknownKey, EmailForm]
    );
    // What a later version means is not known.
    assert_eq!(
        codes(&SPEC.replace("steersman: v1", "steersman: v2")),
        [Code::Version]
    );
}
