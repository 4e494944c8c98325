//! Redactor: replaces every secret of a run in texts, in all forms that programs print.
//!
//! A secret is found as it is, escaped as in JSON or a URL, in base64 (standard and
//! URL-safe, at any offset in a longer text) and in hex, also where line breaks
//! divide it, and in dumps of bytes by number, such as those of `xxd` and `od`, also
//! where `*` stands for lines that repeat. In what a program or a tenant says, pieces
//! of it are found, too.

mod dumps;
mod filter;
mod folded;
mod forms;
mod known;
mod notation;
mod origin;
mod pieces;
mod spans;
mod views;

use forms::SHORTEST;
use known::Known;
pub use origin::{Origin, Replaced};
use secrecy::{ExposeSecret, SecretString};
pub use spans::REDACTED;
use spans::{merged, replace};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// How many bytes of a text are searched at a time.
const CHUNK: usize = 64 * 1024;

/// How many bytes a program prints for a byte of a secret, at most: a list of numbers,
/// a line each.
const LONGEST_FORM: usize = 8;

/// Shared list of the secrets of a run. Clones share the same list.
///
/// Secrets of fewer than 6 bytes are not learned: redacting them would destroy
/// words that only look like them.
#[derive(Clone, Default)]
pub struct Redactor {
    known: Arc<RwLock<Known>>,
    /// What was replaced; none where nobody asks.
    replaced: Option<Arc<Mutex<Replaced>>>,
}

/// What a text is, which decides where a secret can be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    /// One value: white space may divide a secret.
    Value,
    /// What a program printed or a tenant says of an error: the same, and it may have
    /// cut a secret. Of a plan pieces are not redacted, because others than the operator
    /// choose secrets, and could choose one that has words of it.
    Said,
    /// Values in a layout, whose white space and numbers are none of theirs.
    Layout,
}

impl Redactor {
    /// Learns a secret of the operator. A secret that is known already costs nothing.
    pub fn learn(&self, secret: &SecretString) {
        self.learn_from(secret, Origin::Operator);
    }

    /// Learns a secret. One that is known already keeps its origin.
    ///
    /// What others than the operator call a secret has to be checked before:
    /// [`crate::is_client_secret`], [`crate::is_access_token`].
    pub fn learn_from(&self, secret: &SecretString, origin: Origin) {
        let bytes = secret.expose_secret().trim().as_bytes();
        if bytes.len() < SHORTEST || self.read().knows(bytes) {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if !known.knows(bytes) {
            known.add(secret.expose_secret().trim(), origin);
        }
    }

    /// A redactor of the same secrets that counts what it replaces from now on.
    #[must_use]
    pub fn counting(&self) -> Self {
        Self {
            known: Arc::clone(&self.known),
            replaced: Some(Arc::default()),
        }
    }

    /// What was replaced since [`Self::counting`], also by clones.
    pub fn replaced(&self) -> Replaced {
        let Some(replaced) = &self.replaced else {
            return Replaced::default();
        };
        let replaced = replaced.lock().unwrap_or_else(PoisonError::into_inner);
        replaced.clone()
    }

    /// The text of one value with each secret replaced by `[secret]`.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.without(text, Text::Value)
    }

    /// The same for a finished text, in which values are laid out. Nothing is replaced
    /// that the layout divides or that goes over the end of a line, so the values have
    /// to be redacted before.
    pub fn redact_layout<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.without(text, Text::Layout)
    }

    /// The same for messages, of which each line is a value.
    pub fn redact_lines<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.find(text.as_bytes(), Text::Value).is_empty() {
            return Cow::Borrowed(text);
        }
        let lines = text.split_inclusive('\n');
        let clean = lines.map(|line| match line.strip_suffix('\n') {
            Some(line) => self.redact(line).into_owned() + "\n",
            None => self.redact(line).into_owned(),
        });
        Cow::Owned(clean.collect())
    }

    fn without<'t>(&self, text: &'t str, what: Text) -> Cow<'t, str> {
        let secrets = self.counted(text.as_bytes(), what);
        if secrets.is_empty() {
            return Cow::Borrowed(text);
        }
        let clean = replace(text.as_bytes(), &secrets);
        Cow::Owned(String::from_utf8_lossy(&clean).into_owned())
    }

    /// The same for what a program or a tenant says, of which pieces of 12 bytes of a
    /// secret are replaced, too: either may have cut it.
    pub fn redact_said<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.without(text, Text::Said)
    }

    /// The same for bytes, which need not be UTF-8.
    pub fn redact_bytes<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let secrets = self.counted(text, Text::Said);
        if secrets.is_empty() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(replace(text, &secrets))
        }
    }

    /// The beginning of a longer output, without secrets and pieces of them. Its end is cut off as far
    /// as a secret could reach that is not there in full.
    pub fn redact_beginning(&self, text: &[u8]) -> Vec<u8> {
        let keep = text
            .len()
            .saturating_sub(self.read().longest().saturating_mul(LONGEST_FORM));
        let secrets: Vec<_> = self
            .counted(text, Text::Said)
            .into_iter()
            .filter(|secret| secret.start < keep)
            .collect();
        let keep = secrets.last().map_or(keep, |last| keep.max(last.end));
        replace(&text[..keep], &secrets)
    }

    /// Where secrets are: sorted, and apart from each other. They are counted.
    fn counted(&self, text: &[u8], what: Text) -> Vec<Range<usize>> {
        let found = self.find(text, what);
        if let Some(replaced) = &self.replaced
            && !found.is_empty()
        {
            let mut replaced = replaced.lock().unwrap_or_else(PoisonError::into_inner);
            replaced.texts += 1;
            let known = self.read();
            for (_, index) in &found {
                let origin = known.origin(*index);
                if *origin != Origin::Operator && !replaced.of_others.contains(origin) {
                    replaced.of_others.push(origin.clone());
                }
            }
        }
        merged(found.into_iter().map(|(range, _)| range).collect())
    }

    /// Where secrets are, and which.
    fn find(&self, text: &[u8], what: Text) -> Vec<(Range<usize>, usize)> {
        let known = self.read();
        if known.is_empty() || text.len() < SHORTEST {
            return Vec::new();
        }
        let overlap = known.longest().saturating_mul(LONGEST_FORM) + 1024;
        let mut found = Vec::new();
        // A place is searched twice at most, however long a secret is.
        let chunk = CHUNK.max(overlap);
        for start in (0..text.len()).step_by(chunk) {
            let end = text.len().min(start + chunk + overlap);
            let part = &text[start..end];
            let mut take = |range: Range<usize>, index| {
                found.push((start + range.start..start + range.end, index));
            };
            let views = match what {
                Text::Value | Text::Said => views::all(part),
                Text::Layout => views::undivided(part),
            };
            for view in views {
                known.find_in(&view, &mut take);
                if what == Text::Said {
                    known.find_pieces(&view, &mut take);
                }
            }
            if what != Text::Layout {
                let plain = views::View::Plain(part);
                let mut dumps = dumps::all(&plain);
                // A string of JSON has a dump with its line breaks escaped.
                if let Some(resolved) = views::resolved_json(&plain) {
                    dumps.extend(dumps::all(&resolved));
                }
                for dump in dumps {
                    known.find_in(&dump.view, &mut take);
                    known.find_folded(&dump, &mut take);
                }
            }
        }
        found
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        // Nothing panics while it holds the lock.
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Redactor")
    }
}

#[cfg(test)]
#[path = "../testing/redactor.rs"]
mod tests;
