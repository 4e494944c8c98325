//! Enforces ISC's limit of tokens per user, with the issuer token and rotations.

use super::each::Each;
use super::subject::{Subject, address_of};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use model::{AccountSpec, TOKEN_LIMIT, TokenSpec};

pub(super) struct TokenCount;

impl<'a> Each<'a> for TokenCount {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        findings: &mut Findings,
    ) {
        let Some(tokens) = account.tokens.as_ref().filter(|tokens| !tokens.is_empty()) else {
            return;
        };
        let issuer = usize::from(account.issuer.is_some());
        let rotated = tokens.values().filter(|token| is_rotated(token)).count();
        let lasting = tokens.len() + issuer;
        // One free place is enough to rotate one token after the other.
        let least = lasting + usize::from(rotated > 0);
        let peak = lasting + rotated;
        if least.max(peak) <= TOKEN_LIMIT {
            return;
        }
        let Some(span) = subject.known(&address_of(account), "tokens") else {
            return;
        };
        if least > TOKEN_LIMIT {
            let declared = tokens.len();
            let issuer = if issuer > 0 { ", 1 issuer token" } else { "" };
            let rotation = if rotated > 0 { ", 1 for rotation" } else { "" };
            findings.push(
                Finding::new(
                    Code::TooManyTokens,
                    format!(
                        "service account `{}` needs {least} tokens ({declared} declared{issuer}{rotation}), limit {TOKEN_LIMIT}",
                        account.key
                    ),
                )
                .at(span, format!("more tokens than ISC's limit of {TOKEN_LIMIT}"))
                .help(
                    "split the work between two service accounts, or let integrations share a token",
                ),
            );
        } else {
            findings.push(
                Finding::new(
                    Code::RotationPeak,
                    format!(
                        "service account `{}` has {peak} tokens while all {rotated} rotate at once, limit {TOKEN_LIMIT}",
                        account.key
                    ),
                )
                .at(span, "rotations must wait for each other")
                .help("vary `expires`, shorten `overlap`, or split the work between two service accounts"),
            );
        }
    }
}

fn is_rotated(token: &TokenSpec) -> bool {
    token.rotate.is_some()
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::accounts;

    /// So many tokens, the first of which are rotated.
    fn tokens(number: usize, rotated: usize) -> String {
        let tokens: Vec<String> = (0..number)
            .map(|index| {
                let rotate = if index < rotated {
                    ", rotate: {before: 14d}"
                } else {
                    ""
                };
                format!("{{name: t{index}, scopes: [sp:report:read]{rotate}}}")
            })
            .collect();
        format!("tokens: [{}]", tokens.join(", "))
    }

    #[test]
    fn too_many() {
        accounts(
            Code::TooManyTokens,
            &[
                (&tokens(9, 0), 0),
                (&tokens(10, 0), 1),
                (&tokens(8, 8), 0),
                (&tokens(9, 1), 1),
                ("tokens: []", 0),
            ],
        );
    }

    #[test]
    fn too_many_at_once() {
        accounts(
            Code::RotationPeak,
            &[
                (&tokens(4, 4), 0),
                (&tokens(5, 5), 1),
                (&tokens(8, 1), 0),
                (&tokens(8, 2), 1),
                (&tokens(9, 1), 0),
            ],
        );
    }
}
