//! Parses the search language: Elasticsearch's query strings with SailPoint's nested queries.
//!
//! What is not supported is refused, since a search that finds something else is worse.
//!
//! Understood are words with `*` and `?`, `"phrases"`, `field:…`, `field:(… …)`, `_exists_:field`,
//! `field:[a TO b]` and `field:{a TO b}` with `*` for an open end, `field:>=a`, `@nested(…)`,
//! `AND && OR || NOT ! + -` and parentheses. Spaces mean OR, as SailPoint documents it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::bounds::bound;
use super::cursor::Cursor;
use super::query::{Bound, Query, Term};

/// How deep parentheses may go.
const MAX_DEPTH: usize = 50;

/// Reads a query. `now` is what the word stands for in dates, and `zone` where a day begins.
pub(super) fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Query, String> {
    let mut parser = Parser {
        cursor: Cursor::new(text),
        depth: 0,
        now,
        zone,
    };
    parser.cursor.space();
    if parser.cursor.peek().is_none() {
        return Ok(Query::Everything);
    }
    let query = parser.any(None)?;
    match parser.cursor.peek() {
        None => Ok(query),
        Some(other) => Err(format!("{other:?} is not expected")),
    }
}

/// What is in front of a part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Required,
    Prohibited,
}

struct Parser<'a> {
    cursor: Cursor,
    depth: usize,
    now: Timestamp,
    zone: &'a TimeZone,
}

