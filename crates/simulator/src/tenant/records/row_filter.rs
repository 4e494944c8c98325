//! Filter string of a delimited file source: the rows that it matches are taken out.
//!
//! `department == "HR" && !name.startsWith("svc")`, with `&&`, `||`, `!`, parentheses, `==`, `!=`,
//! `contains`, `startsWith`, `endsWith`, `isNull()` and `notNull()`.

/// The deepest nesting.
const MAX_DEPTH: usize = 50;

/// A filter string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowFilter {
    Not(Box<RowFilter>),
    And(Box<RowFilter>, Box<RowFilter>),
    Or(Box<RowFilter>, Box<RowFilter>),
    Test {
        column: String,
        how: How,
        value: String,
    },
}

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Equals,
    Differs,
    Contains,
    StartsWith,
    EndsWith,
    IsNull,
    NotNull,
}

impl RowFilter {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser { rest: text };
        let filter = parser.either(0)?;
        parser.rest.trim().is_empty().then_some(filter)
    }

    /// Whether a row matches, whose cells `of` gives; empty cells are none.
    pub(crate) fn matches<'a>(&self, of: &impl Fn(&str) -> Option<&'a str>) -> bool {
        match self {
            Self::Not(filter) => !filter.matches(of),
            Self::And(one, other) => one.matches(of) && other.matches(of),
            Self::Or(one, other) => one.matches(of) || other.matches(of),
            Self::Test { column, how, value } => {
                let cell = of(column);
                match how {
                    How::IsNull => cell.is_none(),
                    How::NotNull => cell.is_some(),
                    How::Equals => cell == Some(value),
                    How::Differs => cell != Some(value),
                    How::Contains => cell.is_some_and(|cell| cell.contains(value.as_str())),
                    How::StartsWith => cell.is_some_and(|cell| cell.starts_with(value.as_str())),
                    How::EndsWith => cell.is_some_and(|cell| cell.ends_with(value.as_str())),
                }
            }
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn takes(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn either(&mut self, depth: usize) -> Option<RowFilter> {
        let mut filter = self.both(depth)?;
        while self.takes("||") {
            filter = RowFilter::Or(Box::new(filter), Box::new(self.both(depth)?));
        }
        Some(filter)
    }

    fn both(&mut self, depth: usize) -> Option<RowFilter> {
        let mut filter = self.one(depth)?;
        while self.takes("&&") {
            filter = RowFilter::And(Box::new(filter), Box::new(self.one(depth)?));
        }
        Some(filter)
    }

    fn one(&mut self, depth: usize) -> Option<RowFilter> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.takes("!") {
            return Some(RowFilter::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes("(") {
            let filter = self.either(depth + 1)?;
            return self.takes(")").then_some(filter);
        }
        let column = self.column()?.to_owned();
        if self.takes(".") {
            let (how, has_value) = [
                ("contains", How::Contains, true),
                ("startsWith", How::StartsWith, true),
                ("endsWith", How::EndsWith, true),
                ("isNull", How::IsNull, false),
                ("notNull", How::NotNull, false),
            ]
            .into_iter()
            .find_map(|(word, how, has_value)| self.takes(word).then_some((how, has_value)))?;
            if !self.takes("(") {
                return None;
            }
            let value = if has_value {
                self.text()?
            } else {
                String::new()
            };
            return self
                .takes(")")
                .then_some(RowFilter::Test { column, how, value });
        }
        let how = if self.takes("==") {
            How::Equals
        } else if self.takes("!=") {
            How::Differs
        } else {
            return None;
        };
        let value = self.text()?;
        Some(RowFilter::Test { column, how, value })
    }

    fn column(&mut self) -> Option<&'a str> {
        let text = self.rest.trim_start();
        let end = text
            .find(|character: char| !character.is_alphanumeric() && !"_-".contains(character))
            .unwrap_or(text.len());
        let (column, rest) = text.split_at(end);
        self.rest = rest;
        (!column.is_empty()).then_some(column)
    }

    fn text(&mut self) -> Option<String> {
        let (text, rest) = self.rest.trim_start().strip_prefix('"')?.split_once('"')?;
        self.rest = rest;
        Some(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_match() {
        let row = |name: &str| match name {
            "id" => Some("SA-1"),
            "e-mail" => Some("a@example.com"),
            _ => None,
        };
        for (text, expected) in [
            ("id == \"SA-1\"", Some(true)),
            ("id != \"SA-1\"", Some(false)),
            (
                "!( id.contains( \"m\" ) ) || !( id.contains( \"d\" ) )",
                Some(true),
            ),
            (
                "id.startsWith(\"SA\") && e-mail.endsWith(\".com\")",
                Some(true),
            ),
            ("purpose.isNull()", Some(true)),
            ("purpose.notNull() || id == \"SA-2\"", Some(false)),
            ("", None),
            ("id", None),
            ("id == SA", None),
            ("(id == \"a\"", None),
            ("id == \"a\" id", None),
        ] {
            let found = RowFilter::parse(text).map(|filter| filter.matches(&row));
            assert_eq!(found, expected, "{text}");
        }
        assert!(RowFilter::parse(&"!".repeat(10_000)).is_none());
    }
}
