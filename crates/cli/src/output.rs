//! The only place that prints. Standard output is data, standard error is talk.
//!
//! Colour is left out where the stream is no terminal and where `NO_COLOR` is
//! set. A reader that has gone away (`steersman plan | head`) is no error.

use anstream::{AutoStream, ColorChoice};
use std::io::{self, ErrorKind, IsTerminal, Stderr, Stdout, Write};

/// Standard output and standard error.
#[derive(Debug)]
pub(crate) struct Output {
    data: AutoStream<Stdout>,
    talk: AutoStream<Stderr>,
    /// Why a result did not get through, the first time that one did not.
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

    /// Prints a result, with a line break at its end.
    pub(crate) fn data(&mut self, text: &str) {
        let printed =
            writeln!(self.data, "{}", text.trim_end_matches('\n')).and_then(|()| self.data.flush());
        match printed {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.lost.get_or_insert(error);
            }
            Ok(()) | Err(_) => {}
        }
    }

    /// Why not all results got through, if they did not.
    pub(crate) fn lost(&mut self) -> Option<io::Error> {
        self.lost.take()
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
