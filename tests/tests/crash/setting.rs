//! The guide's example at a tenant that fails on purpose.

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use simulator::{Config, Fault, FaultRule, Faults, TokenRequest};
use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use tests::{Run, SimulatedTenant, World, world};

const FILE: &str = "guide/steersman.yaml";
pub(crate) const APPLY: &str = "apply guide --auto-approve";
const ISSUER: &str = ".steersman/secrets/audit01/issuer";
const REPORT: &str = ".steersman/secrets/audit01/monthly-report";
const JOURNAL: &str = ".steersman/journal.jsonl";
pub(crate) const LOCK: &str = ".steersman/journal.jsonl.lock";

/// A tenant, and a folder with the files that declare what is to be in it.
pub(crate) struct Setting {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
}

impl Setting {
    /// Nothing was applied yet.
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    /// The same at a tenant that runs so.
    pub(crate) fn with(config: Config) -> Self {
        let mut world = world!();
        world.example("guide");
        let tenant = SimulatedTenant::with(config);
        world.set(tenant.variables());
        Self { world, tenant }
    }

    /// The account is registered and its issuer lies in the store; its token is
    /// still to be minted.
    pub(crate) fn enrolled() -> Self {
        let setting = Self::new();
        let _ = setting.apply().exits(0);
        let minted = setting.tenant.simulator().with_tenant(|tenant| {
            tenant.register_person("audit01").unwrap();
            let request = TokenRequest {
                name: "issuer".to_owned(),
                scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                ..TokenRequest::default()
            };
            tenant
                .mint_personal_access_token_as_owner("audit01", request)
                .unwrap()
        });
        let document = json!({"clientId": minted.id, "clientSecret": minted.secret.expose_secret(), "replaces": "enrolled"});
        setting.world.write(ISSUER, document.to_string());
        setting
    }

    /// The token is minted and has to be replaced, because its access tokens are
    /// to be valid for another time.
    pub(crate) fn replacing() -> Self {
        let setting = Self::enrolled();
        let validity = |old: &str, new: &str| setting.world.replace(FILE, old, new);
        validity(
            "expires: 90d",
            "accessTokenValidity: 15m\n        expires: 90d",
        );
        let _ = setting.apply().exits(0);
        validity("accessTokenValidity: 15m", "accessTokenValidity: 20m");
        setting
    }

    /// All is applied but a mapping of the identity profile.
    pub(crate) fn remapping() -> Self {
        let setting = Self::new();
        let _ = setting.apply().exits(0);
        setting
            .world
            .replace(FILE, "firstname: name", "firstname: purpose");
        setting
    }

    /// Lets the first requests to some operations meet a fault.
    pub(crate) fn faults(&self, rules: impl IntoIterator<Item = FaultRule>) {
        self.tenant.simulator().set_faults(Faults {
            rules: rules.into_iter().collect(),
            seed: 1,
        });
    }

    pub(crate) fn apply(&self) -> Run {
        self.world.steersman(APPLY)
    }

    /// Starts an apply in which this request is surely in flight when this
    /// returns: it has had its effect, and its answer is held back for a time.
    fn apply_until(&self, operation: &str, milliseconds: u64) -> Child {
        self.faults([rule(operation, Fault::Slow { milliseconds }, 1)]);
        self.apply_until_asked(operation, 1)
    }

