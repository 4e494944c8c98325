//! A tenant of any number of accounts, and files that declare one kind of change for each.

use secrecy::ExposeSecret as _;
use serde_json::Value;
use simulator::Config;
use std::collections::{BTreeMap, BTreeSet};
use tests::scale::{self, Stage};
use tests::{SimulatedTenant, World, world};

/// What the files declare to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The purpose of each account: one import.
    Rows,
    /// The user levels of each account.
    Levels,
    /// An invitation for each account.
    Invitations,
    /// The scopes of a token of each account.
    Scopes,
    /// Each account gets one token more.
    Mint,
    /// A token of each account is rotated.
    Rotate,
    /// A token of each account is revoked.
    Revoke,
    /// The description of the source.
    Description,
}

pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
    pub(crate) accounts: usize,
    change: Change,
}

impl Site {
    pub(crate) fn new(accounts: usize, change: Change) -> Self {
        let stage = match change {
            Change::Rows | Change::Levels | Change::Description => Stage::Invited,
            Change::Invitations => Stage::Imported,
            Change::Scopes | Change::Mint | Change::Rotate | Change::Revoke => Stage::Ready,
        };
        let (tenant, issuers) = scale::tenant(accounts, stage, Config::default());
        let mut world = world!();
        for (path, text) in scale::repository(accounts, 1) {
            world.write(&path, declared(change, &text));
        }
        for issuer in &issuers {
            let document = serde_json::json!({
                "clientId": issuer.client_id,
                "clientSecret": issuer.client_secret.expose_secret(),
                "replaces": "enrolled",
            });
            let path = format!("secrets/{}/issuer", issuer.name);
            world.write(&path, document.to_string());
        }
        world.set(tenant.variables());
        let site = Self {
            world,
            tenant,
            accounts,
            change,
        };
        site.prepare();
        site
    }

    fn prepare(&self) {
        match self.change {
            Change::Levels => self.tenant.simulator().with_tenant(|state| {
                for number in 0..self.accounts {
                    let name = scale::name(number);
                    state.set_levels_out_of_band(&name, Vec::new()).unwrap();
                }
            }),
            // The tokens are delivered, which the files of a new folder do not know.
            Change::Scopes | Change::Rotate => {
                let _ = self.world.steersman("apply --auto-approve").exits(0);
                for path in ["steersman.yaml", "accounts/000.yaml"] {
                    let text = self.world.read(path);
                    let text = match self.change {
                        Change::Scopes => text
                            .replace("campaign-template:read", "campaign-template:manage")
                            .replace("[idn:sources:manage]", "[idn:sources:read]"),
                        _ => text.replace(
                            "expires: 90d\n",
                            "expires: 90d\n    accessTokenValidity: 15m\n",
                        ),
                    };
                    self.world.write(path, text);
                }
            }
            Change::Rows
            | Change::Invitations
            | Change::Mint
            | Change::Revoke
            | Change::Description => {}
        }
    }

    /// How many steps run at a time: with one, the tokens of an owner are read after those
    /// of the owner before have been written.
    pub(crate) fn parallelism(&self) -> &'static str {
        match self.change {
            Change::Scopes | Change::Mint | Change::Rotate | Change::Revoke => "--parallelism 1",
            Change::Rows | Change::Levels | Change::Invitations | Change::Description => "",
        }
    }

    /// What guards have to let pass.
    pub(crate) fn allowed(&self) -> String {
        let guard = match self.change {
            Change::Scopes => "removeScopes",
            Change::Revoke => "deleteTokens",
            Change::Levels => "removeLevels",
            _ => return String::new(),
        };
        format!("--allow {guard}={}", 2 * self.accounts)
    }

    pub(crate) fn state(&self) -> State {
        State::of(&self.tenant)
    }
}

fn declared(change: Change, text: &str) -> String {
    match change {
        Change::Rows => with_tokens(text, None).replace("Trying things", "Trying other things"),
        Change::Levels | Change::Invitations => with_tokens(text, None),
        Change::Description => {
            with_tokens(text, None).replace("description: Accounts", "description: Things")
        }
        Change::Mint | Change::Scopes | Change::Rotate => {
            text.replace("- name: job", "- name: extra")
        }
        Change::Revoke => with_tokens(text, Some("    tokens: []\n")).replace(
            "steersman: v1\nsources:",
            "steersman: v1\npolicy: {unmanagedTokens: revoke}\nsources:",
        ),
    }
}

/// A file with other tokens for each account.
fn with_tokens(text: &str, tokens: Option<&str>) -> String {
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == "    tokens:" {
            let _ = (lines.next(), lines.next());
            kept.push_str(tokens.unwrap_or_default());
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The tenant as it is, from the simulator's own state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) source: String,
    pub(crate) columns: BTreeSet<String>,
    /// The cells of each account of the source.
    pub(crate) rows: BTreeMap<String, BTreeMap<String, String>>,
    /// User levels and status, by alias.
    pub(crate) people: BTreeMap<String, (BTreeSet<String>, String)>,
    /// Id and scopes, by alias of the owner and name.
    pub(crate) tokens: BTreeMap<(String, String), (String, BTreeSet<String>)>,
}

impl State {
    fn of(tenant: &SimulatedTenant) -> Self {
        let state = tenant.simulator().dump_state().unwrap();
        let state: Value = serde_json::from_str(&state).unwrap();
        let source = values(&state["sources"])
            .find(|source| text(&source["name"]) != "Active Directory")
            .unwrap();
        let schema = values(&source["schemas"]).find(|schema| schema["name"] == "account");
        let aliases: BTreeMap<String, String> = values(&state["identities"])
            .map(|identity| (text(&identity["id"]), text(&identity["alias"])))
            .collect();
        let texts = |list: &Value| values(list).map(text).collect::<BTreeSet<_>>();
        Self {
            source: text(&source["name"]),
            columns: values(&schema.unwrap()["attributes"])
                .map(|attribute| text(&attribute["name"]))
                .collect(),
            rows: values(&state["accounts"])
                .filter(|row| row["source"] == source["id"])
                .map(|row| {
                    let cells = row["attributes"].as_object().unwrap();
                    let cells = cells
                        .iter()
                        .map(|(column, cell)| (column.clone(), text(cell)));
                    (text(&row["native_identity"]), cells.collect())
                })
                .collect(),
            people: values(&state["identities"])
                .map(|identity| {
                    let held = texts(&identity["levels"]);
                    (text(&identity["alias"]), (held, text(&identity["status"])))
                })
                .collect(),
            tokens: values(&state["tokens"])
                .map(|token| {
                    let owner = aliases.get(&text(&token["owner"])).cloned();
                    let of = (owner.unwrap_or_default(), text(&token["name"]));
                    (of, (text(&token["id"]), texts(&token["scopes"])))
                })
                .collect(),
        }
    }
}

fn values(of: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match of {
        Value::Array(list) => Box::new(list.iter()),
        Value::Object(map) => Box::new(map.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn text(of: &Value) -> String {
    of.as_str().unwrap_or_default().to_owned()
}
