//! `simulator account`: changes accounts outside steersman, to test drift.

use super::state_argument::StateArgument;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand};
use serde_json::{Map, Value};

/// Change the accounts of a source outside steersman
#[derive(Debug, Subcommand)]
pub(super) enum Account {
    Put(Put),
    Remove(Remove),
}

/// Add an account to a source, or replace its attributes
///
/// Example: `steersman simulator account put "Service Accounts" id=SA-900
/// name=byhand01 --state tenant.json`
#[derive(Debug, Args)]
pub(super) struct Put {
    /// Name of the source
    source: String,
    /// Attributes, for example id=SA-900 name=byhand01
    #[arg(required = true, value_name = "ATTRIBUTE=VALUE", value_parser = attribute)]
    attributes: Vec<(String, String)>,
    #[command(flatten)]
    state: StateArgument,
}

/// Remove an account from a source
#[derive(Debug, Args)]
pub(super) struct Remove {
    /// Name of the source
    source: String,
    /// Account to remove, by id or name
    account: String,
    #[command(flatten)]
    state: StateArgument,
}

impl Account {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        match self {
            Self::Put(Put {
                source,
                attributes,
                state,
            }) => {
                let attributes: Map<String, Value> = attributes
                    .iter()
                    .map(|(name, value)| (name.clone(), Value::String(value.clone())))
                    .collect();
                let id = state
                    .change(|tenant| tenant.put_account_out_of_band(source, attributes.clone()))
                    .await?;
                output.data(&format!("source \"{source}\" now has the account {id}"));
            }
            Self::Remove(Remove {
                source,
                account,
                state,
            }) => {
                state
                    .change(|tenant| tenant.remove_account_out_of_band(source, account))
                    .await?;
                output.data(&format!(
                    "source \"{source}\" no longer has the account {account}"
                ));
            }
        }
        Ok(Exit::Done)
    }
}

fn attribute(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected ATTRIBUTE=VALUE".to_owned()),
    }
}
