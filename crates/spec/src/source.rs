//! Source files: texts, lines and columns, excerpts for diagnostics.

use crate::mask::masked;
use crate::span::Span;
use camino::{Utf8Path, Utf8PathBuf};
use model::is_hidden;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

/// One file of the spec, as the caller read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path, as it is shown to the person.
    pub path: Utf8PathBuf,
    /// What the file holds.
    pub bytes: Vec<u8>,
}

/// A place in a file, as bytes and as line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The path, as it was given.
    pub file: Utf8PathBuf,
    /// The bytes of the file, counted from 0, a byte order mark included.
    pub span: Range<usize>,
    /// The line of the first byte, counted from 1.
    pub line: usize,
    /// The column of the first byte, counted from 1, in characters.
    pub column: usize,
    /// The line of the byte after the last one.
    pub end_line: usize,
    /// The column of the byte after the last one.
    pub end_column: usize,
}

/// Some lines of a file, around a place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excerpt<'a> {
    /// The lines, with their line breaks.
    pub text: &'a str,
    /// The byte of the file at which they begin.
    pub start: usize,
    /// The number of the first of them, counted from 1.
    pub line: usize,
}

/// The texts of all files, for underlining problems in them.
///
/// A secret that was written out in a file is masked here with asterisks, so
/// that rendering a problem does not spread it.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Text>,
}

/// One file's text with an index of its lines.
#[derive(Clone)]
struct Text {
    path: Utf8PathBuf,
    /// What the file holds, secrets included. It is not shown.
    written: String,
    /// What is masked beside what looks like a secret.
    masks: Vec<Range<usize>>,
    /// What is shown. Most files have nothing to show, and a third of the time of reading
    /// would go into masking them.
    shown: OnceLock<String>,
    /// The byte at which each line begins.
    lines: OnceLock<Vec<usize>>,
    /// How many characters begin before each block of bytes. It is counted when a long line
    /// is asked about: thousands of problems on one line of megabytes must not read the
    /// whole line for each.
    characters: OnceLock<Vec<usize>>,
}

/// How many bytes are counted together.
const BLOCK: usize = 4_096;

impl Sources {
    /// The text of a file by the path it was given with.
    pub fn text(&self, path: &Utf8Path) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.path == path)
            .map(Text::shown)
    }

    /// All paths, in the order in which they were given.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// The lines of a file that a range of bytes touches, and so many more on
    /// each side.
    pub fn excerpt(
        &self,
        path: &Utf8Path,
        span: Range<usize>,
        context: usize,
    ) -> Option<Excerpt<'_>> {
        let file = self.files.iter().find(|file| file.path == path)?;
        let (content, lines) = (file.shown(), file.lines());
        let line_of = |byte: usize| lines.partition_point(|start| *start <= byte).max(1);
        let first = line_of(span.start).saturating_sub(context).max(1);
        // A range that ends with a line break does not touch the next line.
        let last = line_of(span.end.saturating_sub(1).max(span.start)) + context;
        let start = lines.get(first - 1).copied()?;
        let end = lines.get(last).copied().unwrap_or(content.len());
        Some(Excerpt {
            text: content.get(start..end)?,
            start,
            line: first,
        })
    }

    /// Takes in the next file's text.
    pub(crate) fn push(&mut self, path: Utf8PathBuf, text: String) {
        self.files.push(Text::new(path, text));
    }

    /// Overwrites a span with asterisks, byte for byte, so that spans still fit.
    pub(crate) fn mask(&mut self, span: Span) {
        let Some(file) = self.files.get_mut(span.file as usize) else {
            return;
        };
        file.masks.push(span.start as usize..span.end as usize);
        file.shown.take();
        file.characters.take();
    }

    /// The text of a span; empty where there is no such place.
    pub(crate) fn written(&self, span: Span) -> &str {
        let range = span.start as usize..span.end as usize;
        let file = self.files.get(span.file as usize);
        file.and_then(|file| file.shown().get(range))
            .unwrap_or_default()
    }

    /// The line and column of a span.
    pub(crate) fn locate(&self, span: Span) -> Location {
        let range = span.start as usize..span.end as usize;
        let Some(file) = self.files.get(span.file as usize) else {
            return Location {
                file: Utf8PathBuf::new(),
                span: range,
                line: 1,
                column: 1,
                end_line: 1,
                end_column: 1,
            };
        };
        let (line, column) = file.position(range.start);
        let (end_line, end_column) = file.position(range.end);
        Location {
            file: file.path.clone(),
            span: range,
            line,
            column,
            end_line,
            end_column,
        }
    }
}

