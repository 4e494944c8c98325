//! `simulator person`: does what an account holder or ISC admin does in ISC.

use super::state_argument::StateArgument;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::whole_file::{self, Readers};
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::json;

/// Act as an account holder or ISC admin
#[derive(Debug, Subcommand)]
pub(super) enum Person {
    Invite(Invite),
    Register(Register),
    Mint(Mint),
}

/// Invite the account holder to register, as an ISC admin
///
/// Example: `steersman simulator person invite audit01 --state tenant.json`
#[derive(Debug, Args)]
pub(super) struct Invite {
    /// Name of the account
    name: String,
    #[command(flatten)]
    state: StateArgument,
}

/// Register as the account holder: accept the invitation
///
/// Example: `steersman simulator person register audit01 --state tenant.json`
#[derive(Debug, Args)]
pub(super) struct Register {
    /// Name of the account
    name: String,
    #[command(flatten)]
    state: StateArgument,
}

/// Create a personal access token as the account holder
///
/// Example: `steersman simulator person mint audit01 --state tenant.json`
#[derive(Debug, Args)]
pub(super) struct Mint {
    /// Name of the account
    name: String,
    /// Name of the token
    #[arg(long, default_value = "issuer")]
    token: String,
    /// Scope of the token; repeatable
    #[arg(
        long = "scope",
        value_name = "SCOPE",
        default_value = "sp:my-personal-access-tokens:manage"
    )]
    scopes: Vec<String>,
    /// File for client ID and secret; default: print them
    ///
    /// Example: `--to .steersman/secrets/audit01/issuer`
    ///
    /// The file has the format of a directory store.
    #[arg(long, value_name = "FILE")]
    to: Option<Utf8PathBuf>,
    #[command(flatten)]
    state: StateArgument,
}

impl Person {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        match self {
            Self::Register(Register { name, state }) => {
                state.change(|tenant| tenant.register_person(name)).await?;
                output.data(&format!(
                    "{name} is registered: the account holder accepted the invitation and set a password"
                ));
            }
            Self::Invite(Invite { name, state }) => {
                state.change(|tenant| tenant.invite_person(name)).await?;
                output.data(&format!("{name} is invited"));
            }
            Self::Mint(mint) => mint.run(output).await?,
        }
        Ok(Exit::Done)
    }
}

impl Mint {
    async fn run(&self, output: &mut Output) -> Result<(), Failure> {
        let Self {
            name,
            token,
            scopes,
            to,
            state,
        } = self;
        let (minted, now) = state
            .change(|tenant| {
                let request = simulator::TokenRequest {
                    name: token.clone(),
                    scopes: scopes.clone(),
                    ..simulator::TokenRequest::default()
                };
                let minted = tenant.mint_personal_access_token_as_owner(name, request)?;
                Ok((minted, tenant.now()))
            })
            .await?;
        let document = document(&minted, name, token, scopes, now);
        match to {
            None => output.data(&document),
            Some(path) => {
                write_secret(path, &document)?;
                output.data(&format!(
                    "created token {token} of {name}; client ID and secret are in {path}"
                ));
            }
        }
        Ok(())
    }
}

fn document(
    minted: &simulator::MintedToken,
    account: &str,
    token: &str,
    scopes: &[String],
    now: Timestamp,
) -> String {
    let document = json!({
        "clientId": minted.id,
        "clientSecret": minted.secret.expose_secret(),
        "account": account,
        "token": token,
        "scopes": scopes,
        "created": now.to_string(),
    });
    format!("{document:#}\n")
}

/// Writes a file that only its owner may read, and creates its folders.
fn write_secret(path: &Utf8Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_str().is_empty()) {
        fs_err::create_dir_all(folder).map_err(|error| Failure::File {
            message: format!("cannot write {path}"),
            help: None,
            source: Some(Box::new(error)),
        })?;
    }
    whole_file::write(path, text.as_bytes(), Readers::Owner)
}
