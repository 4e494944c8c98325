//! Seeds a new tenant: an administrator, and a source that is managed elsewhere.

use std::collections::BTreeMap;

use serde_json::{Map, json};

use super::Tenant;
use super::records::{Identity, IdentityStatus, Origin, PersonalAccessToken, account_mapping};
use super::tokens::DEFAULT_VALIDITY;

/// The client id of the administrator's token in a new tenant.
pub const ADMIN_CLIENT_ID: &str = "simulator-jane-doe";
/// Its secret. It opens only a simulator, so it can be public.
pub const ADMIN_CLIENT_SECRET: &str = "simulator-secret-of-jane-doe-for-nothing-real";

/// The alias of the administrator.
const ADMIN: &str = "jane.doe";
/// The accounts of the example source.
const SERVICE_ACCOUNTS: [(&str, &str); 3] = [
    ("svc-backup", "Nightly backups"),
    ("svc-monitor", "Monitoring"),
    ("svc-deploy", "Deployments"),
];

impl Tenant {
    /// Fills a new tenant. It depends on nothing outside, so it cannot fail.
    pub(super) fn seed(&mut self) {
        self.seed_administrator();
        self.seed_active_directory();
        self.generation = 0;
    }

    /// The id of the administrator that the tenant was born with, or of another one, if it is gone.
    pub(crate) fn admin_identity(&self) -> String {
        self.identities
            .by_alias(ADMIN)
            .or_else(|| self.identities.holders(catalog::ORG_ADMIN).next())
            .map(|identity| identity.id.clone())
            .unwrap_or_default()
    }

    fn seed_administrator(&mut self) {
        let id = self.ids.hex();
        let now = self.now;
        let attributes = [
            ("uid", ADMIN),
            ("firstname", "Jane"),
            ("lastname", "Doe"),
            ("displayName", "Jane Doe"),
            ("email", "jane.doe@example.com"),
        ];
        self.identities.insert(Identity {
            id: id.clone(),
            alias: ADMIN.into(),
            name: "Jane Doe".into(),
            attributes: attributes
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            profile: None,
            account: None,
            status: IdentityStatus::Active,
            invited: None,
            registered: Some(now),
            levels: vec![catalog::ORG_ADMIN.to_owned()],
            lifecycle_state: Some("active".into()),
            lifecycle_state_by_hand: false,
            protected: true,
            created: now,
            modified: now,
            last_refresh: now,
        });
        let scopes = vec![catalog::SCOPE_ALL.to_owned()];
        self.tokens.insert(PersonalAccessToken {
            id: ADMIN_CLIENT_ID.into(),
            secret: ADMIN_CLIENT_SECRET.into(),
            name: "simulator".into(),
            effective_scopes: scopes.clone(),
            scopes,
            owner: id,
            created: now,
            last_used: None,
            managed: false,
            validity_seconds: DEFAULT_VALIDITY,
            expires: None,
            aware_of_never_expiring: true,
        });
    }

    fn seed_active_directory(&mut self) {
        let owner = self.admin_identity();
        let source = json!({
            "name": "Active Directory",
            "description": "An example of a source whose accounts are made elsewhere",
            "owner": {"type": "IDENTITY", "id": owner},
            "connector": "active-directory",
        });
        let Ok(source) = self.create_source(&source, false) else {
            return;
        };
        for (name, purpose) in SERVICE_ACCOUNTS {
            let native = format!("CN={name},OU=Service Accounts,DC=example,DC=com");
            let attributes = Map::from_iter([
                ("distinguishedName".to_owned(), json!(native)),
                ("sAMAccountName".to_owned(), json!(name)),
                ("mail".to_owned(), json!(format!("{name}@example.com"))),
                ("description".to_owned(), json!(purpose)),
            ]);
            self.put_account(
                &source,
                native,
                name.to_owned(),
                attributes,
                Origin::Aggregated,
            );
        }
        let now = self.now;
        if let Some(found) = self.sources.get_mut(&source) {
            found.set_healthy(now);
        }
        let mappings = BTreeMap::from([
            ("uid", "sAMAccountName"),
            ("email", "mail"),
            ("firstname", "sAMAccountName"),
            ("lastname", "sAMAccountName"),
        ]);
        let profile = json!({
            "name": "Active Directory",
            "owner": {"type": "IDENTITY", "id": owner},
            "authoritativeSource": {"type": "SOURCE", "id": source},
            "identityAttributeConfig": {
                "enabled": true,
                "attributeTransforms": mappings.into_iter()
                    .map(|(identity, account)| account_mapping(identity, &source, "Active Directory", account))
                    .collect::<Vec<_>>(),
            },
        });
        if let Ok(profile) = self.create_profile(&profile) {
            self.refresh_identities(&profile, true);
        }
    }
}