/// What is written in the file can have secrets.
impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = formatter.debug_struct("Text");
        text.field("path", &self.path).finish_non_exhaustive()
    }
}

impl Text {
    fn new(path: Utf8PathBuf, written: String) -> Self {
        Self {
            path,
            written,
            masks: Vec::new(),
            shown: OnceLock::new(),
            lines: OnceLock::new(),
            characters: OnceLock::new(),
        }
    }

    /// The text as it is shown: byte for byte as long, and without secrets.
    fn shown(&self) -> &str {
        self.shown.get_or_init(|| {
            let mut text = masked(printable(self.written.clone()));
            for range in &self.masks {
                cover(&mut text, range.clone());
            }
            text
        })
    }

    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| line_starts(&self.written))
    }

    /// The line and column of a byte, both counted from 1.
    fn position(&self, byte: usize) -> (usize, usize) {
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= byte).max(1);
        let start = lines.get(line - 1).copied().unwrap_or_default();
        let before = self.shown().as_bytes().get(start..byte).unwrap_or_default();
        let characters = if before.len() < BLOCK {
            begun(before)
        } else {
            self.begun_before(byte) - self.begun_before(start)
        };
        // A byte order mark is no character that a person sees.
        let invisible = usize::from(start == 0 && before.starts_with(BYTE_ORDER_MARK));
        (line, characters - invisible + 1)
    }

    /// How many characters begin before a byte.
    fn begun_before(&self, byte: usize) -> usize {
        let bytes = self.shown().as_bytes();
        let blocks = self.characters.get_or_init(|| {
            let counts = bytes.chunks(BLOCK).scan(0, |sum, block| {
                let before = *sum;
                *sum += begun(block);
                Some(before)
            });
            counts.collect()
        });
        let block = byte / BLOCK;
        match blocks.get(block) {
            Some(before) => before + begun(bytes.get(block * BLOCK..byte).unwrap_or_default()),
            None => begun(bytes),
        }
    }
}

/// Overwrites a range with asterisks, byte for byte. Line breaks stay, so that lines keep
/// their numbers.
fn cover(text: &mut String, range: Range<usize>) {
    let Some(secret) = text.get(range.clone()) else {
        return;
    };
    let masked: String = secret
        .bytes()
        .map(|byte| match byte {
            b'\n' | b'\r' => char::from(byte),
            _ => '*',
        })
        .collect();
    text.replace_range(range, &masked);
}

/// How many characters begin in these bytes: continuation bytes begin none.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}

/// The text with a visible character of the same length for each hidden one, so that
/// every place in it stays where it is. A byte order mark at its beginning stays.
fn printable(text: String) -> String {
    let hidden = |character: char| is_hidden(character) && !matches!(character, '\t' | '\n' | '\r');
    if !text.contains(hidden) {
        return text;
    }
    text.char_indices()
        .map(|(index, character)| match character.len_utf8() {
            _ if !hidden(character) || (index == 0 && character == '\u{feff}') => character,
            1 => '?',
            2 => '¿',
            3 => char::REPLACEMENT_CHARACTER,
            _ => '\u{1f532}',
        })
        .collect()
}