impl Parser<'_> {
    /// Parts with OR or spaces between them.
    fn any(&mut self, field: Option<&str>) -> Result<Query, String> {
        // What is required or prohibited decides; the others matter only where nothing is required.
        let mut decisive = Vec::new();
        let mut others = Vec::new();
        let mut is_required = false;
        let mut is_after_or = false;
        loop {
            let (query, mark) = self.all(field)?;
            self.cursor.space();
            let is_before_or = self.cursor.operator("OR") || self.cursor.operator("||");
            if mark == Mark::None || is_after_or || is_before_or {
                others.push(marked((query, mark)));
            } else {
                is_required |= mark == Mark::Required;
                decisive.push(marked((query, mark)));
            }
            is_after_or = is_before_or;
            self.cursor.space();
            if !is_before_or && matches!(self.cursor.peek(), None | Some(')')) {
                break;
            }
        }
        if !is_required && !others.is_empty() {
            decisive.push(one_or(others, Query::Or));
        }
        Ok(one_or(decisive, Query::And))
    }

    /// Parts with AND between them.
    fn all(&mut self, field: Option<&str>) -> Result<(Query, Mark), String> {
        let first = self.one(field)?;
        let mut parts = vec![first];
        loop {
            self.cursor.space();
            if !self.cursor.operator("AND") && !self.cursor.operator("&&") {
                break;
            }
            parts.push(self.one(field)?);
        }
        Ok(match <[_; 1]>::try_from(parts) {
            Ok([only]) => only,
            Err(parts) => (
                Query::And(parts.into_iter().map(marked).collect()),
                Mark::None,
            ),
        })
    }

    fn one(&mut self, field: Option<&str>) -> Result<(Query, Mark), String> {
        self.cursor.space();
        if self.cursor.operator("NOT") || self.cursor.symbol('!') || self.cursor.symbol('-') {
            return self.deeper(|parser| {
                let (query, mark) = parser.one(field)?;
                Ok(match mark {
                    Mark::Prohibited => (query, Mark::None),
                    _ => (query, Mark::Prohibited),
                })
            });
        }
        if self.cursor.symbol('+') {
            return self.deeper(|parser| Ok((marked(parser.one(field)?), Mark::Required)));
        }
        Ok((self.primary(field)?, Mark::None))
    }

    fn primary(&mut self, field: Option<&str>) -> Result<Query, String> {
        match self.cursor.peek() {
            None => Err("something is missing at the end".into()),
            Some('(') => self.group(field),
            Some('"') => Ok(Query::Term {
                field: field.map(str::to_owned),
                term: Term::Phrase(self.cursor.quoted()?),
            }),
            Some('@') => {
                self.cursor.skip();
                let name = self.cursor.word("")?;
                match name.text.split_once(':') {
                    // A nested field may be named as such without parentheses.
                    Some((name, value)) => Ok(Query::Term {
                        field: Some(name.to_owned()),
                        term: self.value_term(value.to_owned())?,
                    }),
                    None if self.cursor.peek() == Some('(') => Ok(Query::Nested {
                        name: name.text,
                        query: Box::new(self.group(None)?),
                    }),
                    None => Err("a nested query is written @name(query)".into()),
                }
            }
            Some('[' | '{') => match field {
                Some(field) => self.range(field),
                None => Err("a range needs a field".into()),
            },
            Some(_) => {
                let name = self.cursor.word(":")?;
                if self.cursor.peek() == Some(':') {
                    self.cursor.skip();
                    self.cursor.space();
                    if name.text.is_empty() {
                        return Err("the name of a field is missing".into());
                    }
                    return self.value(&name.text);
                }
                if name.text == "*" && !name.is_escaped {
                    return Ok(
                        field.map_or(Query::Everything, |field| Query::Exists(field.to_owned()))
                    );
                }
                if ["AND", "OR", "&&", "||"].contains(&name.text.as_str()) || name.text.is_empty() {
                    return Err(format!(
                        "{:?} is not expected",
                        self.cursor.rest(&name.text)
                    ));
                }
                Ok(Query::Term {
                    field: field.map(str::to_owned),
                    term: Term::Word(name.text),
                })
            }
        }
    }

    /// What comes after a field's name.
    fn value(&mut self, field: &str) -> Result<Query, String> {
        match self.cursor.peek() {
            None | Some(')') => Err("a value is missing".into()),
            Some('(') => self.group(Some(field)),
            Some('[' | '{') => self.range(field),
            Some('>' | '<') => {
                let is_lower = self.cursor.peek() == Some('>');
                self.cursor.skip();
                let inclusive = self.cursor.symbol('=');
                let end = self.end_of_range(inclusive, is_lower)?;
                let (lower, upper) = if is_lower { (end, None) } else { (None, end) };
                Ok(Query::Range {
                    field: field.to_owned(),
                    lower,
                    upper,
                })
            }
            Some('"') => Ok(Query::Term {
                field: Some(field.to_owned()),
                term: Term::Phrase(self.cursor.quoted()?),
            }),
            Some(_) => {
                let word = self.cursor.word("")?;
                if word.text.is_empty() {
                    return Err("a value is missing".into());
                }
                if field == "_exists_" {
                    return Ok(Query::Exists(word.text));
                }
                if word.text == "*" && !word.is_escaped {
                    return Ok(Query::Exists(field.to_owned()));
                }
                Ok(Query::Term {
                    field: Some(field.to_owned()),
                    term: Term::Word(word.text),
                })
            }
        }
    }

    fn value_term(&mut self, started: String) -> Result<Term, String> {
        match (started.is_empty(), self.cursor.peek()) {
            (true, Some('"')) => self.cursor.quoted().map(Term::Phrase),
            (true, _) => Err("a value is missing".into()),
            (false, _) => Ok(Term::Word(started)),
        }
    }

    fn group(&mut self, field: Option<&str>) -> Result<Query, String> {
        self.cursor.skip();
        let query = self.deeper(|parser| parser.any(field))?;
        self.cursor.space();
        if self.cursor.symbol(')') {
            Ok(query)
        } else {
            Err("a closing parenthesis is missing".into())
        }
    }

    /// `[a TO b]`, or with braces where an end is not part of it.
    fn range(&mut self, field: &str) -> Result<Query, String> {
        const SHAPE: &str = "a range is written [from TO to]";
        let from_inclusive = self.cursor.peek() == Some('[');
        self.cursor.skip();
        let (inside, end) = self.cursor.until(&[']', '}']).ok_or(SHAPE)?;
        let to_inclusive = end == ']';
        let (from, to) = inside.split_once(" TO ").ok_or(SHAPE)?;
        let end = |text: &str, inclusive, is_lower| {
            let text = text.trim().trim_matches('"');
            match text {
                "" => Err(SHAPE.to_owned()),
                "*" => Ok(None),
                text => bound(text, inclusive, is_lower, self.now, self.zone).map(Some),
            }
        };
        Ok(Query::Range {
            field: field.to_owned(),
            lower: end(from, from_inclusive, true)?,
            upper: end(to, to_inclusive, false)?,
        })
    }

    fn end_of_range(&mut self, inclusive: bool, is_lower: bool) -> Result<Option<Bound>, String> {
        let text = if self.cursor.peek() == Some('"') {
            self.cursor.quoted()?
        } else {
            self.cursor.word("")?.text
        };
        if text.is_empty() {
            return Err("a value is missing".into());
        }
        bound(&text, inclusive, is_lower, self.now, self.zone).map(Some)
    }

    fn deeper<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, String>,
    ) -> Result<T, String> {
        if self.depth >= MAX_DEPTH {
            return Err("it is nested too deeply".into());
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }
}

