//! A simulated tenant, which shares no code with the client, and what tests do
//! to it.

use isc::{Config, RateBudget, Reader, RetryPolicy, Writer};
use jiff::SignedDuration;
use model::{
    AccountAttribute, AttributeSpec, Credential, IdentityAttribute, IdentityId, LiveSource,
    ManagedSource, NewProfile, NewSource, Ref, SourceId, StoreKey, Task, TaskId, TaskState,
    TenantRead as _, TenantWrite as _, Wanted,
};
use simulator::{ClockMode, Fault, FaultRule, Faults, Running, TokenRequest};
use std::collections::BTreeMap;
use std::time::Duration;

/// A simulated tenant whose clock stands until it is moved, and a writer to it.
pub(crate) struct Tenant {
    pub(crate) running: Running,
    pub(crate) writer: Writer,
}

impl Tenant {
    /// A tenant with so many accounts in a source called `Bulk`.
    pub(crate) async fn start(seed_accounts: usize) -> Self {
        let running = simulator::start(simulator::Config {
            clock: ClockMode::Manual,
            seed_accounts,
            ..simulator::Config::default()
        })
        .await
        .unwrap();
        let base_url = running.base_url().parse().unwrap();
        let mut config = Config::new(base_url, admin(&running));
        config.rate = RateBudget::unlimited();
        config.retry = RetryPolicy {
            attempts: 4,
            base_delay: Duration::from_millis(1),
            longest_wait: Duration::from_millis(5),
            ..RetryPolicy::default()
        };
        let writer = Writer::new(Reader::new(config).unwrap());
        Self { running, writer }
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.running
            .advance(SignedDuration::from_secs(seconds))
            .unwrap();
    }

    /// Lets an operation meet a fault so many times; always if none.
    pub(crate) fn faults(&self, fault: Fault, operation: &str, count: Option<u64>) {
        let rule = FaultRule {
            fault,
            operations: vec![operation.to_owned()],
            skip: 0,
            count,
            probability: None,
        };
        self.running.set_faults(Faults {
            rules: vec![rule],
            seed: 0,
        });
    }

    /// The identity that the writer acts for.
    pub(crate) async fn admin(&self) -> IdentityId {
        let live = self.writer.survey(&Wanted::default()).await.unwrap();
        live.caller.identity.unwrap()
    }

    /// A task that runs now, when it has ended.
    pub(crate) async fn ended(&self, task: &TaskId) -> Task {
        let running = self.writer.task(task).await.unwrap();
        assert_eq!(running.state, TaskState::Running);
        self.advance(60);
        self.writer.task(task).await.unwrap()
    }

    /// Makes a source with the guide's schema and profile, and one account.
    pub(crate) async fn guide(&self) -> SourceId {
        let owner = self.admin().await;
        let writer = &self.writer;
        let new = NewSource {
            name: "Service Accounts".into(),
            owner: owner.clone(),
            description: Some("Identities for automation".to_owned()),
            delete_threshold: Some(20),
        };
        let source = writer.create_source(&new).await.unwrap();
        let schema = writer.account_schema(&source).await.unwrap().unwrap();
        writer
            .define_schema(&source, &schema.id, &attributes())
            .await
            .unwrap();
        let profile = NewProfile {
            name: "Service Accounts".to_owned(),
            owner,
            source: Ref::Known(source.clone()),
            source_name: "Service Accounts".into(),
            mappings: mappings(),
        };
        writer.create_profile(&profile, &source).await.unwrap();
        let task = self.import(&source, "SA-001,audit01,a@x.org,audits").await;
        assert_eq!(self.ended(&task).await.state, TaskState::Success);
        self.advance(60);
        source
    }

    /// Sends a file with this one row.
    pub(crate) async fn import(&self, source: &SourceId, row: &str) -> TaskId {
        let csv = format!("id,name,e-mail,purpose\n{row}\n");
        self.writer
            .import_accounts(source, csv.into_bytes(), false)
            .await
            .unwrap()
    }

    /// The guide's source as it is now.
    pub(crate) async fn source(&self) -> LiveSource {
        let name = "Service Accounts".into();
        self.writer.source_named(&name).await.unwrap().unwrap()
    }

    /// The identity of the one account of a source.
    pub(crate) async fn identity_of(&self, source: &SourceId) -> IdentityId {
        let accounts = self.writer.accounts(source).await.unwrap();
        accounts.complete().unwrap()[0].identity.clone().unwrap()
    }

    /// Registers audit01 and mints its first token, as its owner would.
    pub(crate) async fn issuer(&self, identity: &IdentityId) -> Credential {
        self.writer
            .invite(&[identity.clone()].into())
            .await
            .unwrap();
        self.advance(60);
        let minted = self.running.with_tenant(|state| {
            state.register_person("audit01").unwrap();
            let request = TokenRequest {
                name: "issuer".to_owned(),
                scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                access_token_validity_seconds: None,
                expires: None,
                never_expires: false,
            };
            state
                .mint_personal_access_token_as_owner("audit01", request)
                .unwrap()
        });
        Credential {
            client_id: minted.id.into(),
            client_secret: minted.secret,
        }
    }
}

/// The credential that a new simulated tenant comes with.
pub(crate) fn admin(running: &Running) -> Credential {
    let admin = running.admin_credentials();
    Credential {
        client_id: admin.client_id.into(),
        client_secret: admin.client_secret,
    }
}

fn attributes() -> Vec<AttributeSpec> {
    ManagedSource::GUIDE_ATTRIBUTES
        .iter()
        .map(|(name, description)| AttributeSpec {
            name: (*name).into(),
            description: Some((*description).to_owned()),
        })
        .collect()
}

fn mappings() -> BTreeMap<IdentityAttribute, AccountAttribute> {
    [
        ("uid", "name"),
        ("email", "e-mail"),
        ("lastname", "name"),
        ("firstname", "name"),
    ]
    .map(|(identity, account)| (identity.into(), account.into()))
    .into()
}

/// A place in a store, which nobody looks at here.
pub(crate) fn store_key() -> StoreKey {
    StoreKey {
        store: "local".into(),
        key: "k".to_owned(),
    }
}
