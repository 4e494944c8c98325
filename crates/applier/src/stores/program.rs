//! Program runner: no shell, a clean environment, bounded time, bounded output.

use super::StoreError;
use super::settings::Environment;
use secrecy::zeroize::Zeroizing;
use std::io::{self, Seek, Write};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

/// How long output is still read after the program has ended: its background
/// processes can keep the pipes open for ever.
const GRACE: Duration = Duration::from_millis(500);

/// How much of standard error is kept, in bytes.
const MOST_ERROR_TEXT: usize = 16 * 1024;

/// Exit status and output of a program.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) output: Captured,
    pub(super) error_text: Captured,
}

/// The beginning of an output.
pub(super) struct Captured {
    pub(super) text: Zeroizing<Vec<u8>>,
    /// Whether it is the whole output.
    pub(super) whole: bool,
}

/// A program, its arguments, and all variables that it gets.
pub(super) struct Invocation<'a> {
    pub(super) program: &'a str,
    pub(super) arguments: &'a [String],
    pub(super) environment: &'a Environment,
}

/// Runs a program with this standard input, and returns the first `most_output`
/// bytes of its standard output.
///
/// It runs in a process group of its own: Ctrl-C at the terminal must not end a
/// delivery half-way, and after the time limit all processes that the program
/// started are killed with it. The input is complete before the program starts, so
/// that it never sees half of it or none, even if this process is killed.
pub(super) async fn run(
    invocation: Invocation<'_>,
    input: Option<&[u8]>,
    most_output: usize,
    limit: Duration,
) -> Result<Ended, StoreError> {
    let Invocation {
        program,
        arguments,
        environment,
    } = invocation;
    let could_not = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => StoreError::ProgramNotFound {
            program: program.to_owned(),
        },
        _ => StoreError::Program {
            program: program.to_owned(),
            source,
        },
    };
    let stdin = match input {
        Some(input) => prepared_input(input).map_err(|source| StoreError::Program {
            program: program.to_owned(),
            source,
        })?,
        None => Stdio::null(),
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn().map_err(could_not)?;
    // The command holds the input open.
    drop(command);
    // Ends all of them if nobody waits any longer.
    let mut group = Group::of(&child);
    let in_time = tokio::time::timeout(limit, exchange(&mut child, most_output)).await;
    if let Ok(ended) = in_time {
        group.leave();
        return ended.map_err(could_not);
    }
    drop(group);
    // Waits for its end, so that no zombie stays.
    let _ = child.kill().await;
    Err(StoreError::ProgramTimedOut {
        program: program.to_owned(),
        seconds: limit.as_secs(),
    })
}

/// A standard input that holds all of the text and then ends: a pipe, whose buffer
/// is large enough for any usual document, else a file without a name.
fn prepared_input(text: &[u8]) -> io::Result<Stdio> {
    if let Some(pipe) = filled_pipe(text)? {
        return Ok(pipe);
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(text)?;
    file.rewind()?;
    Ok(file.into())
}

/// A pipe with all of the text in its buffer; none where it does not fit.
#[cfg(unix)]
fn filled_pipe(text: &[u8]) -> io::Result<Option<Stdio>> {
    let (reader, mut writer) = io::pipe()?;
    rustix::io::ioctl_fionbio(&writer, true)?;
    match writer.write_all(text) {
        Ok(()) => Ok(Some(reader.into())),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a pipe has room cannot be asked here.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn filled_pipe(_: &[u8]) -> io::Result<Option<Stdio>> {
    Ok(None)
}

/// Reads both outputs at the same time, so that the program never waits.
async fn exchange(child: &mut Child, most_output: usize) -> io::Result<Ended> {
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    let mut output = Captured::new(most_output);
    let mut error_text = Captured::new(MOST_ERROR_TEXT);
    let status = {
        let listen = async {
            tokio::try_join!(
                output.listen(stdout, most_output),
                error_text.listen(stderr, MOST_ERROR_TEXT)
            )
        };
        tokio::pin!(listen);
        tokio::select! {
            heard = &mut listen => {
                heard?;
                child.wait().await?
            }
            status = child.wait() => {
                let status = status?;
                if let Ok(heard) = tokio::time::timeout(GRACE, listen).await {
                    heard?;
                }
                status
            }
        }
    };
    Ok(Ended {
        status,
        output,
        error_text,
    })
}

impl Captured {
    /// The memory never grows, because growing would leave copies of the secret.
    fn new(most: usize) -> Self {
        Self {
            text: Zeroizing::new(Vec::with_capacity(most)),
            whole: true,
        }
    }

    async fn listen(
        &mut self,
        from: Option<impl AsyncRead + Unpin>,
        most: usize,
    ) -> io::Result<()> {
        let Some(mut from) = from else { return Ok(()) };
        let mut chunk = Zeroizing::new([0; 4096]);
        loop {
            let read = from.read(&mut chunk[..]).await?;
            if read == 0 {
                return Ok(());
            }
            let kept = read.min(most - self.text.len());
            self.text.extend_from_slice(&chunk[..kept]);
            self.whole &= kept == read;
        }
    }
}

/// The processes that a program has started, itself included. They are killed when this
/// is dropped, unless they were left.
struct Group(#[cfg(unix)] Option<rustix::process::Pid>);

impl Group {
    #[cfg(unix)]
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }

    #[cfg(not(unix))]
    fn of(_: &Child) -> Self {
        Self()
    }

    /// The program has ended by itself.
    fn leave(&mut self) {
        #[cfg(unix)]
        {
            self.0 = None;
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.0 {
            // It fails only when nothing of the group is left.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}
