//! Redactor: replaces every secret of a run in texts, in all forms that programs print.
//!
//! A secret is found as it is, escaped as in JSON or a URL, in base64 (standard and
//! URL-safe, at any offset in a longer text) and in hex, also where line breaks
//! divide it, and in dumps of bytes by number, such as those of `xxd` and `od`.

mod dumps;
mod forms;
mod known;
mod spans;
mod views;

use crate::SecretDocument;
use forms::SHORTEST;
use known::Known;
use secrecy::{ExposeSecret, SecretString};
pub use spans::REDACTED;
use spans::{merged, replace};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

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
pub struct Redactor(Arc<RwLock<Known>>);

impl Redactor {
    /// Learns a secret. A secret that is known already costs nothing.
    pub fn learn(&self, secret: &SecretString) {
        let bytes = secret.expose_secret().trim().as_bytes();
        if bytes.len() < SHORTEST || self.read().knows(bytes) {
            return;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if !known.knows(bytes) {
            known.add(secret.expose_secret().trim());
        }
    }

    /// Learns the secret of a document.
    pub fn learn_document(&self, document: &SecretDocument) {
        self.learn(&document.credential.client_secret);
    }

    /// The text with each secret replaced by `[secret]`.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let secrets = self.find(text.as_bytes());
        if secrets.is_empty() {
            return Cow::Borrowed(text);
        }
        let clean = replace(text.as_bytes(), &secrets);
        Cow::Owned(String::from_utf8_lossy(&clean).into_owned())
    }

    /// The same for bytes, which need not be UTF-8.
    pub fn redact_bytes<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let secrets = self.find(text);
        if secrets.is_empty() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(replace(text, &secrets))
        }
    }

    /// The beginning of a longer output, without secrets. Its end is cut off as far
    /// as a secret could reach that is not there in full.
    pub fn redact_beginning(&self, text: &[u8]) -> Vec<u8> {
        let keep = text
            .len()
            .saturating_sub(self.read().longest().saturating_mul(LONGEST_FORM));
        let secrets: Vec<_> = self
            .find(text)
            .into_iter()
            .filter(|secret| secret.start < keep)
            .collect();
        let keep = secrets.last().map_or(keep, |last| keep.max(last.end));
        replace(&text[..keep], &secrets)
    }

    /// Where secrets are: sorted, and apart from each other.
    fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let known = self.read();
        if known.is_empty() || text.len() < SHORTEST {
            return Vec::new();
        }
        let overlap = known.longest().saturating_mul(LONGEST_FORM) + 1024;
        let mut found = Vec::new();
        for start in (0..text.len()).step_by(CHUNK) {
            let end = text.len().min(start + CHUNK + overlap);
            let part = &text[start..end];
            for view in views::all(part).into_iter().chain(dumps::views(part)) {
                known.find_in(&view, |range| {
                    found.push(start + range.start..start + range.end);
                });
            }
        }
        merged(found)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        // Nothing panics while it holds the lock.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
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
