//! The only place that prints. Standard output is data, standard error is talk.
//!
//! Colour is left out where the stream is no terminal and where `NO_COLOR` is
//! set. A reader that has gone away (`steersman plan | head`) is no error.

use anstream::{AutoStream, ColorChoice};
use std::io::{IsTerminal, Stderr, Stdout, Write};

/// Standard output and standard error.
#[derive(Debug)]
pub(crate) struct Output {
    data: AutoStream<Stdout>,
    talk: AutoStream<Stderr>,
}

impl Output {
    pub(crate) fn new() -> Self {
        Self {
            data: AutoStream::auto(std::io::stdout()),
            talk: AutoStream::auto(std::io::stderr()),
        }
    }

    /// Prints a result, with a line break at its end.
    pub(crate) fn data(&mut self, text: &str) {
        let _ = writeln!(self.data, "{}", text.trim_end_matches('\n'));
        let _ = self.data.flush();
    }

    /// Prints something to say, with a line break at its end.
    pub(crate) fn talk(&mut self, text: &str) {
        let _ = writeln!(self.talk, "{}", text.trim_end_matches('\n'));
    }

    /// Prints something to say and stays on the line, for a question.
    pub(crate) fn ask(&mut self, text: &str) {
        let _ = write!(self.talk, "{text}");
        let _ = self.talk.flush();
    }

    /// Whether what is said on standard error is coloured.
    pub(crate) fn talk_in_colour(&self) -> bool {
        self.talk.current_choice() != ColorChoice::Never
    }

    /// Whether somebody watches standard error.
    pub(crate) fn talk_is_watched() -> bool {
        std::io::stderr().is_terminal()
    }
}
