//! Known secrets of a run, found by the first bytes of their forms.

use super::dumps::Dump;
use super::filter::Filter;
use super::folded::Folded;
use super::forms::{self, Form, KEY, Key};
use super::origin::Origin;
use super::pieces::Pieces;
use super::views::View;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::ops::Range;

/// The secrets and an index of their forms.
#[derive(Default)]
pub(super) struct Known {
    secrets: Vec<(SecretString, Origin)>,
    /// By their first bytes, the forms of all secrets.
    forms: BTreeMap<Key, Vec<(usize, Form)>>,
    filter: Filter,
    pieces: Pieces,
    /// The length of the longest secret, in bytes.
    longest: usize,
}

impl Known {
    /// Whether there is no secret.
    pub(super) fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// The length of the longest secret, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Whether this secret is known.
    pub(super) fn knows(&self, secret: &[u8]) -> bool {
        let Some(key) = forms::key(secret) else {
            return false;
        };
        self.forms.get(&key).is_some_and(|forms| {
            forms.iter().any(|(index, form)| {
                *form == Form::PLAIN && self.secrets[*index].0.expose_secret().as_bytes() == secret
            })
        })
    }

    /// Adds a secret that is not known yet.
    pub(super) fn add(&mut self, secret: &str, origin: Origin) {
        let index = self.secrets.len();
        for (key, form) in forms::all(secret) {
            self.filter.add(key);
            self.forms.entry(key).or_default().push((index, form));
        }
        self.pieces.add(secret.as_bytes(), index);
        self.longest = self.longest.max(secret.len());
        self.secrets.push((SecretString::from(secret), origin));
    }

    /// Where a secret comes from.
    pub(super) fn origin(&self, index: usize) -> &Origin {
        &self.secrets[index].1
    }

    /// Reports where secrets are in a view, by the places in the text, and which.
    pub(super) fn find_in(&self, view: &View<'_>, mut found: impl FnMut(Range<usize>, usize)) {
        let text = view.text();
        // A text can begin like a form at each of its places.
        let mut made: BTreeMap<(Key, usize), Vec<u8>> = BTreeMap::new();
        for (at, window) in text.windows(KEY).enumerate() {
            let Ok(key) = Key::try_from(window) else {
                continue;
            };
            if !self.filter.may_have(key) {
                continue;
            }
            let forms = self.forms.get(&key).into_iter().flatten();
            for (number, (index, form)) in forms.enumerate() {
                let secret = self.secrets[*index].0.expose_secret();
                if view.is_joined() && !form.survives_joining(secret) {
                    continue;
                }
                let bytes = made
                    .entry((key, number))
                    .or_insert_with(|| form.of(secret).into_owned());
                if text[at..].starts_with(bytes) {
                    let (before, after) = form.edges(secret);
                    let end = at + bytes.len();
                    let is_digit = |at: usize| text.get(at).copied().is_some_and(is_base64);
                    let start = at - usize::from(before && at > 0 && is_digit(at - 1));
                    let end = end + usize::from(after && is_digit(end));
                    found(view.origin(start..end), *index);
                }
            }
        }
    }
}

impl Known {
    /// The same for pieces of secrets.
    pub(super) fn find_pieces(&self, view: &View<'_>, found: impl FnMut(Range<usize>, usize)) {
        let secret = |index: usize| self.secrets[index].0.expose_secret().as_bytes();
        self.pieces.find_in(view, secret, found);
    }

    /// The same for a dump in which lines that repeat are left out.
    pub(super) fn find_folded(&self, dump: &Dump, mut found: impl FnMut(Range<usize>, usize)) {
        let mut folded = Folded::new(dump.view.text(), &dump.rows);
        let mut made: BTreeMap<(Key, usize), Vec<u8>> = BTreeMap::new();
        for place in folded.places() {
            for key in folded.keys(place) {
                if !self.filter.may_have(key) {
                    continue;
                }
                let forms = self.forms.get(&key).into_iter().flatten();
                for (number, (index, form)) in forms.enumerate() {
                    let form = made.entry((key, number)).or_insert_with(|| {
                        let secret = self.secrets[*index].0.expose_secret();
                        form.of(secret).into_owned()
                    });
                    if let Some(range) = folded.find(place, form) {
                        found(dump.view.origin(range), *index);
                    }
                }
            }
        }
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}
