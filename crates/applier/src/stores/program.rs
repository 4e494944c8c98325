//! Program runner: no shell, bounded time, bounded output.

use super::StoreError;
use secrecy::zeroize::Zeroizing;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};

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

/// Runs a program with this standard input, and returns the first `most_output`
/// bytes of its standard output.
///
/// It runs in a process group of its own: Ctrl-C at the terminal must not end a
/// delivery half-way, and after the time limit all processes that the program
/// started are killed with it.
pub(super) async fn run(
    program: &str,
    arguments: &[String],
    input: Option<&[u8]>,
    most_output: usize,
    limit: Duration,
) -> Result<Ended, StoreError> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let could_not = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => StoreError::ProgramNotFound {
            program: program.to_owned(),
        },
        _ => StoreError::Program {
            program: program.to_owned(),
            source,
        },
    };
    let mut child = command.spawn().map_err(could_not)?;
    let in_time = tokio::time::timeout(limit, exchange(&mut child, input, most_output)).await;
    if let Ok(ended) = in_time {
        return ended.map_err(could_not);
    }
    kill(&mut child).await;
    Err(StoreError::ProgramTimedOut {
        program: program.to_owned(),
        seconds: limit.as_secs(),
    })
}

/// Writes the input and reads the outputs at the same time, so that neither side
/// waits for the other.
async fn exchange(
    child: &mut Child,
    input: Option<&[u8]>,
    most_output: usize,
) -> io::Result<Ended> {
    let stdin = child.stdin.take().zip(input);
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
        let end = async { tokio::try_join!(feed(stdin), child.wait()).map(|((), status)| status) };
        tokio::pin!(listen, end);
        tokio::select! {
            heard = &mut listen => {
                heard?;
                end.await?
            }
            status = &mut end => {
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

async fn feed(stdin: Option<(ChildStdin, &[u8])>) -> io::Result<()> {
    let Some((mut stdin, input)) = stdin else {
        return Ok(());
    };
    match stdin.write_all(input).await {
        // A program that has read enough can close its input; its exit status shows
        // whether it succeeded.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
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

async fn kill(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(rustix::process::Pid::from_raw)
    {
        // It fails only when nothing of the group is left.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    // Waits for its end, so that no zombie stays.
    let _ = child.kill().await;
}
