//! Tokens that expire and that nothing replaces.

use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use crate::words::duration;
use jiff::SignedDuration;
use model::TokenName;
use std::collections::BTreeMap;

/// Tokens that expire although no file says whether they are rotated, by where their
/// lifetime is written. Many tokens have it from one place, which is reported once.
#[derive(Debug, Default)]
pub(crate) struct Ends(BTreeMap<Option<Span>, End>);

#[derive(Debug)]
struct End {
    /// The first token, where it is written, and how long it is valid.
    token: TokenName,
    place: Span,
    life: SignedDuration,
    /// How many tokens.
    count: usize,
}

impl Ends {
    /// Notes a token. `at` is where its lifetime is written; none where no file writes it.
    pub(super) fn note(
        &mut self,
        at: Option<Span>,
        place: Span,
        token: &TokenName,
        life: SignedDuration,
    ) {
        let end = self.0.entry(at).or_insert_with(|| End {
            token: token.clone(),
            place,
            life,
            count: 0,
        });
        end.count += 1;
    }

    pub(crate) fn report(self, findings: &mut Findings) {
        for (at, end) in self.0 {
            let End {
                token,
                place,
                life,
                count,
            } = end;
            let life = duration(life);
            let message = match count {
                1 => format!("token `{token}` expires after {life}, and nothing replaces it"),
                _ => format!("{count} tokens expire after {life}, and nothing replaces them"),
            };
            let (span, label) = match at {
                Some(span) => (span, "no `rotate` beside it".to_owned()),
                None => (place, format!("no `expires`, so {life}; and no `rotate`")),
            };
            findings.push(
                Finding::new(Code::EndsForGood, message)
                    .at(span, label)
                    .help("add `rotate: {before: 20%}` to the token or to `defaults.token`; or `rotate: never`, if it is to end"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::accounts;

    #[test]
    fn tokens_5_a_token_that_ends_for_good_is_reported() {
        let token = |keys: &str| format!("tokens: [{{name: t, scopes: [sp:report:read]{keys}}}]");
        accounts(
            Code::EndsForGood,
            &[
                (&token(", expires: 90d, rotate: {before: 14d}"), 0),
                (&token(", expires: 90d"), 1),
                // ISC ends it, whether or not a file says when.
                (&token(""), 1),
                (&token(", expires: never"), 0),
                // The file says that it is to end.
                (&token(", expires: 90d, rotate: never"), 0),
            ],
        );
    }
}
