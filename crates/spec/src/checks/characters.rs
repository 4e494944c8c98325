//! Reports characters that a reader does not see, or takes for others.

use super::cells::{Cell, cells};
use super::each::Each;
use super::subject::{Owned, Subject, address_of};
use crate::characters::{beyond_bmp, unseen};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use crate::suggestion::Fix;
use model::{AccountSpec, Address, composed};

pub(super) struct Characters;

impl<'a> Each<'a> for Characters {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        findings: &mut Findings,
    ) {
        let place = |field: &str| subject.known(&address_of(account), field);
        match &account.row {
            None => of_name(account.name.as_str(), || place("account"), findings),
            Some(row) => {
                for (cell, text) in cells(row).filter(|(_, text)| !text.is_ascii()) {
                    let place = || place(&cell.field());
                    match cell {
                        Cell::Key("id" | "name" | "email") => of_name(text, place, findings),
                        Cell::Key(_) | Cell::Attribute(_) => of_text(text, place, findings),
                    }
                    of_cell(text, place, findings);
                }
            }
        }
        for level in account.user_levels.iter().flatten() {
            let place = || subject.level(account, level);
            of_name(level.as_str(), place, findings);
        }
    }

    fn token(&mut self, subject: &Subject<'a>, owned: &Owned<'a>, findings: &mut Findings) {
        let place = |field: &str| subject.known(&owned.address(), field);
        let token = owned.token;
        // One that is declared again has to be renamed anyway.
        if !owned.is_renamed {
            of_name(token.name.as_str(), || place("name"), findings);
        }
        of_name(&token.deliver.key, || place("deliver"), findings);
        for scope in owned.written_scopes() {
            of_name(scope, || place(&format!("scopes={scope}")), findings);
        }
    }
}

/// Looks at the names of sources.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for source in subject.spec().sources.keys() {
        let address = Address::Source(source.clone());
        let place = || subject.known(&address, "name");
        of_name(source.as_str(), place, findings);
    }
}

/// A name, which has to be the same as another text, or is compared with others.
fn of_name(text: &str, place: impl FnOnce() -> Option<Span>, findings: &mut Findings) {
    let Some(odd) = unseen(text) else { return };
    let Some(span) = place() else { return };
    findings.push(
        Finding::new(
            Code::HiddenCharacter,
            format!(
                "`{}` contains {}, which {}",
                text.escape_debug(),
                odd.name,
                odd.why
            ),
        )
        .at(span, format!("contains {}", odd.name))
        .help(format!("type `{}` instead", odd.instead.escape_debug()))
        // An applied account would get another name or id.
        .fix(Fix::scalar(span, odd.instead).if_decided()),
    );
}

/// A text for people, in which a character of another alphabet may be meant.
fn of_text(text: &str, place: impl FnOnce() -> Option<Span>, findings: &mut Findings) {
    let odd = unseen(text).filter(|odd| odd.why == "is not visible");
    let Some(odd) = odd else { return };
    let Some(span) = place() else { return };
    findings.push(
        Finding::new(
            Code::UnusualText,
            format!(
                "text for the CSV import contains {}, which {}",
                odd.name, odd.why
            ),
        )
        .at(span, format!("contains {}", odd.name))
        .help("delete it and type a plain space or nothing"),
    );
}

/// A cell of the CSV import, for which some characters are a risk.
fn of_cell(text: &str, place: impl FnOnce() -> Option<Span>, findings: &mut Findings) {
    if let Some(beyond) = beyond_bmp(text) {
        let Some(span) = place() else { return };
        findings.push(
            Finding::new(
                Code::UnusualText,
                format!("text for the CSV import contains {beyond}, which is beyond the Basic Multilingual Plane"),
            )
            .at(span, format!("contains {beyond}"))
            .help("replace it: some tenants cannot import a row with such a character"),
        );
    } else if let Some(composed) = composed(text) {
        let Some(span) = place() else { return };
        findings.push(
            Finding::new(
                Code::UnusualText,
                "text for the CSV import contains a letter with its accent as a second character",
            )
            .at(span, "decomposed letter")
            .help(format!(
                "type `{composed}` with composed letters: ISC does not take the two forms for the same"
            ))
            .fix(Fix::scalar(span, composed.as_str()).if_decided()),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::{account, accounts, snippets};

    #[test]
    fn tenants_09_names_are_what_they_look_like() {
        let token =
            |name: &str, scope: &str| format!("tokens: [{{name: {name}, scopes: [\"{scope}\"]}}]");
        accounts(
            Code::HiddenCharacter,
            &[
                (&token("report", "sp:report:read"), 0),
                (&token("re\u{200b}port", "sp:report:read"), 1),
                (&token("report", "sp:rep\u{43e}rt:read"), 1),
                ("userLevels: [REPORT\u{2060}_ADMIN]", 1),
            ],
        );
        snippets(
            Code::HiddenCharacter,
            &[
                (&account("").replace("audit", "\u{430}udit"), 1),
                (&account("").replace("audit", "jürgen"), 0),
                (&account("").replace("a@example", "\u{430}@example"), 1),
            ],
        );
    }

    #[test]
    fn tenants_09_cells_with_unusual_characters_are_a_warning() {
        snippets(
            Code::UnusualText,
            &[
                (
                    &account("").replace("purpose: p", "purpose: \"p\u{1f512}\""),
                    1,
                ),
                (
                    &account("").replace("purpose: p", "purpose: \"p\u{200b}x\""),
                    1,
                ),
                (
                    &account("").replace("purpose: p", "purpose: \"e\u{301}t\u{e9}\""),
                    1,
                ),
                (
                    &account("").replace("purpose: p", "purpose: \"\u{e9}t\u{e9} – Ärger\""),
                    0,
                ),
            ],
        );
    }
}
