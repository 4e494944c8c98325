//! The tenant and the files of the mixed apply.

use crate::run::Stage;
use secrecy::ExposeSecret;
use serde_json::json;
use simulator::TokenRequest;
use std::os::unix::fs::PermissionsExt;

/// Accounts whose holders are registered and have put an issuer into the store.
const ENROLLED: [&str; 5] = [
    "audit-access-review",
    "audit-siem-events",
    "platform-unlock-bot",
    "hr-import",
    "hr-leaver-check",
];

const NEW_ACCOUNT: &str = r"
  - id: SA-501
    name: hr-onboarding
    email: hr-automation@example.com
    purpose: Unlock the accounts of new hires
    attributes: {team: hr}
    userLevels: [HELPDESK]
    tokens:
      - name: onboarding
        scopes: [idn:accounts:read]
";

/// The first apply is done, and tokens are minted.
pub(crate) fn prepare(stage: &Stage) {
    stage.applies();
    for account in ENROLLED {
        enroll(stage, account);
    }
    // The work of others, which no apply touches.
    stage.tenant.simulator().with_tenant(|tenant| {
        tenant
            .set_levels_out_of_band("svc-backup", vec!["HELPDESK".to_owned()])
            .unwrap();
        tenant.invite_person("svc-backup").unwrap();
        tenant.register_person("svc-backup").unwrap();
        let request = TokenRequest {
            name: "by-hand".to_owned(),
            scopes: vec!["idn:accounts:read".to_owned()],
            ..TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner("svc-backup", request)
            .unwrap();
    });
    stage.applies();
    edit(stage);
}

fn enroll(stage: &Stage, account: &str) {
    let minted = stage.tenant.simulator().with_tenant(|tenant| {
        tenant.register_person(account).unwrap();
        let request = TokenRequest {
            name: "issuer".to_owned(),
            scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
            ..TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner(account, request)
            .unwrap()
    });
    let document = json!({"clientId": minted.id, "clientSecret": minted.secret.expose_secret(), "replaces": "enrolled"});
    let place = format!(".steersman/secrets/{account}/issuer");
    stage.world.write(&place, document.to_string());
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(stage.world.path(&place), private).unwrap();
}

/// One change of each kind.
fn edit(stage: &Stage) {
    let replace = |file: &str, old: &str, new: &str| {
        stage.world.replace(&format!("team/{file}"), old, new);
    };
    // A minted token.
    replace(
        "governance.yaml",
        "        scopes: [sp:report:manage, sp:search:read]\n",
        "        scopes: [sp:report:manage, sp:search:read]\n      - name: weekly-review\n        scopes: [sp:report:manage]\n",
    );
    // A rotated one.
    replace(
        "governance.yaml",
        "accessTokenValidity: 1h",
        "accessTokenValidity: 30m",
    );
    // Levels.
    replace("governance.yaml", "ROLE_SUBADMIN", "ROLE_ADMIN");
    replace("operations.yaml", "SOURCE_SUBADMIN", "SOURCE_ADMIN");
    // A row.
    replace(
        "operations.yaml",
        "Report aggregations that failed or hang",
        "Report aggregations that failed",
    );
    // A changed token and a revoked one.
    replace(
        "operations.yaml",
        "        scopes: [idn:accounts:read]\n      - name: unlocker\n        scopes: [idn:accounts-state:manage]\n        expires: 30d\n        rotate: {before: 7d, overlap: 24h}\n",
        "        scopes: [idn:accounts:read, idn:accounts-state:manage]\n",
    );
    replace(
        "steersman.yaml",
        "limits: {deleteAccounts",
        "unmanagedTokens: revoke\n  limits: {deleteAccounts",
    );
    // An account that goes with its token and level, and a new one.
    replace("steersman.yaml", "unmanaged: keep", "unmanaged: delete");
    let people = stage.world.read("team/people.yaml");
    let (gone, next) = (
        people.find("  - id: SA-404").unwrap(),
        people.find("  - id: SA-405").unwrap(),
    );
    let people = format!("{}{}{NEW_ACCOUNT}", &people[..gone], &people[next..]);
    stage.world.write("team/people.yaml", people);
}
