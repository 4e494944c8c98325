//! Views of a text for the search: as it is, with escapes resolved, without white space.

use std::ops::Range;

/// A text to search, and where each of its bytes comes from.
pub(super) enum View<'t> {
    /// The text as it is.
    Plain(&'t [u8]),
    /// A text made from it.
    Made {
        bytes: Vec<u8>,
        /// Where each byte comes from.
        origins: Vec<Range<usize>>,
        /// Whether white space was removed.
        joined: bool,
    },
}

impl View<'_> {
    pub(super) fn text(&self) -> &[u8] {
        match self {
            Self::Plain(text) => text,
            Self::Made { bytes, .. } => bytes,
        }
    }

    /// Where a part of the view comes from.
    pub(super) fn origin(&self, part: Range<usize>) -> Range<usize> {
        match self {
            Self::Plain(_) => part,
            Self::Made { origins, .. } => match origins.get(part) {
                Some([first, .., last]) => first.start..last.end,
                Some([only]) => only.clone(),
                Some([]) | None => 0..0,
            },
        }
    }

    pub(super) fn is_joined(&self) -> bool {
        matches!(self, Self::Made { joined: true, .. })
    }
}

/// The text in every view that differs from the others.
pub(super) fn all(text: &[u8]) -> Vec<View<'_>> {
    let mut views = undivided(text);
    let joined: Vec<_> = views
        .iter()
        .filter(|view| has_space(view.text()))
        .map(|view| made(view, true, unspaced))
        .collect();
    views.extend(joined);
    views
}

/// The text with the escapes of JSON strings resolved, where it has any.
pub(super) fn resolved_json<'t>(view: &View<'_>) -> Option<View<'t>> {
    view.text()
        .contains(&b'\\')
        .then(|| made(view, false, json))
}

/// The text in every view that keeps its white space.
pub(super) fn undivided(text: &[u8]) -> Vec<View<'_>> {
    let mut views = vec![View::Plain(text)];
    let resolved = |view: &View<'_>, resolve: Resolve| made(view, false, resolve);
    let urls = text.contains(&b'%').then(|| resolved(&views[0], url));
    let json = resolved_json(&views[0]);
    let both = match &json {
        Some(json) if urls.is_some() => Some(resolved(json, url)),
        Some(_) | None => None,
    };
    views.extend([urls, json, both].into_iter().flatten());
    views
}

/// What a text begins with, and how many bytes of it that takes.
type Resolve = fn(&[u8]) -> (Unit, usize);

/// Up to four bytes.
type Unit = ([u8; 4], usize);

fn made<'t>(from: &View<'_>, joined: bool, resolve: Resolve) -> View<'t> {
    let text = from.text();
    let mut bytes = Vec::with_capacity(text.len());
    let mut origins = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let ((unit, length), taken) = resolve(&text[at..]);
        let origin = from.origin(at..at + taken);
        bytes.extend_from_slice(&unit[..length]);
        origins.extend(std::iter::repeat_n(origin, length));
        at += taken;
    }
    View::Made {
        bytes,
        origins,
        joined,
    }
}

fn one(byte: u8) -> Unit {
    ([byte, 0, 0, 0], 1)
}

fn as_it_is(text: &[u8]) -> (Unit, usize) {
    (one(text[0]), 1)
}

/// What stands for a line break and a tab where a text is shown on one line.
const SHOWN: [&[u8]; 2] = ["⏎".as_bytes(), "⇥".as_bytes()];

/// Whether a byte divides text: white space, and the zeros of UTF-16.
fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0
}

fn has_space(text: &[u8]) -> bool {
    // Both signs begin with this byte, which few texts have.
    text.iter().any(|byte| is_space(*byte) || *byte == 0xe2)
}

fn unspaced(text: &[u8]) -> (Unit, usize) {
    let nothing = ([0; 4], 0);
    if is_space(text[0]) {
        return (nothing, 1);
    }
    match SHOWN.into_iter().find(|shown| text.starts_with(shown)) {
        Some(shown) => (nothing, shown.len()),
        None => as_it_is(text),
    }
}

/// Resolves `%2F`.
fn url(text: &[u8]) -> (Unit, usize) {
    if let [b'%', high, low, ..] = text
        && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        && let Ok(byte) = u8::try_from(high << 4 | low)
    {
        return (one(byte), 3);
    }
    as_it_is(text)
}

/// Resolves the escapes of a JSON string.
fn json(text: &[u8]) -> (Unit, usize) {
    let short = match text {
        [b'\\', b'n', ..] => b'\n',
        [b'\\', b't', ..] => b'\t',
        [b'\\', b'r', ..] => b'\r',
        [b'\\', b'b', ..] => 8,
        [b'\\', b'f', ..] => 12,
        [b'\\', escaped @ (b'"' | b'\'' | b'\\' | b'/'), ..] => *escaped,
        [b'\\', b'u', ..] => {
            return unicode(text).unwrap_or_else(|| as_it_is(text));
        }
        _ => return as_it_is(text),
    };
    (one(short), 2)
}

/// Resolves `\u002f`, and two of them that are one character.
fn unicode(text: &[u8]) -> Option<(Unit, usize)> {
    let first = four_digits(text)?;
    let (code, taken) = match (first, text.get(6..).and_then(four_digits)) {
        (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) => {
            (0x10000 + ((first - 0xd800) << 10 | (second - 0xdc00)), 12)
        }
        _ => (first, 6),
    };
    let mut unit = [0; 4];
    let length = char::from_u32(code)?.encode_utf8(&mut unit).len();
    Some(((unit, length), taken))
}

fn four_digits(text: &[u8]) -> Option<u32> {
    let [b'\\', b'u', digits @ ..] = text.get(..6)? else {
        return None;
    };
    digits
        .iter()
        .try_fold(0, |number, byte| Some(number << 4 | digit(*byte)?))
}

fn digit(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}
