//! The small part of the search language that the simulator understands.

use std::str::FromStr;

use serde_json::Value;

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Query {
    Everything,
    Term {
        field: Option<String>,
        pattern: String,
    },
    Not(Box<Query>),
    And(Vec<Query>),
    Or(Vec<Query>),
}

/// The fields that a word without a field is looked for in.
const DEFAULT_FIELDS: [&str; 5] = ["name", "displayName", "firstName", "lastName", "email"];

impl Query {
    pub(super) fn matches(&self, document: &Value) -> bool {
        match self {
            Self::Everything => true,
            Self::Not(query) => !query.matches(document),
            Self::And(queries) => queries.iter().all(|query| query.matches(document)),
            Self::Or(queries) => queries.iter().any(|query| query.matches(document)),
            Self::Term {
                field: Some(field),
                pattern,
            } => {
                let field = field.trim_start_matches('@');
                let parts: Vec<&str> = field.split('.').collect();
                values(document, &parts)
                    .iter()
                    .any(|value| like(pattern, value))
            }
            Self::Term {
                field: None,
                pattern,
            } => DEFAULT_FIELDS
                .iter()
                .flat_map(|field| values(document, &[*field]))
                .any(|value| {
                    like(pattern, &value)
                        || value.split([' ', '.', '@']).any(|word| like(pattern, word))
                }),
        }
    }
}

/// All values at a path; a list stands for each of its entries.
fn values(document: &Value, path: &[&str]) -> Vec<String> {
    match (document, path) {
        (Value::Array(list), _) => list.iter().flat_map(|entry| values(entry, path)).collect(),
        (Value::Object(map), [first, rest @ ..]) => map
            .get(*first)
            .map(|next| values(next, rest))
            .unwrap_or_default(),
        (Value::String(text), []) => vec![text.clone()],
        (Value::Bool(value), []) => vec![value.to_string()],
        (Value::Number(value), []) => vec![value.to_string()],
        _ => Vec::new(),
    }
}

/// Whether a text is like a pattern, where `*` stands for anything. Case does not matter.
fn like(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(index) => rest = &rest[index + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl FromStr for Query {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser {
            tokens: &tokens,
            depth: 0,
        };
        if tokens.is_empty() {
            return Ok(Self::Everything);
        }
        let query = parser.any()?;
        match parser.tokens.first() {
            None => Ok(query),
            Some(token) => Err(format!("{token:?} is not expected")),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    /// A word with its field, if any; quoted words are never operators.
    Word {
        text: String,
        quoted: bool,
        field: Option<String>,
    },
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&next) = chars.peek() {
        match next {
            ' ' | '\t' | '\n' => {
                chars.next();
            }
            '(' => {
                chars.next();
                tokens.push(Token::Open);
            }
            ')' => {
                chars.next();
                tokens.push(Token::Close);
            }
            _ => {
                let mut field = None;
                let mut word = String::new();
                let mut quoted = false;
                while let Some(&next) = chars.peek() {
                    match next {
                        '"' => {
                            quoted = true;
                            chars.next();
                            loop {
                                match chars.next() {
                                    Some('"') => break,
                                    Some('\\') => word.extend(chars.next()),
                                    Some(other) => word.push(other),
                                    None => return Err("a quotation mark is missing".into()),
                                }
                            }
                        }
                        ':' if field.is_none() && !quoted => {
                            chars.next();
                            field = Some(std::mem::take(&mut word));
                        }
                        ' ' | '\t' | '\n' | '(' | ')' => break,
                        other => {
                            word.push(other);
                            chars.next();
                        }
                    }
                }
                tokens.push(Token::Word {
                    text: word,
                    quoted,
                    field,
                });
            }
        }
    }
    Ok(tokens)
}

struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Query, String> {
        let mut queries = vec![self.all()?];
        while self.take_operator("OR") {
            queries.push(self.all()?);
        }
        Ok(if queries.len() == 1 {
            queries.remove(0)
        } else {
            Query::Or(queries)
        })
    }

    fn all(&mut self) -> Result<Query, String> {
        let mut queries = vec![self.one()?];
        loop {
            let explicit = self.take_operator("AND");
            let more = match self.tokens.first() {
                None | Some(Token::Close) => false,
                Some(Token::Word {
                    text,
                    quoted: false,
                    field: None,
                }) => text != "OR",
                Some(_) => true,
            };
            if explicit && !more {
                return Err("something is missing after AND".into());
            }
            if !more {
                break;
            }
            queries.push(self.one()?);
        }
        Ok(if queries.len() == 1 {
            queries.remove(0)
        } else {
            Query::And(queries)
        })
    }

    fn one(&mut self) -> Result<Query, String> {
        if self.take_operator("NOT") {
            return Ok(Query::Not(Box::new(self.one()?)));
        }
        let Some((token, rest)) = self.tokens.split_first() else {
            return Err("something is missing at the end".into());
        };
        self.tokens = rest;
        match token {
            Token::Open => {
                self.depth += 1;
                if self.depth > 50 {
                    return Err("it is nested too deeply".into());
                }
                let query = self.any()?;
                if self.tokens.first() != Some(&Token::Close) {
                    return Err("a closing parenthesis is missing".into());
                }
                self.tokens = &self.tokens[1..];
                self.depth -= 1;
                Ok(query)
            }
            Token::Close => Err("a closing parenthesis is not expected".into()),
            Token::Word {
                text,
                quoted: false,
                field: None,
            } if text == "*" => Ok(Query::Everything),
            Token::Word {
                text,
                quoted: false,
                field: None,
            } if ["AND", "OR"].contains(&text.as_str()) => Err(format!("{text} is not expected")),
            Token::Word { text, field, .. } => {
                if text.is_empty() && field.is_some() {
                    return Err("a value is missing".into());
                }
                Ok(Query::Term {
                    field: field.clone(),
                    pattern: text.clone(),
                })
            }
        }
    }

    fn take_operator(&mut self, operator: &str) -> bool {
        let found = matches!(self.tokens.first(),
            Some(Token::Word { text, quoted: false, field: None }) if text == operator);
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn queries_find_what_they_say() {
        let document = json!({
            "name": "svc-backup", "displayName": "svc-backup", "email": "svc-backup@example.com",
            "status": "ACTIVE", "source": {"name": "Active Directory"}, "accounts": [{"name": "a1"}, {"name": "a2"}],
        });
        let table = [
            ("*", true),
            ("", true),
            ("svc-backup", true),
            ("svc*", true),
            ("name:svc-*", true),
            ("name:\"svc-backup\" AND status:active", true),
            ("source.name:\"Active Directory\"", true),
            ("source.name:Active", false),
            ("accounts.name:a2", true),
            ("NOT name:svc-backup", false),
            ("name:other OR (status:ACTIVE name:svc*)", true),
            ("name:*up", true),
            ("name:*x*", false),
        ];
        for (text, expected) in table {
            assert_eq!(
                text.parse::<Query>().unwrap().matches(&document),
                expected,
                "{text}"
            );
        }
        for text in ["(a", "a)", "name:", "AND", "a AND", "\"a"] {
            assert!(text.parse::<Query>().is_err(), "{text}");
        }
    }
}
