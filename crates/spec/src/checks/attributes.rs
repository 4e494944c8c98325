//! Rejects account attributes that the source does not declare.

use super::each::Each;
use super::subject::{Subject, address_of};
use crate::code::Code;
use crate::decode::{did_you_mean, one_of};
use crate::finding::{Finding, Findings};
use crate::suggestion::Fix;
use model::{AccountAttribute, AccountSpec, ManagedSource, SourceName};
use std::collections::{HashMap, HashSet};

/// The attributes that each source declares.
pub(super) struct Attributes<'a> {
    declared: HashMap<&'a SourceName, HashSet<&'a AccountAttribute>>,
}

impl<'a> Attributes<'a> {
    pub(super) fn of(subject: &Subject<'a>) -> Self {
        let declared = subject.managed_sources().map(|(name, source)| {
            let names = source.attributes.iter().map(|attribute| &attribute.name);
            (name, names.collect())
        });
        Self {
            declared: declared.collect(),
        }
    }
}

impl<'a> Each<'a> for Attributes<'a> {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        findings: &mut Findings,
    ) {
        let Some(row) = account
            .row
            .as_ref()
            .filter(|row| !row.attributes.is_empty())
        else {
            return;
        };
        let Some(source) = subject.spec().sources.get(&account.source) else {
            return;
        };
        let Some(source) = source.managed() else {
            return;
        };
        if !subject.has_whole_attributes(&account.source) {
            return;
        }
        for name in row.attributes.keys() {
            if self
                .declared
                .get(&account.source)
                .is_some_and(|known| known.contains(name))
            {
                continue;
            }
            let Some(span) = subject.known(&address_of(account), &format!("attributes={name}"))
            else {
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
