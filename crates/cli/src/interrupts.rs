//! Interrupts: what Ctrl-C and SIGTERM do to a command.
//!
//! While nothing is being changed, a signal ends the command at once. A run that writes
//! finishes what is in flight first, and a second signal ends it at once.

use crate::exit_code::Exit;
use crate::output::Output;
use applier::Cancel;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How long a command that is to end at once may take to remove its temporary files and
/// end its programs.
pub(crate) const GRACE: Duration = Duration::from_millis(500);

/// How long a run that has finished what was in flight may take to report.
const REPORTING: Duration = Duration::from_secs(10);

/// A signal that asks the program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "Ctrl-C",
            Self::Terminate => "SIGTERM",
        }
    }

    /// The exit code of a command that the signal ended at once, as shells have it.
    pub(crate) fn exit(self) -> Exit {
        match self {
            Self::Interrupt => Exit::Interrupted,
            Self::Terminate => Exit::Terminated,
        }
    }
}

/// What the signals to this process mean for its command. Clones share everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupts(Arc<Inner>);

/// No signal has come yet.
#[derive(Debug, Default)]
struct Inner {
    /// The run that writes; none while nothing is being changed.
    writing: Mutex<Option<Cancel>>,
    /// The signal that ends the command at once.
    stop: watch::Sender<Option<Signal>>,
    /// Whether a signal is how the command ends when all is well.
    by_signal: AtomicBool,
}

/// What a signal leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reaction {
    /// The command ends at once; nothing was being changed.
    End,
    /// No new step begins.
    Finish,
    /// The command ends at once, in the middle of a write.
    Stop,
}

impl Interrupts {
    /// From now on the command changes things, and so the first signal only requests a
    /// stop.
    pub(crate) fn writing(&self) -> Cancel {
        self.lock().get_or_insert_default().clone()
    }

    /// Whether the command has begun to change things.
    pub(crate) fn has_begun_writing(&self) -> bool {
        self.lock().is_some()
    }

    /// From now on the command goes on until a signal ends it, and that is no failure.
    pub(crate) fn ends_by_signal(&self) {
        self.0.by_signal.store(true, Ordering::Relaxed);
    }

    /// The exit code of the command that the signal ended at once.
    pub(crate) fn exit(&self, signal: Signal) -> Exit {
        if self.0.by_signal.load(Ordering::Relaxed) {
            Exit::Done
        } else {
            signal.exit()
        }
    }

    /// Waits for a signal that ends the command at once.
    pub(crate) async fn stopped(&self) -> Signal {
        let mut stop = self.0.stop.subscribe();
        loop {
            if let Some(signal) = *stop.borrow_and_update() {
                return signal;
            }
            if stop.changed().await.is_err() {
                // The sender lives as long as this does.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Listens for signals from now on, in a thread of its own: a response that never
    /// ends can keep the runtime of the command busy, and its timers with it.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub(crate) fn listen(self) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || runtime.block_on(self.receive()))?;
        Ok(())
    }

    async fn receive(self) {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let (Ok(mut interrupt), Ok(mut terminate)) = (
                signal(SignalKind::interrupt()),
                signal(SignalKind::terminate()),
            ) else {
                // The signals end the process, as they do where nobody listens.
                return;
            };
            loop {
                let signal = tokio::select! {
                    _ = interrupt.recv() => Signal::Interrupt,
                    _ = terminate.recv() => Signal::Terminate,
                };
                self.received(signal).await;
            }
        }
        #[cfg(not(unix))]
        while tokio::signal::ctrl_c().await.is_ok() {
            self.received(Signal::Interrupt).await;
        }
    }

    async fn received(&self, signal: Signal) {
        let reaction = self.react();
        Output::note(&words(signal, reaction));
        match reaction {
            Reaction::Finish => {
                // What is in flight can keep the command from ending itself.
                let late = self.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(applier::FINISHING + REPORTING).await;
                    Output::note(&words(signal, Reaction::Stop));
                    late.end(signal).await;
                });
            }
            Reaction::End | Reaction::Stop => self.end(signal).await,
        }
    }

    async fn end(&self, signal: Signal) {
        self.0.stop.send_replace(Some(signal));
        // A command that waits for its terminal or its disk cannot end itself.
        tokio::time::sleep(GRACE).await;
        self.exit(signal).end_process();
    }

    fn react(&self) -> Reaction {
        match &*self.lock() {
            None => Reaction::End,
            Some(cancel) if cancel.is_cancelled() => Reaction::Stop,
            Some(cancel) => {
                cancel.cancel();
                Reaction::Finish
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Cancel>> {
        self.0
            .writing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a person is told at once.
fn words(signal: Signal, reaction: Reaction) -> String {
    let name = signal.name();
    match reaction {
        Reaction::End => format!("{name}: stopped; nothing was changed"),
        Reaction::Finish => format!(
            "{name}: finishing what is in flight, for at most {} s; {} to stop now",
            applier::FINISHING.as_secs(),
            match signal {
                Signal::Interrupt => "press Ctrl-C again",
                Signal::Terminate => "send it again",
            }
        ),
        Reaction::Stop => format!(
            "{name}: stopped now; what was in flight may have taken effect; run `steersman apply` again: it finds out, and continues"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_that_writes_finishes_first() {
        let interrupts = Interrupts::default();
        assert_eq!(interrupts.react(), Reaction::End);
        let cancel = interrupts.writing();
        assert_eq!(interrupts.react(), Reaction::Finish);
        assert!(cancel.is_cancelled() && interrupts.writing().is_cancelled());
        assert_eq!(interrupts.react(), Reaction::Stop);
    }
}
