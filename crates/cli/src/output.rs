//! Output: the only module that prints, data to stdout and messages to stderr.
//!
//! Everything passes one gate first: secrets are redacted, hidden characters are
//! shown by number, and no line is a command to a CI system. Log lines, panics and
//! the texts of progress pass it too.
//!
//! A stream that is not a terminal gets no color, and none does with `NO_COLOR`. A
//! closed reader (`steersman plan | head`) is no error.

use crate::arguments::SpecArguments;
use crate::hints::words_of;
use crate::redaction::redactor;
use crate::terminal_size;
use anstream::{AutoStream, ColorChoice};
use indicatif::MultiProgress;
use render::Completion;
use render::diagnostics::Annotation;
use render::terminal::{self, Layout};
use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Stderr, Stdout, Write};
use std::sync::{Mutex, PoisonError};

/// The progress bars at the bottom of the terminal.
static BARS: Mutex<Option<MultiProgress>> = Mutex::new(None);

/// Standard output and standard error.
#[derive(Debug)]
pub(crate) struct Output {
    data: AutoStream<Stdout>,
    talk: AutoStream<Stderr>,
    /// The first error of writing a result.
    lost: Option<io::Error>,
    /// Whether standard output is for a document, and what is shown goes beside it.
    aside: bool,
    /// What the commands in texts need.
    completion: Completion,
}

impl Output {
    pub(crate) fn new() -> Self {
        Self {
            data: AutoStream::auto(std::io::stdout()),
            talk: AutoStream::auto(std::io::stderr()),
            lost: None,
            aside: false,
            completion: Completion::default(),
        }
    }

    /// The text as it may be printed: a message, of which each line is a text of its own.
    pub(crate) fn safe(text: &str) -> String {
        render::gate(&redactor().redact_lines(text)).into_owned()
    }

    /// Prints a result and a line break. Its values were redacted before they were laid out.
    pub(crate) fn data(&mut self, text: &str) {
        let text = self.completed(text.trim_end_matches('\n')).into_owned();
        let text = redactor().redact_layout(&text);
        if self.aside {
            let _ = writeln!(self.talk, "{}", render::gate(&text));
        } else {
            self.result(&render::gate(&text));
        }
    }

    /// Completes the commands in texts, from now on, for the simulated tenant of a file.
    pub(crate) fn name_simulated(&mut self, file: &str) {
        self.completion.name_simulated(file);
    }

    /// Completes the commands in texts, from now on, with the files of this run.
    pub(crate) fn name_files(&mut self, arguments: &SpecArguments) {
        self.completion.name_files(&words_of(arguments));
    }

    /// Completes the commands in texts, from now on, with the record of this run.
    pub(crate) fn name_record(&mut self, file: &str) {
        self.completion.name_record(file);
    }

    /// What completes the commands in texts.
    pub(crate) fn completion(&self) -> &Completion {
        &self.completion
    }

    fn completed<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.completion.of(text)
    }

    /// Keeps standard output for [`Output::document`]: what is shown goes to standard
    /// error.
    pub(crate) fn keep_for_document(&mut self) {
        self.aside = true;
    }

    /// Prints a document, whose values were redacted, and a line break.
    pub(crate) fn document(&mut self, text: &str) {
        self.result(&render::gate(text.trim_end_matches('\n')));
    }

    /// Prints the commands that annotate a pull request on GitHub: the only lines
    /// that a CI system is meant to obey.
    pub(crate) fn annotate(&mut self, annotations: &[Annotation]) {
        for annotation in annotations {
            self.result(&redactor().redact_lines(&annotation.to_string()));
        }
    }

    fn result(&mut self, text: &str) {
        let printed = writeln!(self.data, "{text}").and_then(|()| self.data.flush());
        match printed {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.lost.get_or_insert(error);
            }
            Ok(()) | Err(_) => {}
        }
    }

    /// Whether something that was to be on standard output is not.
    pub(crate) fn is_cut(&self) -> bool {
        self.lost.is_some()
    }

    /// The error because of which a result is incomplete, if any.
    pub(crate) fn lost(&mut self) -> Option<io::Error> {
        self.lost.take()
    }

    /// Prints a message and a line break. For a person it is as wide as the terminal.
    pub(crate) fn talk(&mut self, text: &str) {
        let text = self.wrapped(text, terminal_size::columns_of_messages());
        self.talk_laid_out(&text);
    }

    /// Prints a message that is laid out already, and a line break.
    pub(crate) fn talk_laid_out(&mut self, text: &str) {
        let text = self.completed(text.trim_end_matches('\n')).into_owned();
        let _ = writeln!(self.talk, "{}", Self::safe(&text));
    }

    /// Prints lines of a result that are messages, and a line break.
    pub(crate) fn lines(&mut self, text: &str) {
        let text = self.wrapped(text, terminal_size::columns_of_lines());
        self.data(&text);
    }

    /// Prints an explanation, and a line break.
    pub(crate) fn explanation(&mut self, text: &str) {
        let columns = terminal_size::columns_of_lines();
        let text = self.wrapped_by(terminal::explanation, text, columns);
        self.data(&text);
    }

    fn wrapped(&self, text: &str, columns: Option<usize>) -> String {
        self.wrapped_by(terminal::message, text, columns)
    }

    /// The text as wide as the terminal, without secrets, of which a line break could
    /// divide one; as it is where no one reads it at a terminal.
    fn wrapped_by(
        &self,
        wrap: fn(&str, Layout<'_>) -> String,
        text: &str,
        columns: Option<usize>,
    ) -> String {
        match columns {
            Some(columns) => {
                let layout = Layout::terminal(columns, false).with_commands(&self.completion);
                wrap(&redactor().redact_lines(text), layout)
            }
            None => text.to_owned(),
        }
    }

    /// Prints a message from where no output is at hand, such as a callback.
    pub(crate) fn note(text: &str) {
        let bars = BARS.lock().unwrap_or_else(PoisonError::into_inner);
        match &*bars {
            Some(bars) => {
                let _ = bars.println(Self::safe(text));
            }
            None => Self::new().talk(text),
        }
    }

    /// Prints notes above these progress bars, which would paint over them; none where
    /// there are none any more.
    pub(crate) fn above(bars: Option<MultiProgress>) {
        *BARS.lock().unwrap_or_else(PoisonError::into_inner) = bars;
    }

    /// Prints a question, and leaves the cursor on its line.
    pub(crate) fn ask(&mut self, text: &str) {
        let _ = write!(self.talk, "{}", Self::safe(text));
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

/// Standard error for log lines; each write is one line or several.
pub(crate) struct LogLines(AutoStream<Stderr>);

impl LogLines {
    pub(crate) fn new() -> Self {
        Self(AutoStream::auto(std::io::stderr()))
    }
}

impl Write for LogLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        // A line break within a line of the log would begin another one.
        let line = text.trim_end_matches('\n').replace('\n', "⏎");
        writeln!(self.0, "{}", Output::safe(&line))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
