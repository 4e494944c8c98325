//! What a delimited file source says about the form of its files.

use serde_json::Value;

use super::row_filter::RowFilter;
use super::sources::Source;
use crate::errors::Refusal;

/// The settings, from the source's connector attributes.
pub(crate) struct FileSettings {
    delimiter: u8,
    comment: Option<u8>,
    lines_to_skip: usize,
    pub(crate) encoding: String,
    /// Rows that match are taken out.
    pub(crate) filter: Option<RowFilter>,
    /// Whether accounts without a row stay.
    pub(crate) keeps_missing: bool,
}

impl FileSettings {
    pub(crate) fn of(source: &Source) -> Result<Self, Refusal> {
        let text = |name: &str| match source.connector_attributes.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Bool(value)) => Some(value.to_string()),
            _ => None,
        };
        let filter = match text("filterString").filter(|text| !text.trim().is_empty()) {
            None => None,
            Some(text) => Some(RowFilter::parse(&text).ok_or_else(|| {
                Refusal::illegal_value("The filterString of the source cannot be read.")
            })?),
        };
        Ok(Self {
            delimiter: character("delimiter", text("delimiter").as_deref())?.unwrap_or(b','),
            // Records that begin with this are skipped, also where nobody has said so.
            comment: match text("commentCharacter") {
                None => Some(b'#'),
                Some(text) => character("commentCharacter", Some(&text))?,
            },
            lines_to_skip: text("linesToSkip")
                .map(|text| text.trim().parse())
                .transpose()
                .map_err(|_| {
                    Refusal::illegal_value("The linesToSkip of the source must be a whole number.")
                })?
                .unwrap_or(0),
            encoding: text("fileEncoding").unwrap_or_else(|| "UTF-8".to_owned()),
            filter,
            keeps_missing: text("checkDeletedDisabled")
                .is_some_and(|text| text.eq_ignore_ascii_case("true")),
        })
    }

    /// The file without the lines before its header.
    pub(crate) fn content<'a>(&self, file: &'a str) -> &'a str {
        (0..self.lines_to_skip).fold(file, |rest, _| {
            rest.split_once('\n').map_or("", |(_, rest)| rest)
        })
    }

    /// Reads the header and the rows of a file.
    pub(crate) fn reader<'a>(&self, file: &'a str) -> csv::Reader<&'a [u8]> {
        csv::ReaderBuilder::new()
            .has_headers(true)
            .delimiter(self.delimiter)
            .comment(self.comment)
            .from_reader(self.content(file).as_bytes())
    }

    /// The line of a quotation mark that opens a cell and is never closed: the rest of the file
    /// would be one cell.
    pub(crate) fn unclosed_quote(&self, file: &str) -> Option<usize> {
        enum At {
            Start,
            Plain,
            Quoted,
            /// After a quotation mark in a quoted cell: it ends it, or stands for itself.
            Quote,
            Comment,
        }
        let mut at = At::Start;
        let mut is_new_line = true;
        let (mut line, mut opened) = (1 + self.lines_to_skip, 0);
        for byte in self.content(file).bytes() {
            at = match (at, byte) {
                (At::Quoted, b'"') => At::Quote,
                (At::Quote, b'"') | (At::Quoted, _) => At::Quoted,
                (_, b'\n') => At::Start,
                (At::Comment, _) => At::Comment,
                (At::Start, byte) if is_new_line && Some(byte) == self.comment => At::Comment,
                (At::Start, b'"') => {
                    opened = line;
                    At::Quoted
                }
                (_, byte) if byte == self.delimiter => At::Start,
                _ => At::Plain,
            };
            is_new_line = byte == b'\n';
            line += usize::from(is_new_line);
        }
        matches!(at, At::Quoted).then_some(opened)
    }
}

/// A setting of one character, which may be written `\u0009`; none if it is empty.
fn character(name: &str, text: Option<&str>) -> Result<Option<u8>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let code = match text.strip_prefix("\\u") {
        Some(hex) => u8::from_str_radix(hex, 16).ok(),
        None if text == "\\t" => Some(b'\t'),
        None => <[u8; 1]>::try_from(text.as_bytes()).ok().map(|[byte]| byte),
    };
    code.filter(u8::is_ascii).map(Some).ok_or_else(|| {
        Refusal::illegal_value(format!(
            "The {name} of the source must be one character of ASCII."
        ))
    })
}
