//! How a run of the program ended, and what it said.

use regex::Regex;
use std::path::Path;
use std::process::Output;
use std::sync::LazyLock;

/// A run that has ended.
#[derive(Clone, Debug)]
pub struct Run {
    /// The exit code; -1 if it was killed.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    words: String,
    folder: String,
}

impl Run {
    pub(crate) fn new(words: &[&str], output: &Output, folder: &Path) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            words: words.join(" "),
            folder: folder.display().to_string(),
        }
    }

    /// Sees that it ended with this exit code.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    #[must_use = "look at what it says, or let it go with `let _`"]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.shown());
        self
    }

    /// Sees that standard output has a text.
    ///
    /// # Panics
    /// If it has not.
    #[track_caller]
    #[must_use = "look at more, or let it go with `let _`"]
    pub fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text),
            "no {text:?} in\n{}",
            self.shown()
        );
        self
    }

    /// Sees that standard output does not have a text.
    ///
    /// # Panics
    /// If it has.
    #[track_caller]
    #[must_use = "look at more, or let it go with `let _`"]
    pub fn says_not(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "{text:?} in\n{}", self.shown());
        self
    }

    /// All that a person sees, with what differs from run to run replaced.
    #[must_use = "a snapshot is for looking at"]
    pub fn shown(&self) -> String {
        let text = format!(
            "$ steersman {}\n{}{}exit {}\n",
            self.words,
            part("", &self.stdout),
            part("stderr: ", &in_order(&self.stderr)),
            self.code
        );
        self.redacted(&text)
    }

    /// A text that the run has written, with what differs from run to run
    /// replaced.
    #[must_use = "a snapshot is for looking at"]
    pub fn redacted(&self, text: &str) -> String {
        let text = text.replace(&self.folder, "[FOLDER]");
        REPLACED.iter().fold(text, |text, (pattern, by)| {
            pattern.replace_all(&text, *by).into_owned()
        })
    }
}

/// What differs from run to run.
static REPLACED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"(?m)^(stderr: )?requests: \d+.*\n", ""),
        // In which order steps end that run in parallel.
        (
            r"(?m)^((?:stderr: )?  (?:done|failed) .*) \[\d+/\d+\]$",
            "$1 [N/M]",
        ),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]"),
        (
            r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
            "[ID]",
        ),
        (r"\b[0-9a-f]{32}\b", "[ID]"),
        (r"\b[0-9a-f]{64}\b", "[DIGEST]"),
        (r"\b\d{4}-\d\d-\d\dT[0-9:.]+Z", "[TIME]"),
        (r"\b20\d\d-\d\d-\d\d\b", "[DATE]"),
    ]
    .map(|(pattern, by)| (Regex::new(pattern).unwrap(), by))
    .into()
});

/// Each line of a stream with the stream's name.
fn part(name: &str, text: &str) -> String {
    text.lines()
        .map(|line| format!("{name}{line}").trim_end().to_owned() + "\n")
        .collect()
}

/// Steps run in parallel, so the lines that say that one has ended are sorted.
fn in_order(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for run in lines.chunk_by_mut(|left, right| is_step(left) && is_step(right)) {
        run.sort_unstable();
    }
    lines.join("\n")
}

fn is_step(line: &str) -> bool {
    line.starts_with("  done ") || line.starts_with("  failed ")
}
