//! The spec of SailPoint's guide is loaded completely.

use spec::{Options, SourceFile, Variables, load};

const SPEC: &str = r#"
steersman: v1
tenant:
  baseUrl: ${SAIL_BASE_URL}
  clientId: ${SAIL_CLIENT_ID}
  clientSecret: ${SAIL_CLIENT_SECRET}
sources:
  - name: Service Accounts
    owner: jane.doe
    description: Identities for automation
    deleteThreshold: 10
    attributes:
      - {name: team, description: The team that owns the account}
    unmanaged: keep
    identityProfile:
      name: Service Accounts
      mappings: {uid: name, email: e-mail, lastname: name, firstname: name}
      invite: true
  - name: Active Directory
    managed: false
stores:
  vault: {command: {put: [vault, kv, put, -mount=secret, "{key}", "-"], get: [vault, kv, get, -format=json, "{key}"]}}
  local: {directory: .steersman/secrets}
defaults:
  issuer: {store: local, key: "{account}/issuer"}
  token:  {accessTokenValidity: 15m, expires: 90d, rotate: {before: 14d, overlap: 24h}, deliver: {store: vault, key: "{account}/{token}"}}
policy:
  forbidUserLevels: [ORG_ADMIN]
  forbidScopes: [sp:scopes:all]
  maxTokenLifetime: 180d
  limits: {deleteAccounts: 2, deleteTokens: 10, removeLevels: 10%}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam-automation@example.com
    purpose: Automate the monthly audit report
    attributes: {team: iam}
    userLevels: [REPORT_ADMIN]
    tokens:
      - name: monthly-report
        scopes: [sp:report:read, sp:search:read]
      - name: inventory
        calls: ["POST /search/v1", "GET /public-identities/v1"]
        expires: 180d
  - source: Active Directory
    account: svc-backup
    userLevels: [SOURCE_ADMIN]
"#;

fn loaded() -> spec::Loaded {
    load(
        vec![SourceFile {
            path: "spec.yaml".into(),
            bytes: SPEC.into(),
        }],
        &Options {
            variables: Variables::new([
                ("SAIL_BASE_URL", "https://acme.api.identitynow.com"),
                ("SAIL_CLIENT_ID", "a"),
                ("SAIL_CLIENT_SECRET", "b"),
            ]),
            ..Options::default()
        },
    )
}

#[test]
fn the_guides_spec_is_read_in_full() {
    let loaded = loaded();
    assert_eq!(loaded.diagnostics, []);
    insta::assert_json_snapshot!(loaded.spec.unwrap());
}

#[test]
fn problems_at_the_tenant_find_their_line() {
    let loaded = loaded();
    for (address, field, text) in [
        ("source/Service Accounts", Some("owner"), "jane.doe"),
        ("profile/Service Accounts", None, "Service Accounts"),
        ("profile/Service Accounts", Some("mappings=uid"), "uid"),
        ("schema/Service Accounts", Some("attributes=team"), "team"),
        ("account/SA-001", None, "SA-001"),
        (
            "levels/SA-001",
            Some("userLevels=REPORT_ADMIN"),
            "REPORT_ADMIN",
        ),
        (
            "token/SA-001/monthly-report",
            Some("scopes=sp:report:read"),
            "sp:report:read",
        ),
        ("token/SA-001/inventory", None, "inventory"),
        ("account/svc-backup", Some("source"), "Active Directory"),
    ] {
        let place = loaded
            .places
            .locate(&address.parse().unwrap(), field)
            .unwrap_or_else(|| panic!("{address} {field:?}"));
        let line = SPEC[..place.span.start].matches('\n').count() + 1;
        assert_eq!(place.line, line, "{address} {field:?}");
        assert_eq!(&SPEC[place.span], text, "{address} {field:?}");
    }
}
