//! Redactor: replaces every secret of a run in texts, in all forms that programs print.
//!
//! A secret is found as it is, escaped as in JSON or a URL, in base64 (standard and
//! URL-safe, at any offset in a longer text) and in hex, also where line breaks
//! divide it.

mod forms;
mod views;

use crate::SecretDocument;
use forms::{Form, KEY, Key, SHORTEST};
use secrecy::{ExposeSecret, SecretString};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

/// What stands in a text for a secret.
pub const REDACTED: &str = "[secret]";

/// How many bytes of a text are searched at a time.
const CHUNK: usize = 64 * 1024;

/// Shared list of the secrets of a run. Clones share the same list.
///
/// Secrets of fewer than 6 bytes are not learned: redacting them would destroy
/// words that only look like them.
#[derive(Clone, Default)]
pub struct Redactor(Arc<RwLock<Known>>);

#[derive(Default)]
struct Known {
    secrets: Vec<SecretString>,
    /// By their first bytes, the forms of all secrets.
    forms: BTreeMap<Key, Vec<(usize, Form)>>,
    /// One bit for each hash of a key: most places of a text are ruled out by it.
    filter: Vec<u64>,
    /// The length of the longest secret, in bytes.
    longest: usize,
}

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

    /// The text with each secret replaced by [`REDACTED`].
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
        let keep = text.len().saturating_sub(self.read().longest * 3);
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
        if known.secrets.is_empty() || text.len() < SHORTEST {
            return Vec::new();
        }
        let overlap = known.longest.saturating_mul(8) + 1024;
        let mut found = Vec::new();
        for start in (0..text.len()).step_by(CHUNK) {
            let end = text.len().min(start + CHUNK + overlap);
            for view in views::all(&text[start..end]) {
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

impl Known {
    fn knows(&self, secret: &[u8]) -> bool {
        let Some(key) = forms::key(secret) else {
            return false;
        };
        self.forms.get(&key).is_some_and(|forms| {
            forms.iter().any(|(index, form)| {
                *form == Form::PLAIN && self.secrets[*index].expose_secret().as_bytes() == secret
            })
        })
    }

    fn add(&mut self, secret: &str) {
        let index = self.secrets.len();
        self.filter.resize(FILTER_WORDS, 0);
        for (key, form) in forms::all(secret) {
            let bit = hash(key);
            self.filter[bit / 64] |= 1 << (bit % 64);
            self.forms.entry(key).or_default().push((index, form));
        }
        self.longest = self.longest.max(secret.len());
        self.secrets.push(SecretString::from(secret));
    }

    fn find_in(&self, view: &views::View<'_>, mut found: impl FnMut(Range<usize>)) {
        let text = view.text();
        for (at, window) in text.windows(KEY).enumerate() {
            let Ok(key) = Key::try_from(window) else {
                continue;
            };
            let bit = hash(key);
            if self.filter[bit / 64] & (1 << (bit % 64)) == 0 {
                continue;
            }
            for (index, form) in self.forms.get(&key).into_iter().flatten() {
                let secret = self.secrets[*index].expose_secret();
                if view.is_joined() && !form.survives_joining(secret) {
                    continue;
                }
                let bytes = form.of(secret);
                if text[at..].starts_with(&bytes) {
                    found(view.origin(at..at + bytes.len()));
                }
            }
        }
    }
}

/// Bits of the filter: 8 KiB.
const FILTER_WORDS: usize = 1024;

/// A number below the filter's count of bits.
fn hash(key: Key) -> usize {
    let mut word = [0; 8];
    word[..KEY].copy_from_slice(&key);
    let spread = u64::from_le_bytes(word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(spread >> 48).unwrap_or(0)
}

/// The ranges in order, those that touch or overlap as one.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn replace(text: &[u8], secrets: &[Range<usize>]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(text.len());
    let mut copied = 0;
    for secret in secrets {
        clean.extend_from_slice(&text[copied..secret.start]);
        clean.extend_from_slice(REDACTED.as_bytes());
        copied = secret.end;
    }
    clean.extend_from_slice(&text[copied..]);
    clean
}

#[cfg(test)]
#[path = "../testing/redactor.rs"]
mod tests;
