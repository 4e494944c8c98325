//! Rejects account attributes that the source does not declare.

use super::subject::Subject;
use crate::code::Code;
use crate::decode::{did_you_mean, one_of};
use crate::finding::{Finding, Findings};
use crate::suggestion::Fix;
use model::{AccountAttribute, ManagedSource, SourceName};
use std::collections::{HashMap, HashSet};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let declared: HashMap<&SourceName, HashSet<&AccountAttribute>> = subject
        .managed_sources()
        .map(|(name, source)| {
            let names = source.attributes.iter().map(|attribute| &attribute.name);
            (name, names.collect())
        })
        .collect();
    for (account, address) in subject.accounts() {
        let (Some(row), Some(source)) = (&account.row, subject.spec().sources.get(&account.source))
        else {
            continue;
        };
        let Some(source) = source.managed() else {
            continue;
        };
        if !subject.has_whole_attributes(&account.source) {
            continue;
        }
        for name in row.attributes.keys() {
            if declared
                .get(&account.source)
                .is_some_and(|known| known.contains(name))
            {
                continue;
            }
            let Some(span) = subject.known(&address, &format!("attributes={name}")) else {
                continue;
            };
            findings.push_with(Code::UnknownAttribute, || {
                let known = source.attributes.iter().map(|known| known.name.as_str());
                let is_guides = ManagedSource::GUIDE_ATTRIBUTES
                    .iter()
                    .any(|(guide, _)| *guide == name.as_str());
                let meant = did_you_mean(name.as_str(), known.clone()).filter(|_| !is_guides);
                let help = match did_you_mean(name.as_str(), known.clone()) {
                    _ if is_guides => format!("write `{name}` as a key of the account itself"),
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None if source.attributes.is_empty() => {
                        format!("declare it under the source: `attributes: [{{name: {name}}}]`")
                    }
                    None => format!("declare it under the source, or use {}", one_of(known)),
                };
                Finding::new(
                    Code::UnknownAttribute,
                    format!("source \"{}\" has no attribute `{name}`", account.source),
                )
                .at(span, "unknown attribute")
                .help(help)
                .fix(meant.map(|meant| Fix::scalar(span, meant).if_decided()))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::accounts;

    #[test]
    fn table() {
        accounts(
            Code::UnknownAttribute,
            &[
                ("attributes: {team: iam}", 0),
                ("attributes: {}", 0),
                ("attributes: {taem: iam}", 1),
                ("attributes: {owner: a, cost: b}", 2),
                ("attributes: {purpose: a}", 1),
            ],
        );
    }
}
