//! A source with two declared accounts, and others that people have added.

use serde_json::{Map, Value, json};
use simulator::Config;
use std::collections::BTreeMap;
use tests::scale::{self, SOURCE, Stage};
use tests::{SimulatedTenant, World, world};

/// The cells of each account, by id; one that is empty is as good as absent.
pub(crate) type Rows = BTreeMap<String, BTreeMap<String, String>>;

pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
}

impl Site {
    pub(crate) fn new() -> Self {
        let (tenant, _) = scale::tenant(2, Stage::Invited, Config::default());
        let mut world = world!();
        for (path, text) in scale::repository(2, 1) {
            world.write(&path, text);
        }
        world.set(tenant.variables());
        Self { world, tenant }
    }

    /// Adds an account by hand.
    pub(crate) fn add(&self, id: &str, cells: &BTreeMap<String, String>) {
        let mut row = Map::from_iter([("id".to_owned(), json!(id))]);
        row.extend(
            cells
                .iter()
                .map(|(column, cell)| (column.clone(), json!(cell))),
        );
        let added = self
            .tenant
            .simulator()
            .with_tenant(|tenant| tenant.put_account_out_of_band(SOURCE, row));
        let _ = added.unwrap();
    }

    /// Declares another purpose for an account; JSON is YAML.
    pub(crate) fn declare(&self, number: usize, purpose: &str) {
        let file = "accounts/000.yaml";
        let text = self.world.read(file);
        let name = format!("email: {}@example.com\n    purpose: ", scale::name(number));
        let (before, after) = text.split_once(&name).unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        let purpose = json!(purpose);
        self.world
            .write(file, format!("{before}{name}{purpose}\n{after}"));
    }

    /// The rows of the source, from the simulator's own state.
    pub(crate) fn rows(&self) -> Rows {
        let state: Value =
            serde_json::from_str(&self.tenant.simulator().dump_state().unwrap()).unwrap();
        let of = |list: &str| -> Vec<Value> {
            match &state[list] {
                Value::Array(list) => list.clone(),
                other => other.as_object().unwrap().values().cloned().collect(),
            }
        };
        let source = of("sources")
            .into_iter()
            .find(|source| source["name"] == SOURCE);
        let source = source.unwrap()["id"].clone();
        of("accounts")
            .iter()
            .filter(|account| account["source"] == source)
            .map(|account| {
                let cells = account["attributes"].as_object().unwrap().iter();
                let cells = cells
                    .filter(|(column, _)| *column != "id")
                    .map(|(column, cell)| {
                        (column.clone(), cell.as_str().unwrap_or_default().to_owned())
                    })
                    .filter(|(_, cell)| !cell.is_empty());
                let id = account["native_identity"].as_str().unwrap().to_owned();
                (id, cells.collect())
            })
            .collect()
    }
}
