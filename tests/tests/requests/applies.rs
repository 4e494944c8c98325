//! How many requests an apply takes, by kind of change, against the plan's estimate, the
//! least possible and the bound.

use secrecy::ExposeSecret as _;
use simulator::{Config, RequestFilter};
use std::collections::BTreeMap;
use tests::scale::{self, Stage};
use tests::{SimulatedTenant, World, world};

/// A tenant, and a folder with what is declared for it.
struct Setting {
    world: World,
    tenant: SimulatedTenant,
    accounts: usize,
}

/// What an apply took.
#[derive(Debug)]
struct Taken {
    /// What the steps take, by the plan.
    estimate: u64,
    /// What reading for the plan took.
    reading: u64,
    /// With the caller's access, by operation; without polling.
    caller: BTreeMap<String, u64>,
    /// With the access of all owners.
    owners: u64,
    /// What reading again took after the steps.
    reading_again: u64,
}

/// Polling is not counted: how long ISC takes is its own affair.
const POLLING: &str = "getTaskStatusV1";

impl Setting {
    /// So many accounts, of which the files declare this and nothing else.
    fn new(accounts: usize, stage: Stage, tokens: Tokens) -> Self {
        let (tenant, issuers) = scale::tenant(accounts, stage, Config::default());
        let mut world = world!();
        for (path, text) in scale::repository(accounts, 4) {
            let text = match tokens {
                Tokens::Unmanaged => without_tokens(&text),
                Tokens::Extra => text.replace("- name: job", "- name: extra"),
            };
            world.write(&path, text);
        }
        for issuer in &issuers {
            let document = serde_json::json!({
                "clientId": issuer.client_id,
                "clientSecret": issuer.client_secret.expose_secret(),
            });
            let path = format!("secrets/{}/issuer", issuer.name);
            world.write(&path, document.to_string());
        }
        world.set(tenant.variables());
        Self {
            world,
            tenant,
            accounts,
        }
    }

    /// Replaces a text in all files.
    fn replace(&self, old: &str, new: &str) {
        let mut paths = vec!["steersman.yaml".to_owned()];
        paths.extend((0..4).map(|file| format!("accounts/{file:03}.yaml")));
        let mut found = false;
        for path in paths {
            if !self.world.path(&path).exists() {
                continue;
            }
            let text = self.world.read(&path);
            found |= text.contains(old);
            self.world.write(&path, text.replace(old, new));
        }
        assert!(found, "no file has {old:?}");
    }

    /// The plan that was written last.
    fn planned(&self) -> serde_json::Value {
        serde_json::from_str(&self.world.read("plan.json")).unwrap()
    }