/// UTF-8's byte order mark, which some editors put first in a file.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Where lines begin. YAML breaks lines at LF, CR LF and a lone CR.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let breaks = bytes
        .iter()
        .enumerate()
        .filter(|(index, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(index + 1) != Some(&b'\n'),
            _ => false,
        })
        .map(|(index, _)| index + 1);
    std::iter::once(0).chain(breaks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, byte: usize) -> (usize, usize) {
        Text::new("a.yaml".into(), text.to_owned()).position(byte)
    }

    #[test]
    fn columns_count_characters_and_lines_end_as_yaml_says() {
        for (text, byte, expected) in [
            ("", 0, (1, 1)),
            ("ab", 1, (1, 2)),
            ("a\nb", 2, (2, 1)),
            ("a\r\nb", 3, (2, 1)),
            ("a\rb", 2, (2, 1)),
            ("é: x", 4, (1, 4)),
            ("\u{FEFF}ab", 4, (1, 2)),
            ("a", 9, (1, 1)),
        ] {
            assert_eq!(position(text, byte), expected, "{text:?} at {byte}");
        }
    }

    #[test]
    fn excerpts_are_whole_lines() {
        let mut sources = Sources::default();
        sources.push("a".into(), "one\ntwo\nthree\n".to_owned());
        for (span, context, text, line) in [
            (4..7, 0, "two\n", 2),
            (4..8, 0, "two\n", 2),
            (4..7, 1, "one\ntwo\nthree\n", 1),
            (0..0, 0, "one\n", 1),
            (14..14, 0, "", 4),
            (99..99, 0, "", 4),
        ] {
            let excerpt = sources.excerpt("a".into(), span.clone(), context).unwrap();
            assert_eq!((excerpt.text, excerpt.line), (text, line), "{span:?}");
        }
        assert_eq!(sources.excerpt("b".into(), 0..0, 0), None);
    }

    #[test]
    fn columns_of_a_long_line_are_counted_from_its_beginning() {
        let mut sources = Sources::default();
        let line = "é.".repeat(BLOCK);
        sources.push("a".into(), format!("one\n{line}\nend"));
        let at = |sources: &Sources, start: usize| {
            let start = u32::try_from(start).unwrap();
            let end = start;
            let place = sources.locate(Span {
                file: 0,
                start,
                end,
            });
            (place.line, place.column)
        };
        for pairs in [0, 1, BLOCK / 3, BLOCK / 2, BLOCK - 1, BLOCK] {
            assert_eq!(at(&sources, 4 + 3 * pairs), (2, 1 + 2 * pairs), "{pairs}");
        }
        assert_eq!(at(&sources, 4 + line.len() + 1 + 2), (3, 3));
        sources.mask(Span {
            file: 0,
            start: 4,
            end: 4 + 3,
        });
        // Each of the two bytes of é is a character now.
        assert_eq!(at(&sources, 4 + 3 * BLOCK), (2, 2 + 2 * BLOCK));
    }

    /// A file is masked when it is shown first, and again when more of it is masked then.
    #[test]
    fn no_way_to_a_text_shows_a_secret_of_it() {
        let secret = "qW7zKp2LxV9rTb4N";
        let mut sources = Sources::default();
        let text = format!("clientSecret: {secret}\nother: {secret}x\n");
        sources.push("a".into(), text.clone());
        let second = text.rfind(secret).unwrap();
        let span = |start: usize, end: usize| Span {
            file: 0,
            start: u32::try_from(start).unwrap(),
            end: u32::try_from(end).unwrap(),
        };
        let all = |sources: &Sources| {
            let excerpt = sources.excerpt("a".into(), 0..text.len(), 0).unwrap();
            let shown = sources.text("a".into()).unwrap();
            let written = sources.written(span(0, text.len()));
            format!("{} {shown} {written} {sources:?}", excerpt.text)
        };
        assert_eq!(all(&sources).matches(secret).count(), 3);
        sources.mask(span(second, second + secret.len()));
        assert!(!all(&sources).contains(secret));
        assert_eq!(sources.text("a".into()).unwrap().len(), text.len());
    }

    #[test]
    fn what_a_terminal_would_act_on_is_replaced_in_place() {
        let text = "a\u{1b}[31m\u{85}\u{202e}\tb\u{7f}\u{e0041}\n";
        let shown = printable(text.to_owned());
        assert_eq!(shown, "a?[31m¿\u{fffd}\tb?\u{1f532}\n");
        assert_eq!(shown.len(), text.len());
    }

    #[test]
    fn a_masked_secret_keeps_its_length_and_lines() {
        let mut sources = Sources::default();
        sources.push("a.yaml".into(), "key: \"sé\ncret\"\n".to_owned());
        sources.mask(Span {
            file: 0,
            start: 6,
            end: 14,
        });
        assert_eq!(sources.text("a.yaml".into()), Some("key: \"***\n****\"\n"));
    }
}
