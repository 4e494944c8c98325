//! Command store: programs of the operator keep the secrets.

use super::message::message;
use super::program::{self, Ended};
use super::{LARGEST_DOCUMENT, StoreError};
use crate::document;
use model::SecretDocument;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long a program may take.
const LIMIT: Duration = Duration::from_mins(1);

/// Two programs: one reads a document from its standard input, the other prints
/// it. They inherit steersman's environment, but have no terminal to prompt at.
#[derive(Clone, Debug)]
pub(super) struct CommandStore {
    put: Arc<[String]>,
    get: Arc<[String]>,
    /// Where the system looks for programs: the variable `PATH`.
    search_path: Arc<OsStr>,
    limit: Duration,
}

impl CommandStore {
    pub(super) fn new(put: &[String], get: &[String], search_path: &OsStr) -> Self {
        Self {
            put: put.into(),
            get: get.into(),
            search_path: search_path.into(),
            limit: LIMIT,
        }
    }

    /// Exit status 0 without output means that there is no secret, 0 with a
    /// document that there is one. Everything else is an error.
    pub(super) async fn get(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let (program, arguments) = filled(&self.get, key)?;
        let Ended {
            status,
            output,
            error_text,
        } = program::run(&program, &arguments, None, LARGEST_DOCUMENT, self.limit).await?;
        let printed = document::read(&output.text);
        if !status.success() {
            // A program that fails can still have printed the secret.
            let secrets = printed.as_ref().map(forms).unwrap_or_default();
            return Err(failed(program, status, &error_text, &secrets));
        }
        let place = || format!("the program `{program}`");
        if !output.whole {
            return Err(StoreError::TooLarge { place: place() });
        }
        match printed {
            Ok(document) => Ok(Some(document)),
            Err(document::DocumentError::Empty) => Ok(None),
            Err(source) => Err(StoreError::Document {
                place: place(),
                source: Box::new(source),
            }),
        }
    }

    /// The output of the program is ignored.
    pub(super) async fn put(&self, key: &str, document: &SecretDocument) -> Result<(), StoreError> {
        let (program, arguments) = filled(&self.put, key)?;
        let text = document::write(document).map_err(StoreError::Encode)?;
        let Ended {
            status,
            output: _,
            error_text,
        } = program::run(&program, &arguments, Some(&text), 0, self.limit).await?;
        if status.success() {
            Ok(())
        } else {
            Err(failed(program, status, &error_text, &forms(document)))
        }
    }

    /// Running `put` would replace the secret of the key. So the check is only that
    /// its program exists, and that the key can be read.
    pub(super) async fn probe(&self, key: &str) -> Result<(), StoreError> {
        let (program, _) = filled(&self.put, key)?;
        if !can_be_found(&program, &self.search_path) {
            return Err(StoreError::ProgramNotFound { program });
        }
        match self.get(key).await {
            // Anything that is not a document will be replaced by one.
            Ok(_) | Err(StoreError::Document { .. } | StoreError::TooLarge { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The program and its arguments, with the key in them.
fn filled(command: &[String], key: &str) -> Result<(String, Vec<String>), StoreError> {
    let key = model::key_as_argument(key).map_err(|source| StoreError::BadKey {
        key: key.to_owned(),
        source,
    })?;
    let (program, arguments) = command.split_first().ok_or(StoreError::NoProgram)?;
    let arguments = arguments.iter().map(|argument| fill(argument, key));
    Ok((program.clone(), arguments.collect()))
}

/// Replaces `{key}` by the key. `{{key}}` and `${key}` belong to the languages of
/// the programs and stay.
fn fill(argument: &str, key: &str) -> String {
    const PLACEHOLDER: &str = "{key}";
    let mut filled = String::with_capacity(argument.len() + key.len());
    let mut rest = argument;
    while let Some(start) = rest.find(PLACEHOLDER) {
        let (before, after) = rest.split_at(start);
        filled.push_str(before);
        filled.push_str(if before.ends_with(['{', '$']) {
            PLACEHOLDER
        } else {
            key
        });
        rest = &after[PLACEHOLDER.len()..];
    }
    filled.push_str(rest);
    filled
}

/// The secret as a program can print it: escaped as in JSON, and as it is.
fn forms(document: &SecretDocument) -> Vec<Zeroizing<Vec<u8>>> {
    let secret = document.credential.client_secret.expose_secret();
    // The longest escape of a byte has six bytes, so the memory never moves.
    let mut quoted = Zeroizing::new(Vec::with_capacity(6 * secret.len() + 2));
    let inner = serde_json::to_writer(&mut *quoted, secret)
        .ok()
        .and_then(|()| quoted.get(1..quoted.len() - 1))
        .map(|inner| Zeroizing::new(inner.to_vec()));
    let plain = Zeroizing::new(secret.as_bytes().to_vec());
    inner.into_iter().chain([plain]).collect()
}

fn failed(
    program: String,
    status: std::process::ExitStatus,
    error_text: &program::Captured,
    secrets: &[Zeroizing<Vec<u8>>],
) -> StoreError {
    let secrets: Vec<&[u8]> = secrets.iter().map(|secret| secret.as_slice()).collect();
    StoreError::ProgramFailed {
        program,
        status,
        message: message(&error_text.text, error_text.whole, &secrets).into(),
    }
}

/// Whether the system would find the program, by the same rules as when it runs.
fn can_be_found(program: &str, search_path: &OsStr) -> bool {
    let path = Path::new(program);
    if path.components().count() > 1 {
        return is_program(path);
    }
    std::env::split_paths(search_path).any(|folder| is_program(&folder.join(path)))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs_err::metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    let with_ending = || path.with_extension(std::env::consts::EXE_EXTENSION);
    [path.to_owned(), with_ending()]
        .iter()
        .any(|path| fs_err::metadata(path).is_ok_and(|metadata| metadata.is_file()))
}

#[cfg(test)]
#[cfg(unix)]
#[path = "../testing/command.rs"]
mod tests;
