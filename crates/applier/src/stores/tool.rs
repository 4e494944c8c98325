//! Program of a ready-made store: runs it, and classifies how it ended.

use super::StoreError;
use super::limit::LARGEST_DOCUMENT;
use super::message::message;
use super::program::{self, Ended, Invocation};
use super::settings::Environment;
use model::{ReadyMade, Redactor};
use secrecy::zeroize::Zeroizing;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How long a program may take.
const LIMIT: Duration = Duration::from_mins(1);

/// Variables of proxies and certificates, which every program that speaks HTTP reads.
const NETWORK: [&str; 8] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// Variables that keep the programs from asking, paging and coloring.
const QUIET: [(&str, &str); 8] = [
    ("AWS_PAGER", ""),
    ("AWS_CLI_AUTO_PROMPT", "off"),
    ("CLOUDSDK_CORE_DISABLE_PROMPTS", "1"),
    ("GH_PROMPT_DISABLED", "1"),
    ("GH_NO_UPDATE_NOTIFIER", "1"),
    ("AZURE_CORE_NO_COLOR", "true"),
    ("NO_COLOR", "1"),
    ("LC_ALL", "C.UTF-8"),
];

/// What an answer is in addition to the secret: JSON around it, with escapes.
const LARGEST_ANSWER: usize = 2 * LARGEST_DOCUMENT;

/// A program that people have, and how its failures are read.
#[derive(Clone, Debug)]
pub(super) struct Tool {
    program: &'static str,
    environment: Arc<Environment>,
    redactor: Redactor,
    causes: Causes,
    limit: Duration,
}

/// What a failure means, by exit code and standard error.
pub(super) type Causes = fn(i32, &str) -> Cause;

/// What a failure of a program means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The system says that it has no such entry.
    Absent,
    /// The system refuses the caller, or does not know it.
    NotAllowed,
    /// A deleted entry still has the name.
    Deleted,
    /// An entry of the name exists.
    Exists,
    /// Anything else, such as a network fault.
    Other,
}

/// A failure: what it means, and the error that says so.
pub(super) struct Failed {
    pub(super) cause: Cause,
    pub(super) error: StoreError,
}

/// The arguments of a program, its standard input, and the file that it reads.
type Prepared<'a> = (
    Vec<String>,
    Option<&'a [u8]>,
    Option<tempfile::NamedTempFile>,
);

/// The standard input of a program.
#[derive(Clone, Copy)]
pub(super) enum Input<'a> {
    None,
    /// The program reads a text from its standard input.
    Text(&'a [u8]),
    /// The program reads a text from the file `{file}` of its arguments.
    File(&'a [u8]),
}

impl Tool {
    pub(super) fn new(
        spec: &ReadyMade,
        environment: &Environment,
        redactor: &Redactor,
        causes: Causes,
    ) -> Self {
        let ReadyMade {
            kind,
            prefix: _,
            environment: named,
        } = spec;
        let named: BTreeSet<String> = NETWORK
            .iter()
            .chain(kind.variables())
            .map(|name| (*name).to_owned())
            .chain(named.iter().cloned())
            .collect();
        Self {
            program: kind.program(),
            environment: environment.of_program(&named).with(&QUIET).into(),
            redactor: redactor.clone(),
            causes,
            limit: LIMIT,
        }
    }

    /// The same program with one more variable.
    pub(super) fn with_variable(self, name: &str, value: &str) -> Self {
        let environment = Environment::clone(&self.environment);
        Self {
            environment: environment.with(&[(name, value)]).into(),
            ..self
        }
    }

    /// Runs the program, and returns what it printed.
    pub(super) async fn run(
        &self,
        arguments: &[String],
        input: Input<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        let failed = |error| Failed {
            cause: Cause::Other,
            error,
        };
        let (arguments, text, _file) = self.prepared(arguments, input).map_err(failed)?;
        let invocation = Invocation {
            program: self.program,
            arguments: &arguments,
            environment: &self.environment,
        };
        let ended = program::run(invocation, text, LARGEST_ANSWER, self.limit).await;
        let Ended {
            status,
            output,
            error_text,
        } = ended.map_err(failed)?;
        if !status.success() {
            let words = String::from_utf8_lossy(&error_text.text);
            // One that was killed says nothing.
            let cause = status
                .code()
                .map_or(Cause::Other, |code| (self.causes)(code, &words));
            let message = message(&error_text.text, error_text.whole, &self.redactor).into();
            let program = self.program.to_owned();
            let error = match cause {
                Cause::NotAllowed => StoreError::NotAllowed {
                    program,
                    status,
                    message,
                },
                Cause::Absent | Cause::Deleted | Cause::Exists | Cause::Other => {
                    StoreError::ProgramFailed {
                        program,
                        status,
                        message,
                    }
                }
            };
            return Err(Failed { cause, error });
        }
        if output.whole {
            Ok(output.text)
        } else {
            Err(failed(StoreError::TooLarge {
                place: self.place(),
            }))
        }
    }

    /// Runs the program for an entry that may be gone: none where it is.
    pub(super) async fn run_where_present(
        &self,
        arguments: &[String],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match self.run(arguments, Input::None).await {
            Ok(output) => Ok(Some(output)),
            Err(Failed {
                cause: Cause::Absent,
                error: _,
            }) => Ok(None),
            Err(failed) => Err(failed.error),
        }
    }

    /// Runs the program with a text.
    pub(super) async fn give(
        &self,
        arguments: &[String],
        input: Input<'_>,
    ) -> Result<(), StoreError> {
        match self.run(arguments, input).await {
            Ok(_) => Ok(()),
            Err(failed) => Err(failed.error),
        }
    }

    pub(super) fn place(&self) -> String {
        format!("the program `{}`", self.program)
    }

    pub(super) fn unexpected(&self, what: &'static str) -> StoreError {
        StoreError::Answer {
            program: self.program.to_owned(),
            what,
        }
    }

    pub(super) fn may_not_write(entry: &str, allowed: &str) -> StoreError {
        StoreError::MayNotWrite {
            entry: entry.into(),
            allowed: allowed.into(),
        }
    }

    /// The arguments with the name of the file, and the standard input. A secret is
    /// never an argument: other users see those of all processes.
    fn prepared<'a>(
        &self,
        arguments: &[String],
        input: Input<'a>,
    ) -> Result<Prepared<'a>, StoreError> {
        let with_file = |name: &str| {
            let arguments = arguments.iter();
            arguments
                .map(|argument| argument.replace("{file}", name))
                .collect()
        };
        match input {
            Input::None => Ok((arguments.to_vec(), None, None)),
            Input::Text(text) => Ok((arguments.to_vec(), Some(text), None)),
            Input::File(text) if cfg!(unix) => Ok((with_file("/dev/stdin"), Some(text), None)),
            Input::File(text) => {
                let file = private_file(text).map_err(|source| StoreError::Program {
                    program: self.program.to_owned(),
                    source,
                })?;
                let name = file.path().to_string_lossy().into_owned();
                Ok((with_file(&name), None, Some(file)))
            }
        }
    }
}

/// A file that only this user can read. It is removed when it is dropped.
fn private_file(text: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
    use std::io::Write;
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(text)?;
    file.flush()?;
    Ok(file)
}

/// Arguments of a program.
pub(super) fn arguments<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// Whether a text has one of these words.
pub(super) fn says(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}
