//! Parses the `filters` parameter.

use std::str::FromStr;

use super::error::ParseFilterError;
use super::expression::{Comparison, Condition, Expression, FieldName, Literal, Operator, Test};
use super::lexer::{Token, TokenKind, next_token};

/// How deep parentheses and `not` may nest.
///
/// ISC documents no bound; this one is far beyond what people write, and keeps hostile input from
/// exhausting the stack.
const MAX_DEPTH: usize = 64;

impl FromStr for Expression {
    type Err = ParseFilterError;

    fn from_str(source: &str) -> Result<Self, Self::Err> {
        let mut parser = Parser::new(source)?;
        let expression = parser.any(0)?;
        match parser.token.kind {
            TokenKind::End => Ok(expression),
            _ => Err(parser.unexpected("\"and\", \"or\" or the end of the filter")),
        }
    }
}

/// A parser by recursive descent with one token of lookahead.
struct Parser<'a> {
    source: &'a str,
    token: Token<'a>,
    after: usize,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str) -> Result<Self, ParseFilterError> {
        let (token, after) = next_token(source, 0)?;
        Ok(Self {
            source,
            token,
            after,
        })
    }

    fn any(&mut self, depth: usize) -> Result<Expression, ParseFilterError> {
        let mut first = self.all(depth)?;
        if !self.at_word("or") {
            return Ok(first);
        }
        let mut parts = Vec::new();
        while self.at_word("or") {
            self.advance()?;
            parts.push(std::mem::replace(&mut first, self.all(depth)?));
        }
        parts.push(first);
        self.joined(Expression::any(parts))
    }

    fn all(&mut self, depth: usize) -> Result<Expression, ParseFilterError> {
        let mut first = self.negation(depth)?;
        if !self.at_word("and") {
            return Ok(first);
        }
        let mut parts = Vec::new();
        while self.at_word("and") {
            self.advance()?;
            parts.push(std::mem::replace(&mut first, self.negation(depth)?));
        }
        parts.push(first);
        self.joined(Expression::all(parts))
    }

    fn joined(&self, expression: Option<Expression>) -> Result<Expression, ParseFilterError> {
        expression.ok_or_else(|| self.unexpected("a condition"))
    }

    fn negation(&mut self, depth: usize) -> Result<Expression, ParseFilterError> {
        if depth > MAX_DEPTH {
            return Err(self.error(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        match self.token.kind {
            TokenKind::Word("not") => {
                self.advance()?;
                Ok(Expression::Not(Box::new(self.negation(depth + 1)?)))
            }
            TokenKind::Open => {
                self.advance()?;
                let inner = self.any(depth + 1)?;
                self.expect(&TokenKind::Close, "\")\"")?;
                Ok(inner)
            }
            _ => self.condition().map(Expression::Condition),
        }
    }

    fn condition(&mut self) -> Result<Condition, ParseFilterError> {
        if self.at_word("pr") {
            self.advance()?;
            return Ok(Condition {
                field: self.field()?,
                test: Test::Present,
            });
        }
        let field = self.field()?;
        let operator = match self.token.kind {
            TokenKind::Word(word) => Operator::named(word),
            _ => None,
        };
        let Some(operator) = operator else {
            return Err(self.unexpected("an operator in lower case"));
        };
        self.advance()?;
        let test = match operator {
            Operator::Eq => Test::Compare(Comparison::Eq, self.literal()?),
            Operator::Ne => Test::Compare(Comparison::Ne, self.literal()?),
            Operator::Gt => Test::Compare(Comparison::Gt, self.literal()?),
            Operator::Ge => Test::Compare(Comparison::Ge, self.literal()?),
            Operator::Lt => Test::Compare(Comparison::Lt, self.literal()?),
            Operator::Le => Test::Compare(Comparison::Le, self.literal()?),
            Operator::In => Test::In(self.list()?),
            Operator::Ca => Test::ContainsAll(self.list()?),
            Operator::Sw => Test::StartsWith(self.literal()?),
            Operator::Co => Test::Contains(self.literal()?),
            // The documentation writes `pr` first, its SCIM ancestor writes it last; both are read.
            Operator::Pr => Test::Present,
            Operator::Isnull => Test::IsNull,
        };
        Ok(Condition { field, test })
    }

    fn field(&mut self) -> Result<FieldName, ParseFilterError> {
        let TokenKind::Word(word) = self.token.kind else {
            return Err(self.unexpected("a field name"));
        };
        let field = FieldName::new(word).ok_or_else(|| self.unexpected("a field name"))?;
        self.advance()?;
        Ok(field)
    }

    fn list(&mut self) -> Result<Vec<Literal>, ParseFilterError> {
        self.expect(&TokenKind::Open, "\"(\" and a list of values")?;
        let mut values = vec![self.literal()?];
        while self.token.kind == TokenKind::Comma {
            self.advance()?;
            values.push(self.literal()?);
        }
        self.expect(&TokenKind::Close, "\",\" or \")\"")?;
        Ok(values)
    }

    fn literal(&mut self) -> Result<Literal, ParseFilterError> {
        let value = match &self.token.kind {
            TokenKind::Literal(literal) => literal.clone(),
            TokenKind::Word("true") => Literal::Boolean(true),
            TokenKind::Word("false") => Literal::Boolean(false),
            TokenKind::Word("null") => Literal::Null,
            _ => return Err(self.unexpected("a value, texts in double quotes")),
        };
        self.advance()?;
        Ok(value)
    }

    fn expect(&mut self, kind: &TokenKind<'_>, name: &str) -> Result<(), ParseFilterError> {
        if self.token.kind != *kind {
            return Err(self.unexpected(name));
        }
        self.advance()
    }

    fn at_word(&self, word: &str) -> bool {
        self.token.kind == TokenKind::Word(word)
    }

    fn advance(&mut self) -> Result<(), ParseFilterError> {
        (self.token, self.after) = next_token(self.source, self.after)?;
        Ok(())
    }

    fn unexpected(&self, wanted: &str) -> ParseFilterError {
        let found = &self.source[self.token.at..self.after.max(self.token.at)];
        let found = if found.is_empty() { "the end" } else { found };
        self.error(format!("expected {wanted}, found {found}"))
    }

    fn error(&self, message: impl Into<String>) -> ParseFilterError {
        ParseFilterError::new(self.source, self.token.at, message)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn documented_examples_parse_and_print() {
        // What is written, and how it is printed.
        let table = [
            (
                "groups ca (\"Venezia\",\"Firenze\")",
                "groups ca (\"Venezia\", \"Firenze\")",
            ),
            ("daysUntilEscalation ge 7", "daysUntilEscalation ge 7"),
            (
                "created gt 2018-12-18T23:05:55Z",
                "created gt 2018-12-18T23:05:55Z",
            ),
            ("created gt 2018-12-18", "created gt 2018-12-18T00:00:00Z"),
            ("pr accountRequestInfo", "pr accountRequestInfo"),
            ("accountRequestInfo pr", "pr accountRequestInfo"),
            ("completionStatus isnull", "completionStatus isnull"),
            ("not groups ca (\"a\")", "not groups ca (\"a\")"),
            (
                "startDate gt 2018 and name sw \"Genaro\"",
                "startDate gt 2018 and name sw \"Genaro\"",
            ),
            (r#"name eq "\"Employees\"""#, r#"name eq "\"Employees\"""#),
            (
                "not a eq 1 or b eq 2 and c eq 3",
                "not a eq 1 or b eq 2 and c eq 3",
            ),
            (
                "(not (a eq 1)) or ((b eq 2) and (c eq 3))",
                "not a eq 1 or b eq 2 and c eq 3",
            ),
            (
                "not (a eq 1 or b eq 2) and c eq 3",
                "not (a eq 1 or b eq 2) and c eq 3",
            ),
            (" a.b-c   eq\ttrue ", "a.b-c eq true"),
            ("a in (1 , -2.5,null)", "a in (1, -2.5, null)"),
        ];
        for (written, printed) in table {
            let expression: Expression = written.parse().expect(written);
            assert_eq!(expression.to_string(), printed, "{written}");
        }
    }

    #[test]
    fn errors_name_the_character() {
        let table = [
            ("", 1, "a field name"),
            ("name", 5, "an operator"),
            ("name EQ \"x\"", 6, "lower case"),
            ("name eq x", 9, "double quotes"),
            ("name eq \"x", 9, "not closed"),
            (r#"name eq "\x""#, 10, "backslash"),
            ("name in \"x\"", 9, "list"),
            ("name in ()", 10, "a value"),
            ("(name eq \"ä\"", 13, "\")\""),
            ("name eq \"x\" name", 13, "the end of the filter"),
            ("name eq 1e999", 9, "no number"),
            ("name eq 2c9180", 9, "no number"),
            ("name eq 2018-13-45", 9, "no date"),
            ("name eq \"x\" and", 16, "a field name"),
            ("name = \"x\"", 6, "unexpected character"),
        ];
        for (written, position, part) in table {
            let error = written.parse::<Expression>().expect_err(written);
            assert_eq!(error.position, position, "{written}: {error}");
            assert!(error.message.contains(part), "{written}: {error}");
        }
    }

    #[test]
    fn nesting_is_bounded_and_length_is_not() {
        let nested = |depth: usize| format!("{}a eq 1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(nested(MAX_DEPTH).parse::<Expression>().is_ok());
        assert!(nested(MAX_DEPTH + 1).parse::<Expression>().is_err());
        assert!(nested(100_000).parse::<Expression>().is_err());
        assert!(
            format!("{}a eq 1", "not ".repeat(100_000))
                .parse::<Expression>()
                .is_err()
        );

        let long = vec!["a eq 1"; 100_000].join(" and ");
        let expression: Expression = long.parse().expect("a long conjunction");
        assert!(matches!(expression, Expression::All(parts) if parts.len() == 100_000));
    }

    fn literal() -> impl Strategy<Value = Literal> {
        prop_oneof![
            any::<String>().prop_map(Literal::Text),
            "[a\"\\\\ ]{0,6}".prop_map(Literal::Text),
            any::<f64>()
                .prop_filter("finite", |n| n.is_finite())
                .prop_map(Literal::Number),
            any::<i32>().prop_map(|n| Literal::Number(n.into())),
            any::<bool>().prop_map(Literal::Boolean),
            (-60_000_000_000_000_i64..250_000_000_000_000)
                .prop_map(|ms| Literal::Date(jiff::Timestamp::from_millisecond(ms).unwrap())),
            Just(Literal::Null),
        ]
    }

    fn condition() -> impl Strategy<Value = Expression> {
        let field =
            "[a-z_][a-zA-Z0-9_.-]{0,8}".prop_filter_map("a field", |name| FieldName::new(&name));
        let comparison = prop_oneof![
            Just(Comparison::Eq),
            Just(Comparison::Ne),
            Just(Comparison::Gt),
            Just(Comparison::Ge),
            Just(Comparison::Lt),
            Just(Comparison::Le),
        ];
        let list = || proptest::collection::vec(literal(), 1..4);
        let test = prop_oneof![
            (comparison, literal()).prop_map(|(c, value)| Test::Compare(c, value)),
            list().prop_map(Test::In),
            list().prop_map(Test::ContainsAll),
            literal().prop_map(Test::StartsWith),
            literal().prop_map(Test::Contains),
            Just(Test::Present),
            Just(Test::IsNull),
        ];
        (field, test).prop_map(|(field, test)| Expression::Condition(Condition { field, test }))
    }

    fn expression() -> impl Strategy<Value = Expression> {
        condition().prop_recursive(5, 40, 4, |inner| {
            let parts = proptest::collection::vec(inner.clone(), 2..4);
            prop_oneof![
                parts
                    .clone()
                    .prop_map(|parts| Expression::all(parts).unwrap()),
                parts.prop_map(|parts| Expression::any(parts).unwrap()),
                inner.prop_map(|part| Expression::Not(Box::new(part))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_the_same(expression in expression()) {
            let printed = expression.to_string();
            prop_assert_eq!(printed.parse::<Expression>(), Ok(expression), "{}", printed);
        }

        #[test]
        fn no_input_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = String::from_utf8_lossy(&bytes).parse::<Expression>();
        }

        #[test]
        fn no_mix_of_tokens_panics(
            tokens in proptest::collection::vec(
                prop::sample::select(vec![
                    "(", ")", ",", "and", "or", "not", "eq", "in", "pr", "isnull", "name",
                    "\"x\"", "\"", "\\", "1", "-", "2018-01-01", "true", "null", "ä", " ",
                ]),
                0..30,
            )
        ) {
            for source in [tokens.join(" "), tokens.concat()] {
                if let Ok(expression) = source.parse::<Expression>() {
                    prop_assert_eq!(expression.to_string().parse::<Expression>(), Ok(expression));
                }
            }
        }
    }
}
