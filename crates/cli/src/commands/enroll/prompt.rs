//! Prompts for the client ID and secret of an issuer token.

use super::eligibility::MANAGE;
use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use model::{AccountName, Credential};
use secrecy::{ExposeSecret, SecretString};
use std::io::IsTerminal;

/// Reads a credential from the terminal, or from two lines of standard input. The
/// secret is not echoed.
///
/// # Errors
/// Standard input that cannot be read, or an empty value.
pub(super) fn credential(
    account: &AccountName,
    client_id: Option<&str>,
    output: &mut Output,
) -> Result<Credential, Failure> {
    let unreadable = |error: std::io::Error| Failure::File {
        message: "cannot read standard input".to_owned(),
        help: None,
        source: Some(Box::new(error)),
    };
    let is_terminal = std::io::stdin().is_terminal();
    if is_terminal {
        output.talk(&format!(
            "Sign in to ISC as {account}. Under Preferences > Personal Access Tokens, create a token with the scope {MANAGE}."
        ));
    }
    let client_id = if let Some(id) = client_id {
        id.to_owned()
    } else {
        output.ask("Client ID: ");
        line().map_err(unreadable)?
    };
    let secret = if is_terminal {
        rpassword::prompt_password("Secret: ").map_err(unreadable)?
    } else {
        line().map_err(unreadable)?
    };
    let secret = SecretString::from(secret);
    redactor().learn(&secret);
    if client_id.is_empty() || secret.expose_secret().is_empty() {
        return Err(Failure::Usage {
            message: "the client ID or secret of the token is missing".to_owned(),
            help: "add `--client-id ID`, and enter the secret at the prompt or on standard input"
                .to_owned(),
        });
    }
    Ok(Credential {
        client_id: client_id.into(),
        client_secret: secret,
    })
}

fn line() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
