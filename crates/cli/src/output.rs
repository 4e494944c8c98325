//! Output: the only module that prints, data to stdout and messages to stderr.
//!
//! Secrets of the run are redacted in all of it. A stream that is not a terminal gets no color, and none does with `NO_COLOR`. A
//! closed reader (`steersman plan | head`) is no error.

use crate::redaction::redactor;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, ErrorKind, IsTerminal, Stderr, Stdout, Write};

/// Standard output and standard error.
#[derive(Debug)]
pub(crate) struct Output {
    data: AutoStream<Stdout>,
    talk: AutoStream<Stderr>,
    /// The first error of writing a result.
    lost: Option<io::Error>,
}

impl Output {
    pub(crate) fn new() -> Self {
        Self {
            data: AutoStream::auto(std::io::stdout()),
            talk: AutoStream::auto(std::io::stderr()),
            lost: None,
        }
    }

    /// Prints a result and a line break.
    pub(crate) fn data(&mut self, text: &str) {
        let text = redactor().redact(text);
        let printed =
            writeln!(self.data, "{}", text.trim_end_matches('\n')).and_then(|()| self.data.flush());
        match printed {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.lost.get_or_insert(error);
            }
            Ok(()) | Err(_) => {}
        }
    }

    /// The error because of which a result is incomplete, if any.
    pub(crate) fn lost(&mut self) -> Option<io::Error> {
        self.lost.take()
    }

    /// Prints a message and a line break.
    pub(crate) fn talk(&mut self, text: &str) {
        let text = redactor().redact(text);
        let _ = writeln!(self.talk, "{}", text.trim_end_matches('\n'));
    }

    /// Prints a question, and leaves the cursor on its line.
    pub(crate) fn ask(&mut self, text: &str) {
        let _ = write!(self.talk, "{}", redactor().redact(text));
        let _ = self.talk.flush();
    }

    /// Whether standard error is colored.
    pub(crate) fn talk_in_colour(&self) -> bool {
        self.talk.current_choice() != ColorChoice::Never
    }

    /// Whether standard error is a terminal.
    pub(crate) fn talk_is_watched() -> bool {
        std::io::stderr().is_terminal()
    }
}
