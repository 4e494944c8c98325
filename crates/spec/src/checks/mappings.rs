//! Checks identity profile mappings: source attributes, target attributes, user name.

use super::subject::Subject;
use crate::code::Code;
use crate::decode::{did_you_mean, one_of};
use crate::finding::{Finding, Findings};
use crate::suggestion::Fix;
use model::{Address, ProfileSpec, SourceName};
use std::collections::HashSet;

/// ISC's own identity attributes. Tenants may add others.
const TARGETS: &[&str] = &[
    "uid",
    "email",
    "firstname",
    "lastname",
    "displayName",
    "phone",
    "workPhone",
    "personalEmail",
    "manager",
    "department",
    "title",
    "location",
    "country",
    "startDate",
    "endDate",
    "identificationNumber",
    "cloudLifecycleState",
    "inactive",
];

/// The attribute that becomes the user name.
const USER_NAME: &str = "uid";

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for (name, source) in subject.managed_sources() {
        let Some(profile) = &source.identity_profile else {
            continue;
        };
        let address = Address::Profile(name.clone());
        let attributes = source.schema_attributes();
        let names: HashSet<&str> = attributes
            .iter()
            .map(|attribute| attribute.name.as_str())
            .collect();
        for (target, from) in &profile.mappings {
            let known = attributes.iter().map(|attribute| attribute.name.as_str());
            if !names.contains(from.as_str())
                && subject.has_whole_attributes(name)
                && let Some(span) = subject.known(&address, &format!("mappings={target}.from"))
            {
                findings.push(
                    Finding::new(
                        Code::UnknownMappingSource,
                        format!("source \"{name}\" has no attribute `{from}`"),
                    )
                    .at(span, "unknown account attribute")
                    .fix(
                        did_you_mean(from.as_str(), known.clone())
                            .map(|meant| Fix::scalar(span, meant)),
                    )
                    .help(match did_you_mean(from.as_str(), known.clone()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("declare it under the source, or use {}", one_of(known)),
                    }),
                );
            }
            target_of(subject, &address, target.as_str(), findings);
        }
        user_name(subject, name, profile, findings);
    }
}

/// A target that is similar to a documented one is probably misspelled; another
/// one is a custom attribute of the tenant.
fn target_of(subject: &Subject<'_>, address: &Address, target: &str, findings: &mut Findings) {
    if TARGETS.contains(&target) {
        return;
    }
    let (Some(meant), Some(span)) = (
        did_you_mean(target, TARGETS.iter().copied()),
        subject.known(address, &format!("mappings={target}")),
    ) else {
        return;
    };
    findings.push(
        Finding::new(
            Code::UnknownMappingTarget,
            format!("ISC does not document the identity attribute `{target}`"),
        )
        .at(span, "undocumented identity attribute")
        .help(format!("did you mean `{meant}`?"))
        .fix(Fix::scalar(span, meant).if_decided()),
    );
}

/// Without a user name ISC creates no identity.
fn user_name(
    subject: &Subject<'_>,
    source: &SourceName,
    profile: &ProfileSpec,
    findings: &mut Findings,
) {
    let address = Address::Profile(source.clone());
    let is_mapped = subject
        .known(&address, &format!("mappings={USER_NAME}"))
        .is_some();
    if is_mapped || !subject.has_whole_mappings(source) {
        return;
    }
    let Some(mappings) = subject.known(&address, "mappings") else {
        return;
    };
    let targets = profile.mappings.keys();
    let first = targets
        .filter_map(|target| subject.known(&address, &format!("mappings={target}")))
        .min();
    findings.push(
        Finding::new(
            Code::NoUserName,
            format!("identity profile has no mapping for `{USER_NAME}`, the user name"),
        )
        .at(mappings, format!("missing mapping for `{USER_NAME}`"))
        .help("add `uid: name`, unless the tenant already has this mapping")
        .fix(first.map(|first| Fix::key_before(first, "uid: name").if_decided())),
    );
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::snippets;

    fn source(mappings: &str) -> String {
        format!(
            "sources: [{{name: S, owner: j, attributes: [{{name: team}}], identityProfile: {{name: P, mappings: {mappings}}}}}]\n"
        )
    }

    #[test]
    fn sources_of_mappings() {
        snippets(
            Code::UnknownMappingSource,
            &[
                (&source("{uid: name, email: e-mail, department: team}"), 0),
                (&source("{uid: nmae, email: email}"), 2),
            ],
        );
    }

    #[test]
    fn targets_of_mappings() {
        snippets(
            Code::UnknownMappingTarget,
            &[
                (&source("{uid: name, costCentre: team}"), 0),
                (&source("{uid: name, firstName: name}"), 1),
                (&source("{uid: name, lastnam: name}"), 1),
            ],
        );
    }

    #[test]
    fn user_names() {
        snippets(
            Code::NoUserName,
            &[
                (&source("{uid: name}"), 0),
                (&source("{email: e-mail}"), 1),
                (
                    "sources: [{name: S, owner: j, identityProfile: {name: P}}]\n",
                    0,
                ),
            ],
        );
    }
}
