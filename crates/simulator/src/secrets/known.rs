//! Known secrets: finds and masks them by their values, wherever they occur.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Value};

use super::encoded;
use super::escapes::Plain;
use super::masked::{MASKED, access_token, masked};
use super::names::is_secret;
use crate::tenant::Secrets;

/// Secrets of fewer bytes are not known by their values: words would be masked that are none.
const START: usize = 8;
/// A secret of this length is none of a language's words.
const LONG: usize = 16;
/// So often is a secret escaped or encoded at most: an address in JSON in a JSON string.
const LAYERS: usize = 4;
/// One bit of each start of a secret tells most places at which none begins.
const BITS: usize = 1 << 16;

/// Secrets that are known by their values. It only grows, and a new one costs the same whatever is
/// known already, which an automaton over all of them does not offer.
#[derive(Clone)]
pub(crate) struct Known {
    by_start: HashMap<[u8; START], Vec<Vec<u8>>>,
    starts: Vec<u64>,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known")
            .field("starts", &self.by_start.len())
            .finish_non_exhaustive()
    }
}

impl Default for Known {
    fn default() -> Self {
        Self {
            by_start: HashMap::new(),
            starts: vec![0; BITS / 64],
        }
    }
}

impl Known {
    /// Remembers a secret, unless it may be a word. Of an access token, its signature counts.
    pub(crate) fn learn(&mut self, secret: &str) {
        let secret = access_token(secret).map_or(secret, |(_, signature)| signature);
        if !is_no_word(secret) {
            return;
        }
        let Some(&start) = secret.as_bytes().first_chunk::<START>() else {
            return;
        };
        let bit = bit_of(start);
        self.starts[bit / 64] |= 1 << (bit % 64);
        let same_start = self.by_start.entry(start).or_default();
        if !same_start.iter().any(|known| known == secret.as_bytes()) {
            same_start.push(secret.as_bytes().to_vec());
        }
    }

    /// Remembers what a tenant has, or what has changed in it.
    pub(crate) fn learn_all(&mut self, secrets: &Secrets<'_>) {
        let Secrets { issued, settings } = secrets;
        for secret in issued {
            self.learn(secret);
        }
        for settings in settings {
            self.learn_fields(settings);
        }
    }

    fn learn_fields(&mut self, fields: &Map<String, Value>) {
        for (name, value) in fields {
            self.learn_value(value, is_secret(name));
        }
    }

