//! How a delimited-file source reads the files of its imports.

use serde::Serialize;

/// The settings of a source that decide what an import does with a file. The default
/// is that of a new source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileSettings {
    /// What separates cells.
    pub delimiter: String,
    /// The text that begins a row that is skipped; none where no row is.
    pub comment: Option<String>,
    /// How many lines before the header are skipped, as ISC has it; none for 0.
    pub lines_to_skip: Option<String>,
    /// An expression; rows that match are left out.
    pub filter: Option<String>,
    /// The encoding of files; none for UTF-8.
    pub encoding: Option<String>,
    /// The column by which rows are merged into one account, where it is not the
    /// account ID.
    pub merged_by: Option<String>,
    /// Whether files have no header.
    pub no_header: bool,
    /// Whether accounts without a row stay: deletions are switched off.
    pub keeps_missing: bool,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self {
            delimiter: ",".to_owned(),
            comment: Some("#".to_owned()),
            lines_to_skip: None,
            filter: None,
            encoding: None,
            merged_by: None,
            no_header: false,
            keeps_missing: false,
        }
    }
}

/// A setting that an import does not follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The connector attribute.
    pub setting: &'static str,
    /// Its value.
    pub value: String,
    /// What it would do to an import.
    pub effect: &'static str,
    /// What to set instead.
    pub instead: &'static str,
}

impl FileSettings {
    /// The delimiter as a byte; none where a file cannot be written with it.
    pub fn delimiter_byte(&self) -> Option<u8> {
        match self.delimiter.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n' | 0) => Some(*byte),
            _ => None,
        }
    }

    /// Whether a row whose first cell is this is skipped.
    pub fn skips(&self, first_cell: &str) -> bool {
        self.comment
            .as_deref()
            .is_some_and(|comment| first_cell.starts_with(comment))
    }

    /// The settings that an import does not follow.
    pub fn unsupported(&self) -> Vec<Unsupported> {
        let Self {
            delimiter,
            // A row that would be skipped is reported by itself.
            comment: _,
            lines_to_skip,
            filter,
            encoding,
            merged_by,
            no_header,
            // The guard `deletionsOff` reports it where something is deleted.
            keeps_missing: _,
        } = self;
        let mut found = Vec::new();
        let mut add = |setting, value: &str, effect, instead| {
            found.push(Unsupported {
                setting,
                value: value.to_owned(),
                effect,
                instead,
            });
        };
        if self.delimiter_byte().is_none() {
            let instead = "set a single ASCII character";
            add(
                "delimiter",
                delimiter,
                "cells could be split wrongly",
                instead,
            );
        }
        if let Some(lines) = lines_to_skip {
            let effect = "the header and rows would be skipped, and their accounts deleted";
            add("linesToSkip", lines, effect, "set it to 0");
        }
        if let Some(filter) = filter {
            let effect = "rows that match would be left out, and their accounts deleted";
            add("filterString", filter, effect, "remove it");
        }
        if let Some(encoding) = encoding {
            let effect = "steersman writes UTF-8, so letters could be read wrongly";
            add("fileEncoding", encoding, effect, "set it to UTF-8");
        }
        if let Some(column) = merged_by {
            let effect =
                "rows with the same value would become one account, and the others deleted";
            add("indexColumn", column, effect, "set it to id");
        }
        if *no_header {
            let effect = "the header would be read as an account";
            add("hasHeader", "false", effect, "set it to true");
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_04_only_what_a_file_can_follow_is_followed() {
        type Change = fn(&mut FileSettings);
        let names = |change: Change| {
            let mut settings = FileSettings::default();
            change(&mut settings);
            let found: Vec<&str> = settings
                .unsupported()
                .iter()
                .map(|found| found.setting)
                .collect();
            (settings.delimiter_byte(), found.join(" "))
        };
        let table: [(Change, Option<u8>, &str); 13] = [
            (|_| {}, Some(b','), ""),
            (|to| to.delimiter = ";".to_owned(), Some(b';'), ""),
            (|to| to.delimiter = "\t".to_owned(), Some(b'\t'), ""),
            (|to| to.delimiter = "||".to_owned(), None, "delimiter"),
            (|to| to.delimiter = "\"".to_owned(), None, "delimiter"),
            (|to| to.delimiter = "¦".to_owned(), None, "delimiter"),
            (|to| to.delimiter = String::new(), None, "delimiter"),
            (
                |to| to.lines_to_skip = Some("1".to_owned()),
                Some(b','),
                "linesToSkip",
            ),
            (
                |to| to.filter = Some("x".to_owned()),
                Some(b','),
                "filterString",
            ),
            (
                |to| to.encoding = Some("UTF-16".to_owned()),
                Some(b','),
                "fileEncoding",
            ),
            (
                |to| to.merged_by = Some("e-mail".to_owned()),
                Some(b','),
                "indexColumn",
            ),
            (|to| to.no_header = true, Some(b','), "hasHeader"),
            (|to| to.keeps_missing = true, Some(b','), ""),
        ];
        for (number, (change, byte, expected)) in table.into_iter().enumerate() {
            let expected = (byte, expected.to_owned());
            assert_eq!(names(change), expected, "case {number}");
        }
    }

    #[test]
    fn tenants_03_a_row_that_begins_like_a_comment_is_skipped() {
        let mut settings = FileSettings::default();
        assert!(settings.skips("#SA-9") && !settings.skips("SA-#9") && !settings.skips(""));
        settings.comment = Some("//".to_owned());
        assert!(settings.skips("//x") && !settings.skips("#SA-9"));
        settings.comment = None;
        assert!(!settings.skips("#SA-9"));
    }
}
