//! Command store: programs of the operator keep the secrets.

use super::StoreError;
use super::limit::LARGEST_DOCUMENT;
use super::message::message;
use super::program::{self, Ended};
use super::settings::Environment;
use super::store::{Answer, Store};
use crate::document;
use model::{NotFound, Redactor, SecretDocument};
use secrecy::zeroize::Zeroizing;
use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

/// How long a program may take.
const LIMIT: Duration = Duration::from_mins(1);

/// Two programs: one reads a document from its standard input, the other prints
/// it. They get few variables, and have no terminal to prompt at.
#[derive(Clone, Debug)]
pub(super) struct CommandStore {
    put: Arc<[String]>,
    /// None where the target is written to only.
    get: Option<Arc<[String]>>,
    delete: Option<Arc<[String]>>,
    not_found: Option<Arc<NotFound>>,
    /// All variables that the programs get. By `PATH` the system finds them.
    environment: Arc<Environment>,
    redactor: Redactor,
    limit: Duration,
}

impl CommandStore {
    pub(super) fn new(
        CommandsOf {
            put,
            get,
            delete,
            not_found,
        }: CommandsOf<'_>,
        environment: Environment,
        redactor: Redactor,
    ) -> Self {
        Self {
            put: put.into(),
            get: get.map(Into::into),
            delete: delete.map(Into::into),
            not_found: not_found.cloned().map(Arc::new),
            environment: environment.into(),
            redactor,
            limit: LIMIT,
        }
    }

    /// Exit status 0 with a document means that there is a secret. That there is
    /// none is said as `notFound` declares it, else by exit status 0 without output.
    /// Everything else is an error. Nothing that the program prints is quoted.
    pub(super) async fn get(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let get = self.get.as_ref().ok_or(StoreError::WriteOnly)?;
        let (program, arguments) = filled(get, key)?;
        let Ended {
            status,
            output,
            error_text,
        } = self
            .run(&program, &arguments, None, LARGEST_DOCUMENT)
            .await?;
        let place = || format!("the program `{program}`");
        if !status.success() {
            return match &self.not_found {
                Some(not_found) if says_not_found(not_found, status, &error_text.text) => Ok(None),
                Some(_) | None => Err(StoreError::GetFailed { program, status }),
            };
        }
        if !output.whole {
            return Err(StoreError::TooLarge { place: place() });
        }
        match document::read(&output.text) {
            Ok(document) => Ok(Some(document)),
            Err(document::DocumentError::Empty) if self.not_found.is_none() => Ok(None),
            Err(document::DocumentError::Empty) => Err(StoreError::PrintedNothing { program }),
            Err(source) => Err(StoreError::Document {
                place: place(),
                source: Box::new(source),
            }),
        }
    }

    #[cfg(test)]
    pub(super) async fn put(&self, key: &str, document: &SecretDocument) -> Result<(), StoreError> {
        self.redactor.learn(&document.credential.client_secret);
        if let Some(previous) = &document.previous {
            self.redactor.learn(&previous.credential.client_secret);
        }
        let text = document::write(document).map_err(document::EncodeError::from);
        self.put_text(key, text.map_err(StoreError::Encode)?).await
    }

    async fn put_text(&self, key: &str, text: Zeroizing<Vec<u8>>) -> Result<(), StoreError> {
        self.write(&self.put, key, Some(&text)).await
    }

    /// A program that finds nothing to delete has to exit with 0, or as `notFound` says.
    pub(super) async fn delete(&self, key: &str) -> Result<(), StoreError> {
        let delete = self.delete.as_ref().ok_or(StoreError::NoDelete)?;
        self.write(delete, key, None).await
    }

    /// The output of the program is ignored.
    async fn write(
        &self,
        command: &[String],
        key: &str,
        text: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        let (program, arguments) = filled(command, key)?;
        let Ended {
            status,
            output: _,
            error_text,
        } = self.run(&program, &arguments, text, 0).await?;
        let is_gone = || {
            self.not_found
                .as_ref()
                .is_some_and(|not_found| says_not_found(not_found, status, &error_text.text))
        };
        if text.is_none() && is_gone() {
            return Ok(());
        }
        if status.success() {
            return Ok(());
        }
        Err(StoreError::ProgramFailed {
            program,
            status,
            message: message(&error_text.text, error_text.whole, &self.redactor).into(),
        })
    }

    /// Running `put` would replace the secret of the key. So the check is only that
    /// its program exists.
    pub(super) fn probe(&self, key: &str) -> Result<(), StoreError> {
        let (program, _) = filled(&self.put, key)?;
        if can_be_found(&program, self.environment.search_path()) {
            Ok(())
        } else {
            Err(StoreError::ProgramNotFound { program })
        }
    }

    async fn run(
        &self,
        program: &str,
        arguments: &[String],
        input: Option<&[u8]>,
        most_output: usize,
    ) -> Result<Ended, StoreError> {
        let invocation = program::Invocation {
            program,
            arguments,
            environment: &self.environment,
        };
        program::run(invocation, input, most_output, self.limit).await
    }
}

impl Store for CommandStore {
    fn get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<SecretDocument>> {
        Box::pin(self.get(key))
    }

    fn put<'a>(&'a self, key: &'a str, text: Zeroizing<Vec<u8>>) -> Answer<'a, ()> {
        Box::pin(self.put_text(key, text))
    }

    fn delete<'a>(&'a self, key: &'a str) -> Answer<'a, ()> {
        Box::pin(self.delete(key))
    }

    fn can_delete(&self) -> bool {
        self.delete.is_some()
    }

    fn probe<'a>(&'a self, key: &'a str) -> Answer<'a, ()> {
        Box::pin(async { self.probe(key) })
    }
}

/// The commands of a command store.
#[derive(Clone, Copy)]
pub(super) struct CommandsOf<'a> {
    pub(super) put: &'a [String],
    pub(super) get: Option<&'a [String]>,
    pub(super) delete: Option<&'a [String]>,
    pub(super) not_found: Option<&'a NotFound>,
}

/// Whether a program that failed says that there is no secret.
fn says_not_found(not_found: &NotFound, status: ExitStatus, error_text: &[u8]) -> bool {
    let NotFound {
        exit_codes,
        pattern,
    } = not_found;
    let Some(code) = status.code() else {
        // It was killed.
        return false;
    };
    let is_code =
        exit_codes.is_empty() || u8::try_from(code).is_ok_and(|c| exit_codes.contains(&c));
    let is_text = pattern
        .as_ref()
        .is_none_or(|pattern| contains(&String::from_utf8_lossy(error_text), pattern));
    is_code && is_text
}

/// Whether a text contains a pattern, in which `*` stands for any text.
fn contains(text: &str, pattern: &str) -> bool {
    let mut rest = text;
    pattern.split('*').all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
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
