//! Secrets that programs keep.

use super::message::message;
use super::program::{self, Ended};
use super::{LARGEST_DOCUMENT, StoreError};
use crate::document;
use model::SecretDocument;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long a program may take.
const LIMIT: Duration = Duration::from_mins(1);

/// Two programs: one takes a document from its standard input, the other prints
/// it. They get steersman's environment, and no terminal to ask anything at.
#[derive(Clone, Debug)]
pub(super) struct CommandStore {
    put: Arc<[String]>,
    get: Arc<[String]>,
    limit: Duration,
}

impl CommandStore {
    pub(super) fn new(put: &[String], get: &[String]) -> Self {
        Self {
            put: put.into(),
            get: get.into(),
            limit: LIMIT,
        }
    }

    /// Exit status 0 and nothing printed means that there is no secret; 0 and a
    /// document that there is one; everything else that nobody knows.
    pub(super) async fn get(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let (program, arguments) = filled(&self.get, key)?;
        let Ended {
            status,
            output,
            error_text,
        } = program::run(&program, &arguments, None, LARGEST_DOCUMENT, self.limit).await?;
        let printed = document::read(&output.text);
        if !status.success() {
            // A program that fails may still have got hold of the secret.
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

    /// What the program prints is passed over.
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

    /// Trying `put` would replace what the key holds. So it is only seen that
    /// its program is there, and that the key can be read.
    pub(super) async fn probe(&self, key: &str) -> Result<(), StoreError> {
        let (program, _) = filled(&self.put, key)?;
        if !can_be_found(&program) {
            return Err(StoreError::ProgramNotFound { program });
        }
        match self.get(key).await {
            // What is no document will be replaced by one.
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

/// Puts the key in the place of `{key}`. `{{key}}` and `${key}` belong to the
/// programs' own languages and stay.
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

/// The secret as a program may repeat it: as JSON writes it, and as it is.
fn forms(document: &SecretDocument) -> Vec<Zeroizing<Vec<u8>>> {
    let secret = document.credential.client_secret.expose_secret();
    // Six bytes are the longest escape of one, so the memory never moves.
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

/// Whether the program would be found, in the same way as it is when it is run.
fn can_be_found(program: &str) -> bool {
    let path = Path::new(program);
    if path.components().count() > 1 {
        return is_program(path);
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "the search path is no setting of ours: it is how the system finds programs"
    )]
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| is_program(&folder.join(path)))
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
mod tests;