fn marked((query, mark): (Query, Mark)) -> Query {
    match mark {
        Mark::Prohibited => Query::Not(Box::new(query)),
        Mark::None | Mark::Required => query,
    }
}

fn one_or(mut queries: Vec<Query>, several: fn(Vec<Query>) -> Query) -> Query {
    if queries.len() == 1 {
        queries.remove(0)
    } else {
        several(queries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Query, String> {
        parse(
            text,
            "2026-05-06T12:00:00Z".parse().unwrap(),
            &TimeZone::UTC,
        )
    }

    #[test]
    fn queries_find_what_they_say() {
        let document = json!({
            "name": "svc-backup", "displayName": "Backup Service", "email": "svc-backup@example.com",
            "status": "ACTIVE", "source": {"name": "Active Directory"}, "accountCount": 2, "manager": null,
            "created": "2026-05-01T10:00:00.000Z", "attributes": {"city": "Austin"},
            "accounts": [{"name": "a1", "disabled": true}, {"name": "a2", "disabled": false}],
        });
        let table = [
            ("*", true),
            ("", true),
            ("svc-backup", true),
            ("SVC*", true),
            ("austin", true),
            ("boston", false),
            ("name:svc-*", true),
            ("name:svc-?ackup", true),
            ("name:\"svc-backup\" AND status:active", true),
            ("source.name:\"Active Directory\"", true),
            ("source.name:directory", true),
            ("source.name:\"Directory Active\"", false),
            ("source.name.exact:\"Active Directory\"", true),
            ("source.name.exact:\"active directory\"", false),
            ("source.name.exact:Active", false),
            ("accounts.name:a2", true),
            ("@accounts(name:a1 AND disabled:true)", true),
            ("@accounts(name:a2 AND disabled:true)", false),
            ("@accounts(a2)", true),
            ("NOT name:svc-backup", false),
            ("-name:other", true),
            ("!name:other", true),
            ("name:other OR (status:ACTIVE AND name:svc*)", true),
            ("name:other || name:svc-backup", true),
            ("name:other && name:svc-backup", false),
            // A space is an OR.
            ("name:other status:ACTIVE", true),
            ("name:(other svc-backup)", true),
            ("name:(other AND svc-backup)", false),
            ("name:other NOT status:ACTIVE", false),
            ("status:ACTIVE NOT name:other", true),
            ("name:other OR NOT status:OTHER", true),
            ("name:svc-backup OR name:other NOT status:ACTIVE", false),
            ("+name:other status:ACTIVE", false),
            ("+name:svc-backup status:OTHER", true),
            ("status:ACTIVE -name:svc-backup", false),
            ("_exists_:email", true),
            ("_exists_:manager", false),
            ("attributes.city:*", true),
            ("created:[2026-01-01 TO now]", true),
            ("created: [2026-04-30T00:00:00.000Z TO *]", true),
            ("created:[2025-01-01 TO 2025-12-31]", false),
            ("created:[* TO 2026-05-01]", true),
            ("created:{* TO 2026-05-01}", false),
            ("created:>now-7d", true),
            ("created:>now-3d", false),
            ("created:>=2026", true),
            ("created:>2026-05", false),
            ("accountCount:>1", true),
            ("accountCount:[3 TO 10]", false),
            ("name:*up", true),
            ("name:*x*", false),
            ("name:svc\\-backup", true),
        ];
        for (text, expected) in table {
            let query = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(query.matches(&document, &[]), expected, "{text}");
        }
        let name = ["name".to_owned()];
        assert!(!read("Service").unwrap().matches(&document, &name));
        assert!(read("svc*").unwrap().matches(&document, &name));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in [
            "(a",
            "a)",
            "name:",
            ":a",
            "AND",
            "a AND",
            "OR a",
            "\"a",
            "name:/a.*/",
            "name:a~",
            "\"a b\"~2",
            "name:a^2",
            "created:[2026]",
            "created:[2026 TO ",
            "created:>now-7d/d",
            "[1 TO 2]",
            "@accounts",
            "NOT",
            "a\\",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"(".repeat(10_000)).is_err());
        assert!(read(&"NOT ".repeat(10_000)).is_err());
        assert!(read(&"-".repeat(10_000)).is_err());
    }
}
