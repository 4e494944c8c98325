//! Reports unknown, implied and ignored scopes.

use super::each::Each;
use super::subject::{Owned, Subject};
use crate::characters::unseen;
use crate::code::Code;
use crate::decode::one_of;
use crate::finding::{Finding, Findings};
use crate::suggestion::Fix;

pub(super) struct Scopes;

impl<'a> Each<'a> for Scopes {
    fn token(&mut self, subject: &Subject<'a>, owned: &Owned<'a>, findings: &mut Findings) {
        let scopes: Vec<&str> = owned.written_scopes().collect();
        for scope in &scopes {
            unknown(subject, owned, scope, findings);
        }
        if scopes.len() < 2 {
            return;
        }
        for implied in catalog::implied_scopes(&scopes) {
            let (Some(scope), Some(by)) = (scopes.get(implied.scope), scopes.get(implied.by))
            else {
                continue;
            };
            let (Some(span), Some(by_span)) =
                (subject.scope(owned, scope), subject.scope(owned, by))
            else {
                continue;
            };
            findings.push(
                Finding::new(
                    Code::ImpliedScope,
                    format!("scope `{scope}` adds nothing to `{by}`"),
                )
                .at(span, format!("included in `{by}`"))
                .at(by_span, format!("includes `{scope}`"))
                .help(format!("remove `{scope}`"))
                .fix(Fix::without(span)),
            );
        }
        for ignored in catalog::ignored_beside_all(&scopes) {
            let Some(scope) = scopes.get(ignored) else {
                continue;
            };
            let Some(span) = subject.scope(owned, scope) else {
                continue;
            };
            findings.push(
                Finding::new(
                    Code::IgnoredScope,
                    format!(
                        "ISC ignores the scope `{scope}` because of `{}`",
                        catalog::SCOPE_ALL
                    ),
                )
                .at(span, format!("no effect next to `{}`", catalog::SCOPE_ALL))
                .help(format!(
                    "remove `{}` to restrict the token, or remove this scope",
                    catalog::SCOPE_ALL
                )),
            );
        }
    }
}

/// Whether a text is several scopes that are separated by spaces only.
fn are_several(text: &str) -> bool {
    let mut words = text.split_whitespace();
    text.contains(char::is_whitespace) && words.all(catalog::known_scope)
}

fn unknown(subject: &Subject<'_>, owned: &Owned<'_>, scope: &str, findings: &mut Findings) {
    // A scope with a character that is not what it seems is reported for that.
    if catalog::known_scope(scope)
        || (unseen(scope).is_some() && !findings.allows(Code::HiddenCharacter))
    {
        return;
    }
    let Some(span) = subject.scope(owned, scope) else {
        return;
    };
    findings.push_with(Code::UnknownScope, || {
        let meant = catalog::suggest_scope(scope);
        let only = match meant.as_slice() {
            // No misspelling gives everything.
            [only] if *only != catalog::SCOPE_ALL => Some(*only),
            _ => None,
        };
        Finding::new(
            Code::UnknownScope,
            format!("unknown scope `{}`", scope.escape_debug()),
        )
        .at(span, "ISC accepts this scope, but it allows no calls")
        .help(if are_several(scope) {
            "separate scopes by commas, or write each on a line of its own after `- `".to_owned()
        } else if meant.is_empty() {
            "run `steersman scopes for CALL` to find the scope of a call, or declare `calls`"
                .to_owned()
        } else {
            format!("did you mean {}?", one_of(meant))
        })
        .fix(only.map(|only| Fix::scalar(span, only).if_decided()))
    });
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::load::{Options, load};
    use crate::source::SourceFile;
    use crate::testing::{account, accounts};

    #[test]
    fn unknown_scopes() {
        accounts(
            Code::UnknownScope,
            &[
                ("tokens: [{name: t, scopes: [sp:search:read]}]", 0),
                ("tokens: [{name: t, scopes: [sp:scopes:all]}]", 0),
                ("tokens: [{name: t, calls: [POST /search/v1]}]", 0),
                ("tokens: [{name: t, scopes: [sp:serach:read, nonsense]}]", 2),
            ],
        );
    }

    #[test]
    fn no_fix_gives_all_scopes() {
        for (scope, is_fixed) in [("sp:serach:read", true), ("sp:scopes:al", false)] {
            let keys = format!("tokens: [{{name: t, scopes: [{scope}]}}]");
            let file = SourceFile {
                path: "spec.yaml".into(),
                bytes: format!("steersman: v1\n{}", account(&keys)).into_bytes(),
            };
            let loaded = load(vec![file], &Options::default());
            let mut found = loaded.diagnostics.iter();
            let unknown = found.find(|it| it.code == Code::UnknownScope).unwrap();
            assert_eq!(unknown.suggestion.is_some(), is_fixed, "{scope}");
        }
    }

    #[test]
    fn implied_scopes() {
        accounts(
            Code::ImpliedScope,
            &[
                (
                    "tokens: [{name: t, scopes: [sp:search:read, sp:report:read]}]",
                    0,
                ),
                (
                    "tokens: [{name: t, scopes: [idn:accounts:read, idn:accounts:manage]}]",
                    usize::from(
                        catalog::scopes_implied_by("idn:accounts:manage")
                            .contains(&"idn:accounts:read"),
                    ),
                ),
                (
                    "tokens: [{name: t, scopes: [idn:sources:read, idn:sources:manage]}]",
                    usize::from(
                        catalog::scopes_implied_by("idn:sources:manage")
                            .contains(&"idn:sources:read"),
                    ),
                ),
            ],
        );
    }

    #[test]
    fn ignored_scopes() {
        accounts(
            Code::IgnoredScope,
            &[
                ("tokens: [{name: t, scopes: [sp:scopes:all]}]", 0),
                (
                    "tokens: [{name: t, scopes: [sp:scopes:all, sp:search:read, sp:report:read]}]",
                    2,
                ),
            ],
        );
    }
}