    /// Plans, applies, and counts.
    fn apply(&self, allow: &str) -> Taken {
        let allow = if allow.is_empty() {
            String::new()
        } else {
            format!("--allow {allow}={}", self.accounts)
        };
        let _ = self
            .world
            .steersman(&format!("plan {allow} --out json=plan.json"))
            .exits(0);
        let plan = self.planned();
        let steps = plan["steps"].as_array().unwrap().len();
        assert!(
            steps == self.accounts || steps == self.accounts + 1,
            "{plan:#}"
        );
        let estimate = |field: &str| plan["estimate"][field].as_u64().unwrap();
        let simulator = self.tenant.simulator();
        simulator.clear_requests();
        let _ = self
            .world
            .steersman(&format!("apply {allow} --auto-approve"))
            .exits(0);
        let caller = simulator.admin_credentials().client_id;
        let counts = |client: Option<String>| {
            let mut counts = simulator.request_counts(&RequestFilter {
                client,
                ..RequestFilter::default()
            });
            counts.remove(POLLING);
            counts
        };
        let all: u64 = counts(None).values().sum();
        let caller = counts(Some(caller));
        let _ = self
            .world
            .steersman("plan --detailed-exitcode --out json=plan.json")
            .exits(0);
        // In the same process it needs no signing in.
        let reading_again = self.planned()["estimate"]["readRequests"].as_u64().unwrap() - 1;
        Taken {
            reading_again,
            estimate: estimate("requests"),
            reading: estimate("readRequests"),
            owners: all - caller.values().sum::<u64>(),
            caller,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tokens {
    Unmanaged,
    Extra,
}

fn without_tokens(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == "    tokens:" {
            let _ = (lines.next(), lines.next());
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Compares what was taken with the estimate, exactly, and with the bound: 1.1 times the reads of
/// two plans, what the caller has to send, and 12.
fn check(kind: &str, accounts: usize, least: usize, taken: &Taken) {
    let Taken {
        estimate,
        reading,
        caller,
        owners,
        reading_again,
    } = taken;
    let sum: u64 = caller.values().sum();
    let least = u64::try_from(least).unwrap();
    println!("| {kind} | {accounts} | {least} | {reading} | {sum} | {owners} | {estimate} |");
    let steps = sum + owners - reading - reading_again;
    assert_eq!(steps, *estimate, "{kind} of {accounts}: {taken:?}");
    let bound = 11 * (reading + reading_again + least + 12);
    assert!(10 * sum <= bound, "{kind}: {sum} of {bound}/10: {caller:?}");
}

fn rows(accounts: usize) {
    let setting = Setting::new(accounts, Stage::Ready, Tokens::Unmanaged);
    setting.replace("Trying things", "Trying other things");
    check("rows", accounts, 1, &setting.apply(""));
}

fn levels(accounts: usize) {
    let setting = Setting::new(accounts, Stage::Ready, Tokens::Unmanaged);
    setting.tenant.simulator().with_tenant(|state| {
        for number in 0..accounts {
            let levels = vec!["HELPDESK".to_owned()];
            state
                .set_levels_out_of_band(&scale::name(number), levels)
                .unwrap();
        }
    });
    let taken = setting.apply("removeLevels");
    check("levels", accounts, accounts, &taken);
}

fn invitations(accounts: usize) {
    let setting = Setting::new(accounts, Stage::Imported, Tokens::Unmanaged);
    let taken = setting.apply("");
    check("invitations", accounts, accounts.div_ceil(100), &taken);
}

fn tokens(accounts: usize) {
    let setting = Setting::new(accounts, Stage::Ready, Tokens::Extra);
    check("tokens minted", accounts, 0, &setting.apply(""));
    setting.replace("idn:campaign-template:read", "idn:campaign-template:manage");
    setting.replace("scopes: [idn:sources:manage]", "scopes: [idn:sources:read]");
    check(
        "tokens patched",
        accounts,
        0,
        &setting.apply("removeScopes"),
    );
    setting.replace(
        "expires: 90d\n",
        "expires: 90d\n    accessTokenValidity: 15m\n",
    );
    check("tokens rotated", accounts, 0, &setting.apply(""));
    setting.replace(
        "steersman: v1\nsources:",
        "steersman: v1\npolicy: {unmanagedTokens: revoke}\nsources:",
    );
    let taken = setting.apply("deleteTokens");
    check("tokens revoked", accounts, accounts, &taken);
}

#[test]
fn ten_changes_of_each_kind() {
    rows(10);
    levels(10);
    invitations(10);
    tokens(10);
}

#[test]
fn a_thousand_changed_rows_levels_and_invitations() {
    rows(1_000);
    levels(1_000);
    invitations(1_000);
}

#[test]
fn a_thousand_changed_tokens() {
    tokens(1_000);
}

#[test]
#[ignore = "takes minutes"]
fn ten_thousand_changed_rows_levels_and_invitations() {
    rows(10_000);
    levels(10_000);
    invitations(10_000);
}

#[test]
#[ignore = "takes a quarter of an hour"]
fn ten_thousand_changed_tokens() {
    tokens(10_000);
}