    /// Starts an apply, and answers when it has sent so many of these requests.
    pub(crate) fn apply_until_asked(&self, operation: &str, times: u64) -> Child {
        let before = self.tenant.count(operation);
        let mut child = self
            .world
            .command()
            .args(APPLY.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let patience = Instant::now() + Duration::from_secs(20);
        while self.tenant.count(operation) < before + times {
            assert!(child.try_wait().unwrap().is_none(), "it ended too early");
            assert!(Instant::now() < patience, "{operation} was not asked for");
            std::thread::sleep(Duration::from_millis(2));
        }
        child
    }

    /// Starts an apply in which this request is in flight and is answered after
    /// this many milliseconds.
    pub(crate) fn apply_with_pause(&self, operation: &str, milliseconds: u64) -> Child {
        self.apply_until(operation, milliseconds)
    }

    /// Applies, and kills the program while this request is in flight.
    pub(crate) fn kill_during(&self, operation: &str) {
        let mut child = self.apply_until(operation, 60_000);
        child.kill().unwrap();
        let _ = child.wait().unwrap();
        self.faults([]);
    }

    /// The next apply brings about all that is declared, the plan after it is
    /// empty, and nothing is there twice.
    #[track_caller]
    pub(crate) fn converges(&self) -> Run {
        let apply = self.apply().exits(0);
        self.is_settled();
        apply
    }

    #[track_caller]
    pub(crate) fn is_settled(&self) {
        let _ = self
            .world
            .steersman("plan guide --detailed-exitcode")
            .exits(0);
        for path in ["/sources/v1", "/identity-profiles/v1"] {
            let list = self.tenant.get(path);
            let names = counted(&list);
            assert_eq!(names.get("Service Accounts"), Some(&1), "{path}: {names:?}");
        }
        let accounts = self.tenant.get("/accounts/v1");
        assert_eq!(counted(&accounts).get("audit01"), Some(&1));
        self.tokens_are_in_order();
        self.is_closed();
    }

    /// The account has the issuer, the declared token once, and at most tokens
    /// that are on their way out. Who reads the store can sign in.
    #[track_caller]
    fn tokens_are_in_order(&self) {
        let tokens = self.tokens();
        let by_name: Vec<&str> = tokens.iter().map(|(name, _)| name.as_str()).collect();
        let Some((_, issuer)) = tokens.iter().find(|(name, _)| name == "issuer") else {
            assert!(tokens.is_empty(), "{by_name:?}");
            return;
        };
        let document =
            |path: &str| -> Value { serde_json::from_str(&self.world.read(path)).unwrap() };
        assert_eq!(document(ISSUER)["clientId"], *issuer);
        let reports: Vec<&String> = tokens
            .iter()
            .filter(|(name, _)| name == "monthly-report")
            .map(|(_, id)| id)
            .collect();
        let [report] = reports.as_slice() else {
            panic!("{by_name:?}");
        };
        let document = document(REPORT);
        assert_eq!(document["clientId"], **report, "{by_name:?}");
        let secret = document["clientSecret"].as_str().unwrap();
        assert!(!self.tenant.sign_in(report, secret).is_empty());
        for name in by_name {
            assert!(
                ["issuer", "monthly-report"].contains(&name)
                    || name.starts_with("monthly-report~retiring-"),
                "{name} is an orphan"
            );
        }
    }

    /// Names and ids of the tokens of the account.
    pub(crate) fn tokens(&self) -> Vec<(String, String)> {
        let all = self.tenant.get("/personal-access-tokens/v1");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        all.as_array()
            .unwrap()
            .iter()
            .filter(|token| token["owner"]["name"] == "audit01")
            .map(|token| (text(&token["name"]), text(&token["id"])))
            .collect()
    }

    /// The names of the tokens of the account, sorted.
    pub(crate) fn token_names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.tokens().into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names
    }

    /// What the store holds for the declared token.
    pub(crate) fn report(&self) -> String {
        self.world.read(REPORT)
    }

    /// The journal has a conclusion for each intent about a token, so nothing
    /// is left to look for.
    #[track_caller]
    fn is_closed(&self) {
        let journal = self.world.read(JOURNAL);
        let entries: Vec<Value> = journal
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let of = |event: &str| -> Vec<&Value> {
            entries
                .iter()
                .filter(|entry| entry["event"] == event)
                .collect()
        };
        let concluded: Vec<&Value> = of("concluded").iter().map(|entry| &entry["id"]).collect();
        let open: Vec<_> = of("intended")
            .into_iter()
            .filter(|entry| entry["kind"] == "mint" && !concluded.contains(&&entry["id"]))
            .collect();
        assert!(open.is_empty(), "{open:?}");
        // Only mints are recorded, so without a token there is nothing to record.
        assert!(!entries.is_empty() || self.tokens().is_empty());
    }
}

/// A fault for the first requests to an operation.
pub(crate) fn rule(operation: &str, fault: Fault, count: u64) -> FaultRule {
    FaultRule {
        fault,
        operations: vec![operation.to_owned()],
        skip: 0,
        count: Some(count),
        probability: None,
    }
}

/// How often each name is in a list.
fn counted(list: &Value) -> BTreeMap<&str, usize> {
    let mut names = BTreeMap::new();
    for row in list.as_array().unwrap() {
        *names.entry(row["name"].as_str().unwrap()).or_default() += 1;
    }
    names
}
