//! A repository of sixty accounts of six teams, of which forty wait for their holders.

use crate::case::Case;
use simulator::TokenRequest;
use std::fmt::Write as _;
use tests::{SimulatedTenant, world};

const TEAMS: [(&str, &str, &str); 6] = [
    ("iam", "REPORT_ADMIN", "sp:report:read, sp:search:read"),
    ("helpdesk", "HELPDESK", "sp:search:read"),
    ("audit", "REPORT_ADMIN", "sp:report:read"),
    ("cloud", "SOURCE_ADMIN", "idn:sources:read"),
    (
        "data",
        "SOURCE_ADMIN",
        "idn:sources:read, idn:accounts:read",
    ),
    ("hr", "ROLE_ADMIN", "idn:access-profile:read"),
];

/// The files, and a tenant that has seen nothing of them.
pub(crate) fn new() -> Case {
    let mut world = world!();
    world.write(
        "accounts/steersman.yaml",
        r#"steersman: v1
sources:
  - name: Service Accounts
    owner: jane.doe
    description: Identities for automation
    attributes:
      - {name: team, description: The team that owns the account}
    identityProfile:
      name: Service Accounts
      mappings: {uid: name, email: e-mail, lastname: name, firstname: name}
      invite: true
stores:
  local: {directory: .steersman/secrets}
defaults:
  issuer: {store: local, key: "{account}/issuer"}
  token: {expires: 90d, rotate: {before: 14d, overlap: 24h}, deliver: {store: local, key: "{account}/{token}"}}
"#,
    );
    let mut number = 0;
    for (team, level, scopes) in TEAMS {
        let mut text = "steersman: v1\nserviceAccounts:\n".to_owned();
        for place in 1..=10 {
            number += 1;
            write!(
                text,
                "  - id: SA-{number:03}\n    name: svc-{team}-{place:02}\n    email: {team}-automation@example.com\n    \
                 purpose: Automation number {place} of the team {team}\n    attributes: {{team: {team}}}\n    \
                 userLevels: [{level}]\n    tokens:\n      - {{name: main, scopes: [{scopes}]}}\n"
            )
            .unwrap();
            if place % 3 == 0 {
                let first = scopes.split(',').next().unwrap();
                writeln!(text, "      - {{name: extra, scopes: [{first}]}}").unwrap();
            }
        }
        world.write(&format!("accounts/{team}.yaml"), text);
    }
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    Case {
        world,
        tenant,
        spec: "accounts",
    }
}

/// The thirtieth day: all is applied, and the holders of two teams have enrolled.
pub(crate) fn day_thirty() -> Case {
    let case = new();
    let apply = "apply accounts --auto-approve";
    let _ = case.world.steersman(apply).exits(0);
    for team in ["iam", "cloud"] {
        for place in 1..=10 {
            let name = format!("svc-{team}-{place:02}");
            let issuer = case.tenant.simulator().with_tenant(|tenant| {
                tenant.register_person(&name).unwrap();
                let request = TokenRequest {
                    name: "issuer".to_owned(),
                    scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                    ..TokenRequest::default()
                };
                tenant
                    .mint_personal_access_token_as_owner(&name, request)
                    .unwrap()
            });
            case.world.write(
                &format!(".steersman/secrets/{name}/issuer"),
                serde_json::json!({
                    "clientId": issuer.id,
                    "clientSecret": secrecy::ExposeSecret::expose_secret(&issuer.secret),
                    "replaces": "enrolled",
                })
                .to_string(),
            );
        }
    }
    let _ = case.world.steersman(apply).exits(0);
    case
}
