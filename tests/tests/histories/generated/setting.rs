//! A simulator into which one generated tenant after the other is loaded, and the
//! crates put together as the program does it.

use crate::files::Files;
use crate::generated::drawn;
use crate::tenant::View;
use applier::{
    Cancel, Commands, Environment, Journal, Options, PollSchedule, SecretsOf, StoreSettings,
    StoredSecrets, Stores,
};
use isc::{Config, RateBudget, Reader, Writer};
use model::{
    Collection, Credential, Event, EventSink, Live, Outcome, Plan, Redactor, Spec, StoreSpec,
    TenantRead,
};
use planner::Allowances;
use simulator::ClockMode;
use std::path::Path;
use std::time::Duration;
use tests::SimulatedTenant;

/// Where generated tenants are.
pub(crate) struct Site {
    tenant: SimulatedTenant,
    runtime: tokio::runtime::Runtime,
    config: Config,
}

/// One of them.
pub(crate) struct Generated {
    pub(crate) seed: u64,
    pub(crate) files: Files,
    pub(crate) spec: Spec,
    pub(crate) folder: tempfile::TempDir,
    stores: Stores,
    /// It has signed in to this tenant only: the next one can have tokens of the same ids.
    reader: Reader,
}

impl Site {
    /// A simulator in which an import takes a millisecond.
    pub(crate) fn start() -> Self {
        let tenant = SimulatedTenant::with(simulator::Config {
            clock: ClockMode::Accelerated(3000.0),
            start_at: Some(super::made::START),
            ..simulator::Config::default()
        });
        let running = tenant.simulator();
        let admin = running.admin_credentials();
        let credential = Credential {
            client_id: admin.client_id.into(),
            client_secret: admin.client_secret,
        };
        let mut config = Config::new(running.base_url().parse().unwrap(), credential);
        config.rate = RateBudget::unlimited();
        config.retry.base_delay = Duration::from_millis(1);
        // A second installation of the same provider is refused, and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            config,
            tenant,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    /// Loads the tenant of a seed; none if its files are not valid.
    pub(crate) fn load(&self, seed: u64) -> Option<Generated> {
        let folder = tempfile::tempdir().unwrap();
        let now = self.tenant.simulator().now();
        let (files, state) = drawn::tenant(seed, folder.path(), now);
        let source = spec::SourceFile {
            path: "steersman.yaml".into(),
            bytes: files.yaml().into_bytes(),
        };
        let mut spec = spec::load(vec![source], &spec::Options::default()).spec?;
        for store in spec.stores.values_mut() {
            if let StoreSpec::Directory { path } = store {
                let place = folder.path().join(&*path);
                place.to_str().unwrap().clone_into(path);
            }
        }
        let settings = StoreSettings {
            tenant: SecretsOf::Simulated,
            commands: Commands::NotAllowed,
            environment: Environment::new([]),
            redactor: Redactor::default(),
        };
        let state = serde_json::from_value(state).unwrap();
        self.tenant.simulator().load_tenant(state);
        Some(Generated {
            seed,
            stores: Stores::new(&spec.stores, &settings),
            reader: Reader::new(self.config.clone()).unwrap(),
            files,
            spec,
            folder,
        })
    }

    pub(crate) fn tenant(&self) -> &SimulatedTenant {
        &self.tenant
    }

    pub(crate) fn view(&self) -> View {
        View::of(&self.tenant)
    }

    /// Reads the tenant and its stores; none if it could not be read at all.
    pub(crate) fn read(&self, of: &Generated) -> Option<Live> {
        self.runtime.block_on(async {
            let nothing = applier::Earlier::default();
            let StoredSecrets {
                issuers, tokens, ..
            } = applier::stored_secrets(&of.spec, &of.stores, &nothing).await;
            let mut live = of
                .reader
                .survey(&planner::wanted(&of.spec, &issuers))
                .await
                .ok()?;
            live.stores.issuers = issuers;
            live.stores.tokens = tokens;
            for source in live.sources.values_mut() {
                if let Collection::Complete(Some(source)) = source {
                    source.aggregations = of.reader.aggregations(&source.id).await.ok()?;
                }
            }
            live.stores.not_asked = of.stores.not_asked();
            Some(live)
        })
    }

    /// Plans. As the program does, it looks up the identities that the plan changes
    /// something of and that were not read, and plans again; none if they cannot be read.
    pub(crate) fn plan(&self, of: &Generated, live: &Live, allow: &Allowances) -> Option<Plan> {
        let plan = of.plan(live, allow);
        let unseen = planner::unseen_identities(live, &plan);
        if unseen.is_empty() {
            return Some(plan);
        }
        let read = self.runtime.block_on(of.reader.identities(&unseen)).ok()?;
        let mut live = live.clone();
        live.identities.extend(read);
        Some(of.plan(&live, allow))
    }

    /// Carries a plan out.
    pub(crate) fn apply(&self, of: &Generated, plan: &Plan) -> Outcome {
        let options = Options {
            identity_timeout: Duration::from_millis(1500),
            task_timeout: Duration::from_secs(5),
            poll: PollSchedule {
                first: Duration::from_millis(2),
                factor: 1.5,
                longest: Duration::from_millis(50),
            },
            ..Options::default()
        };
        self.runtime.block_on(applier::apply(
            plan,
            &Writer::new(of.reader.clone()),
            &of.stores,
            &Journal::disabled(),
            &options,
            &Silence,
            &Cancel::new(),
        ))
    }
}

impl Generated {
    fn plan(&self, live: &Live, allow: &Allowances) -> Plan {
        planner::plan(&self.spec, live, live.observed_at, allow)
    }

    pub(crate) fn secrets(&self) -> &Path {
        self.folder.path()
    }
}

struct Silence;

impl EventSink for Silence {
    fn event(&self, _: Event) {}
}
