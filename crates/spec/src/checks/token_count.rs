//! Tokens fit into the ten that ISC allows one user, the issuer and those that
//! a rotation keeps for a while included.

use super::subject::Subject;
use crate::code::Code;
use crate::diagnostic::{Finding, Findings};
use model::TokenSpec;

/// ISC's limit for one user.
const MOST: usize = model::TOKEN_LIMIT;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for (account, address) in subject.accounts() {
        let Some(tokens) = account.tokens.as_ref().filter(|tokens| !tokens.is_empty()) else {
            continue;
        };
        let Some(span) = subject.known(&address, "tokens") else {
            continue;
        };
        let issuer = usize::from(account.issuer.is_some());
        let rotated = tokens.values().filter(|token| is_rotated(token)).count();
        let lasting = tokens.len() + issuer;
        // One free place is enough to rotate one token after the other.
        let least = lasting + usize::from(rotated > 0);
        let peak = lasting + rotated;
        let with_issuer = if issuer > 0 { " and the issuer" } else { "" };
        if least > MOST {
            let rotating = if rotated > 0 {
                ", and a rotation needs a place of its own"
            } else {
                ""
            };
            findings.push(
                Finding::new(
                    Code::TooManyTokens,
                    format!(
                        "`{}` has {} tokens{with_issuer}{rotating}: {least}, and ISC allows {MOST}",
                        account.key,
                        tokens.len()
                    ),
                )
                .at(span, "too many")
                .help(
                    "split the work over two service accounts, or let integrations share a token",
                ),
            );
        } else if peak > MOST {
            findings.push(
                Finding::new(
                    Code::RotationPeak,
                    format!(
                        "`{}` would have {peak} tokens if all {rotated} were rotated at once, and ISC allows {MOST}",
                        account.key
                    ),
                )
                .at(span, "rotations will wait for each other")
                .help("give tokens different lives, make `overlap` short, or split the work over two accounts"),
            );
        }
    }
}

fn is_rotated(token: &TokenSpec) -> bool {
    token.rotate.is_some()
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::accounts;
    use crate::code::Code;

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
