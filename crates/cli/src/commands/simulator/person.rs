//! What the person behind an identity does.

use super::StateArgument;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::whole_file::{self, Readers};
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::json;

/// Do what the person behind an identity does
#[derive(Debug, Subcommand)]
pub(super) enum Person {
    Invite(Invite),
    Register(Register),
    Mint(Mint),
}

/// Be invited to register, by an administrator in the user interface
#[derive(Debug, Args)]
pub(super) struct Invite {
    /// The account's name
    name: String,
    #[command(flatten)]
    state: StateArgument,
}

/// Follow the invitation and set a password
#[derive(Debug, Args)]
pub(super) struct Register {
    /// The account's name
    name: String,
    #[command(flatten)]
    state: StateArgument,
}

/// Make a personal access token in the user interface, such as an account's issuer
#[derive(Debug, Args)]
pub(super) struct Mint {
    /// The account's name
    name: String,
    /// The token's name
    #[arg(long, default_value = "issuer")]
    token: String,
    /// A scope of the token
    #[arg(
        long = "scope",
        value_name = "SCOPE",
        default_value = "sp:my-personal-access-tokens:manage"
    )]
    scopes: Vec<String>,
    /// Where to put id and secret, as a directory store of steersman keeps them;
    /// else they are printed
    #[arg(long, value_name = "FILE")]
    to: Option<Utf8PathBuf>,
    #[command(flatten)]
    state: StateArgument,
}

impl Person {
    pub(super) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        match self {
            Self::Register(Register { name, state }) => {
                state.change(|tenant| tenant.register_person(name))?;
                output.data(&format!(
                    "{name} has followed the invitation and set a password"
                ));
            }
            Self::Invite(Invite { name, state }) => {
                state.change(|tenant| tenant.invite_person(name))?;
                output.data(&format!("{name} is invited"));
            }
            Self::Mint(mint) => mint.run(output)?,
        }
        Ok(Exit::Done)
    }
}

impl Mint {
    fn run(&self, output: &mut Output) -> Result<(), Failure> {
        let Self {
            name,
            token,
            scopes,
            to,
            state,
        } = self;
        let (minted, now) = state.change(|tenant| {
            let request = simulator::TokenRequest {
                name: token.clone(),
                scopes: scopes.clone(),
                ..simulator::TokenRequest::default()
            };
            let minted = tenant.mint_personal_access_token_as_owner(name, request)?;
            Ok((minted, tenant.now()))
        })?;
        let document = document(&minted, name, token, scopes, now);
        match to {
            None => output.data(&document),
            Some(path) => {
                write_secret(path, &document)?;
                output.data(&format!(
                    "{name} has made the token {token}; its id and secret are in {path}"
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

/// Writes a file that only its owner may read, and the folders that it is in.
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
