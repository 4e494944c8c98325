//! A spec and a tenant that say the same, read and planned in this process.

use isc::{Config, RateBudget, Reader, RetryPolicy};
use model::{AccountKey, Credential, IssuerState, Live, Plan, Spec, TenantRead as _};
use planner::Allowances;
use secrecy::ExposeSecret as _;
use simulator::{Fault, FaultRule, Faults, RequestFilter};
use spec::{Options, SourceFile};
use std::collections::BTreeMap;
use std::time::Duration;
use tests::SimulatedTenant;
use tests::scale::{self, Stage};

/// A tenant, what is declared for it, and what its stores hold.
pub(crate) struct Site {
    pub(crate) spec: Spec,
    pub(crate) tenant: SimulatedTenant,
    issuers: BTreeMap<AccountKey, IssuerState>,
}

/// What was read and planned.
pub(crate) struct Read {
    pub(crate) live: Live,
    pub(crate) plan: Plan,
    /// How many requests each operation got.
    pub(crate) requests: BTreeMap<String, u64>,
}

impl Site {
    /// So many accounts, all alike.
    pub(crate) fn new(accounts: usize, stage: Stage) -> Self {
        let (tenant, issuers) = scale::tenant(accounts, stage, simulator::Config::default());
        let issuers = issuers.into_iter().map(|issuer| {
            let client_id = issuer.client_id.into();
            let present = IssuerState::Present {
                client_id,
                origin: model::IssuerOrigin::Steersman {
                    replaces: "enrolled".into(),
                    rotation: 0,
                },
            };
            (issuer.account.into(), present)
        });
        let spec = spec(&scale::repository(accounts, 4));
        Self {
            spec,
            tenant,
            issuers: issuers.collect(),
        }
    }

    /// Reads the tenant with a new connection, and plans.
    pub(crate) fn read(&self) -> Read {
        let admin = self.tenant.simulator().admin_credentials();
        let credential = Credential {
            client_id: admin.client_id.into(),
            client_secret: admin.client_secret,
        };
        let base_url = self.tenant.simulator().base_url().parse().unwrap();
        let mut config = Config::new(base_url, credential);
        config.rate = RateBudget::unlimited();
        config.retry = RetryPolicy {
            attempts: 2,
            base_delay: Duration::from_millis(1),
            longest_wait: Duration::from_millis(2),
            ..RetryPolicy::default()
        };
        let reader = Reader::new(config).unwrap();
        self.tenant.simulator().clear_requests();
        let wanted = planner::wanted(&self.spec, &self.issuers);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let mut live = runtime.block_on(reader.survey(&wanted)).unwrap();
        live.stores.issuers.clone_from(&self.issuers);
        let plan = planner::plan(&self.spec, &live, live.observed_at, &Allowances::default());
        let requests = self
            .tenant
            .simulator()
            .request_counts(&RequestFilter::default());
        Read {
            live,
            plan,
            requests,
        }
    }

    /// Leaves only the first so many accounts in the spec.
    pub(crate) fn keep(&mut self, accounts: usize) {
        let last = scale::id(accounts);
        self.spec
            .accounts
            .retain(|key, _| key.as_str() < last.as_str());
    }

    /// Each answer of an operation is spoilt so.
    pub(crate) fn spoil(&self, operation: &str, fault: &Fault) {
        self.spoil_all(&[operation], fault);
    }

    /// Each answer of these operations is spoilt so.
    pub(crate) fn spoil_all(&self, operations: &[&str], fault: &Fault) {
        let rule = FaultRule {
            fault: fault.clone(),
            operations: operations.iter().map(|one| (*one).to_owned()).collect(),
            skip: 0,
            count: None,
            probability: None,
        };
        self.tenant.simulator().set_faults(Faults {
            rules: vec![rule],
            seed: 1,
        });
    }

    /// Makes a level of the tenant's own and answers its id.
    pub(crate) fn own_level(&self) -> String {
        let levels = "/authorization/v1/custom-user-levels";
        let admin = self.tenant.simulator().admin_credentials();
        let secret = admin.client_secret.expose_secret();
        let token = self.tenant.sign_in(&admin.client_id, secret);
        let owner = self.read().live.caller.identity;
        let level = serde_json::json!({
            "name": "Auditors",
            "description": "Reads what auditors read",
            "owner": {"type": "IDENTITY", "id": owner},
            "rightSets": ["idn:ui-report-read"],
        });
        let status = self.tenant.send("POST", levels, &token, Some(level));
        assert_eq!(status, 200);
        let state = self.tenant.simulator().dump_state().unwrap();
        let state: serde_json::Value = serde_json::from_str(&state).unwrap();
        let made = state["custom_levels"].as_object().unwrap();
        let id = made.keys().next().unwrap().clone();
        let publish = format!("{levels}/{id}/publish");
        assert_eq!(self.tenant.send("POST", &publish, &token, None), 200);
        id
    }

    /// Gives an account levels without steersman's knowing.
    pub(crate) fn give(&self, number: usize, levels: &[&str]) {
        let levels = levels.iter().map(|level| (*level).to_owned()).collect();
        self.tenant.simulator().with_tenant(|state| {
            state
                .set_levels_out_of_band(&scale::name(number), levels)
                .unwrap();
        });
    }
}

impl Read {
    /// How many requests an operation got.
    pub(crate) fn count(&self, operation: &str) -> u64 {
        self.requests.get(operation).copied().unwrap_or_default()
    }

    /// The addresses of all steps.
    pub(crate) fn steps(&self) -> Vec<String> {
        let steps = self.plan.steps.iter();
        steps.map(|step| step.address.to_string()).collect()
    }
}

fn spec(files: &[(String, String)]) -> Spec {
    let files = files
        .iter()
        .map(|(path, text)| SourceFile {
            path: path.as_str().into(),
            bytes: text.as_bytes().to_vec(),
        })
        .collect();
    let loaded = spec::load(files, &Options::default());
    let first = loaded.diagnostics.first();
    assert!(first.is_none(), "{first:?}");
    loaded.spec.unwrap()
}