    fn learn_value(&mut self, value: &Value, is_secret: bool) {
        match value {
            Value::String(text) if is_secret => self.learn(text),
            Value::Array(items) => items
                .iter()
                .for_each(|item| self.learn_value(item, is_secret)),
            Value::Object(fields) if !is_secret => self.learn_fields(fields),
            Value::Object(fields) => fields
                .values()
                .for_each(|field| self.learn_value(field, true)),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Masks a secret that its name shows, and remembers it.
    pub(crate) fn masked_by_name(&mut self, secret: &str) -> String {
        self.learn(secret);
        masked(secret)
    }

    /// Masks what is known in a text: as it is, escaped, or in base64.
    pub(crate) fn mask(&self, text: &mut String) {
        // What replaces a place can have one within it that was found, too.
        for _ in 0..LAYERS {
            let Some(masked) = self.masked_bytes(text.as_bytes(), LAYERS) else {
                break;
            };
            *text = String::from_utf8_lossy(&masked).into_owned();
        }
    }

    /// The bytes with all that is known masked; `None` if there is nothing to mask.
    pub(super) fn masked_bytes(&self, bytes: &[u8], layers: usize) -> Option<Vec<u8>> {
        if self.by_start.is_empty() || bytes.len() < START {
            return None;
        }
        let mut found: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
        let mut resolved: Vec<Plain> = Vec::new();
        loop {
            let layer = resolved.last().map_or(bytes, |plain| &plain.bytes);
            let before = |range: Range<usize>| {
                let back = |place| {
                    let layers = resolved.iter().rev();
                    layers.fold(place, |place, plain| plain.before(place))
                };
                back(range.start)..back(range.end)
            };
            let secrets = self.places(layer).into_iter();
            found.extend(secrets.map(|range| (before(range), MASKED.into())));
            if let Some(deeper) = layers.checked_sub(1) {
                let mask = |bytes: &[u8]| self.masked_bytes(bytes, deeper);
                let encoded = encoded::masked(layer, &mask);
                found.extend(encoded.map(|(range, masked)| (before(range), masked)));
            }
            if resolved.len() >= layers {
                break;
            }
            let Some(next) = Plain::of(layer) else {
                break;
            };
            resolved.push(next);
        }
        (!found.is_empty()).then(|| replaced(bytes, found))
    }

    /// Where known secrets are.
    fn places(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        let mut at = 0;
        while let Some(&start) = bytes.get(at..).and_then(<[u8]>::first_chunk::<START>) {
            let length = match bit_of(start) {
                bit if self.starts[bit / 64] >> (bit % 64) & 1 == 0 => None,
                _ => self.longest(start, &bytes[at..]),
            };
            if let Some(length) = length {
                places.push(at..at + length);
            }
            at += length.unwrap_or(1);
        }
        places
    }

    /// How long the longest secret is with which some bytes begin.
    fn longest(&self, start: [u8; START], bytes: &[u8]) -> Option<usize> {
        let known = self.by_start.get(&start)?.iter();
        let fitting = known.filter(|secret| bytes.starts_with(secret));
        fitting.map(Vec::len).max()
    }
}

fn bit_of(start: [u8; START]) -> usize {
    let mixed = u64::from_le_bytes(start).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 48).unwrap_or(0) % BITS
}

/// Whether a text is hardly a word of a language, of the API or of a recording.
fn is_no_word(text: &str) -> bool {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    text.len() >= LONG || (text.len() >= START && letters > 0 && letters < text.len())
}

/// Bytes with these places replaced. Of one in another, the outer one counts; of others that
/// overlap, all is masked.
fn replaced(bytes: &[u8], mut found: Vec<(Range<usize>, Vec<u8>)>) -> Vec<u8> {
    found.sort_by_key(|(range, _)| (range.start, range.end));
    let mut apart: Vec<(Range<usize>, Cow<'_, [u8]>)> = Vec::new();
    for (range, by) in found {
        match apart.last_mut() {
            Some((last, _)) if range.end <= last.end => {}
            // The same with more escapes resolved.
            Some(last) if range.start == last.0.start => *last = (range, Cow::Owned(by)),
            Some((last, masked)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                *masked = Cow::Borrowed(MASKED.as_bytes());
            }
            _ => apart.push((range, Cow::Owned(by))),
        }
    }
    let mut result = Vec::with_capacity(bytes.len());
    let mut copied = 0;
    for (range, by) in apart {
        result.extend_from_slice(&bytes[copied..range.start]);
        result.extend_from_slice(&by);
        copied = range.end;
    }
    result.extend_from_slice(&bytes[copied..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use serde_json::json;

    const SECRET: &str = "c0ffee-5ecret/of=jane";

    fn known() -> Known {
        let mut known = Known::default();
        known.learn(SECRET);
        known
    }

    fn masked_in(text: &str) -> String {
        let mut text = text.to_owned();
        known().mask(&mut text);
        text
    }

    /// The secret with each letter in this form, where `XX` is its number.
    fn each(form: &str) -> String {
        SECRET
            .bytes()
            .map(|byte| form.replace("XX", &format!("{byte:02X}")))
            .collect()
    }

    #[test]
    fn a_secret_is_masked_however_it_is_written() {
        let wide: Vec<u8> = SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for written in [
            SECRET.to_owned(),
            SECRET.replace('/', "%2F").replace('=', "%3d"),
            SECRET.replace('/', "%252F"),
            SECRET.replace('/', r"\/"),
            each("%XX"),
            each(r"\u00XX"),
            each(r"\\u00XX"),
            String::from_utf8(wide).unwrap(),
        ] {
            let text = format!("x {written}, {written} y");
            assert_eq!(masked_in(&text), "x masked, masked y", "{written}");
        }
    }

    #[test]
    fn base64_keeps_what_is_no_secret() {
        let pair = |secret: &str| format!("jane:{secret}");
        for (text, expected) in [
            (STANDARD.encode(pair(SECRET)), STANDARD.encode(pair(MASKED))),
            (
                URL_SAFE_NO_PAD.encode(format!("ÿþ~~?{SECRET}>>")),
                URL_SAFE_NO_PAD.encode(format!("ÿþ~~?{MASKED}>>")),
            ),
            (
                STANDARD.encode(STANDARD.encode(pair(SECRET))),
                STANDARD.encode(STANDARD.encode(pair(MASKED))),
            ),
        ] {
            assert_eq!(
                masked_in(&format!("Basic {text}")),
                format!("Basic {expected}")
            );
            let escaped = text.replace('=', "%3D");
            let masked = masked_in(&escaped);
            assert!(
                masked == expected || masked == expected.replace('=', "%3D"),
                "{masked}"
            );
        }
        // Where it begins is not known, so all is masked.
        let joint = format!("ab{}", STANDARD.encode(pair(SECRET)));
        assert_eq!(masked_in(&joint), MASKED);
        let path = format!("/a/{}/b", URL_SAFE_NO_PAD.encode(pair(SECRET)));
        assert_eq!(
            masked_in(&path),
            format!("/a/{}/b", URL_SAFE_NO_PAD.encode(pair(MASKED)))
        );
    }

    #[test]
    fn words_are_not_masked() {
        let mut known = Known::default();
        for word in ["password", "changeme", "s3cr3t", "12345678", MASKED, ""] {
            known.learn(word);
            let mut text = format!("x {word} y");
            known.mask(&mut text);
            assert_eq!(text, format!("x {word} y"));
        }
    }

    #[test]
    fn of_an_access_token_the_signature_counts() {
        let mut known = Known::default();
        assert_eq!(
            known.masked_by_name("eyJh.eyJp.5ignature"),
            "eyJh.eyJp.masked"
        );
        let mut text = "/x/eyJh.eyJp.5ignature?5ignature".to_owned();
        known.mask(&mut text);
        assert_eq!(text, "/x/eyJh.eyJp.masked?masked");
        assert_eq!(masked("a.b.c"), MASKED);
        assert_eq!(masked(""), "");
    }

    #[test]
    fn settings_are_learned_by_the_names_of_their_fields() {
        let settings =
            json!({"host": "host.of.example-1", "auth": {"apiToken": ["t0ken-of-host"]}});
        let Value::Object(settings) = settings else {
            panic!()
        };
        let mut known = Known::default();
        known.learn_all(&Secrets {
            issued: vec!["secret-of-a-token"],
            settings: vec![&settings],
        });
        let mut text = "host.of.example-1 t0ken-of-host secret-of-a-token".to_owned();
        known.mask(&mut text);
        assert_eq!(text, "host.of.example-1 masked masked");
    }

    proptest::proptest! {
        /// Whatever is around it and however it is escaped, a secret does not stay.
        #[test]
        fn others_no_secret_stays(before in "\\PC{0,12}", after in "[ -~]{0,12}", kind in 0_u8..5) {
            let written = match kind {
                0 => SECRET.to_owned(),
                1 => each("%XX"),
                2 => each(r"\u00XX"),
                3 => SECRET.replace('/', "\\/"),
                _ => STANDARD.encode(SECRET),
            };
            let masked = masked_in(&format!("{before} {written} {after}"));
            proptest::prop_assert!(!masked.contains(&written), "{}", masked);
            proptest::prop_assert!(masked.contains(MASKED) || masked.contains(&STANDARD.encode(MASKED)));
        }
    }
}
