//! Reports characters that a reader does not see, or takes for others.

use super::subject::Subject;
use crate::characters::{beyond_bmp, unseen};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use crate::suggestion::Fix;
use model::{AccountRow, Address, composed};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for (account, address) in subject.accounts() {
        if let Some(row) = &account.row {
            row_of(subject, row, &address, findings);
        } else {
            name(
                subject,
                account.name.as_str(),
                &address,
                "account",
                findings,
            );
        }
        for level in account.user_levels.iter().flatten() {
            let field = format!("userLevels={level}");
            name(subject, level.as_str(), &address, &field, findings);
        }
    }
    for owned in subject.tokens() {
        let (token, address) = (owned.token, &owned.address);
        name(subject, token.name.as_str(), address, "name", findings);
        name(subject, &token.deliver.key, address, "deliver", findings);
        for scope in owned.written_scopes() {
            name(
                subject,
                scope,
                address,
                &format!("scopes={scope}"),
                findings,
            );
        }
    }
    for source in subject.spec().sources.keys() {
        let address = Address::Source(source.clone());
        name(subject, source.as_str(), &address, "name", findings);
    }
}

fn row_of(subject: &Subject<'_>, row: &AccountRow, address: &Address, findings: &mut Findings) {
    let AccountRow {
        id,
        name: account_name,
        email,
        purpose,
        attributes,
    } = row;
    for (field, text) in [
        ("id", id.as_str()),
        ("name", account_name.as_str()),
        ("email", email.as_str()),
    ] {
        name(subject, text, address, field, findings);
        cell(subject, text, address, field, findings);
    }
    let further = attributes
        .iter()
        .map(|(name, text)| (format!("attributes={name}.value"), text.as_str()));
    for (field, text) in [("purpose".to_owned(), purpose.as_str())]
        .into_iter()
        .chain(further)
    {
        if let Some(odd) = unseen(text).filter(|odd| odd.why == "is not visible") {
            warn(subject, address, &field, findings, |span| {
                Finding::new(
                    Code::UnusualText,
                    format!(
                        "text for the CSV import contains {}, which {}",
                        odd.name, odd.why
                    ),
                )
                .at(span, format!("contains {}", odd.name))
                .help("delete it and type a plain space or nothing")
            });
        }
        cell(subject, text, address, &field, findings);
    }
}

/// A name, which has to be the same as another text, or is compared with others.
fn name(
    subject: &Subject<'_>,
    text: &str,
    address: &Address,
    field: &str,
    findings: &mut Findings,
) {
    let Some(odd) = unseen(text) else { return };
    warn(subject, address, field, findings, |span| {
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
        .fix(Fix::scalar(span, odd.instead).if_decided())
    });
}

/// A cell of the CSV import, for which some characters are a risk.
fn cell(
    subject: &Subject<'_>,
    text: &str,
    address: &Address,
    field: &str,
    findings: &mut Findings,
) {
    if let Some(beyond) = beyond_bmp(text) {
        warn(subject, address, field, findings, |span| {
            Finding::new(
                Code::UnusualText,
                format!("text for the CSV import contains {beyond}, which is beyond the Basic Multilingual Plane"),
            )
            .at(span, format!("contains {beyond}"))
            .help("replace it: some tenants cannot import a row with such a character")
        });
    } else if let Some(composed) = composed(text) {
        warn(subject, address, field, findings, |span| {
            Finding::new(
                Code::UnusualText,
                "text for the CSV import contains a letter with its accent as a second character"
                    .to_owned(),
            )
            .at(span, "decomposed letter")
            .help(format!(
                "type `{composed}` with composed letters: ISC does not take the two forms for the same"
            ))
            .fix(Fix::scalar(span, composed.as_str()).if_decided())
        });
    }
}

fn warn(
    subject: &Subject<'_>,
    address: &Address,
    field: &str,
    findings: &mut Findings,
    finding: impl FnOnce(Span) -> Finding,
) {
    if let Some(span) = subject.known(address, field) {
        findings.push(finding(span));
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
