//! Asks at the terminal for a token, and reads standard input.

use super::given::{self, MOST, NoToken};
use super::pasted::{Field, value};
use crate::failure::Failure;
use crate::redaction::redactor;
use model::{AccountName, Credential};
use std::io::Read;

/// What a person entered at the terminal.
pub(super) enum Entered {
    /// A token.
    Token(Credential),
    /// Nothing: the account is left out.
    Nothing,
    /// Ctrl-C, which ends the run.
    Interrupted,
    /// Something that is no token.
    NoToken(NoToken),
}

/// Asks at the terminal. Neither value is echoed, because people paste both at once.
///
/// # Errors
/// A terminal that cannot be read.
pub(super) fn at_the_terminal(
    account: &AccountName,
    client_id: Option<&str>,
) -> Result<Entered, Failure> {
    match entered(account, client_id) {
        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Ok(Entered::Interrupted),
        other => other.map_err(unreadable),
    }
}

fn entered(account: &AccountName, client_id: Option<&str>) -> std::io::Result<Entered> {
    let ask = |field: Field| {
        rpassword::prompt_password(format!(
            "{} of the token of {account} (not shown): ",
            match field {
                Field::ClientId => "Client ID",
                Field::Secret => "Client secret",
            }
        ))
    };
    let client_id = if let Some(id) = client_id {
        id.to_owned()
    } else {
        let line = ask(Field::ClientId)?;
        if line.trim().is_empty() {
            return Ok(Entered::Nothing);
        }
        if given::is_document(&line) {
            return document(line);
        }
        match value(Field::ClientId, &line) {
            Ok(id) => id,
            Err(what) => return Ok(Entered::NoToken(NoToken(what))),
        }
    };
    let mut secret = ask(Field::Secret)?;
    if secret.trim().is_empty() {
        // The line break of Windows behind the client ID is two.
        secret = ask(Field::Secret)?;
    }
    Ok(match given::credential(&client_id, &secret) {
        Ok(credential) => {
            redactor().learn(&credential.client_secret);
            Entered::Token(credential)
        }
        Err(what) => Entered::NoToken(what),
    })
}

/// The rest of a JSON document that was pasted at the first question.
fn document(mut text: String) -> std::io::Result<Entered> {
    /// More than any document has.
    const LINES: usize = 200;
    for _ in 0..LINES {
        if given::is_whole(&text) {
            break;
        }
        text.push('\n');
        text.push_str(&rpassword::prompt_password("")?);
    }
    Ok(match given::one(&text, None) {
        Ok(credential) => {
            redactor().learn(&credential.client_secret);
            Entered::Token(credential)
        }
        Err(what) => Entered::NoToken(what),
    })
}

/// All of standard input.
///
/// # Errors
/// Standard input that cannot be read, is no text, or is too large.
pub(super) fn standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let refused = |what: &str| Failure::Usage {
        message: format!("standard input {what}; nothing was stored"),
        help: "give a client ID and a secret on a line each, or JSON Lines for several accounts"
            .to_owned(),
    };
    if bytes.len() as u64 > MOST {
        return Err(refused("has more than 4 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| refused("is not UTF-8"))
}

fn unreadable(error: std::io::Error) -> Failure {
    Failure::File {
        message: "cannot read the token from the terminal or standard input".to_owned(),
        help: None,
        source: Some(Box::new(error)),
    }
}
