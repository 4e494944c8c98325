//! Merges the documents of all files into one.

use crate::code::Code;
use crate::decode::{List, Named, Section, Text};
use crate::finding::{Finding, Findings};
use crate::raw::{
    RawAccountProfile, RawAccounts, RawDefaults, RawDocument, RawPolicy, RawReceiver, RawSource,
    RawStore, RawTenant, RawVariables, Version,
};
use crate::span::Span;

/// All files together.
#[derive(Debug)]
pub(crate) struct Merged {
    pub(crate) tenant: Option<RawTenant>,
    pub(crate) policy: Option<RawPolicy>,
    pub(crate) notify: Option<List<RawReceiver>>,
    pub(crate) defaults: Option<RawDefaults>,
    pub(crate) sources: Vec<RawSource>,
    pub(crate) stores: Vec<(Text, RawStore)>,
    /// The names of stores that could not be read.
    pub(crate) lost_stores: Vec<String>,
    pub(crate) profiles: Vec<(Text, RawAccountProfile)>,
    /// The names of profiles that could not be read.
    pub(crate) lost_profiles: Vec<String>,
    /// Those of each file. One list of all would need the memory twice.
    pub(crate) accounts: Vec<RawAccounts>,
    /// Whether every source, the names of all stores and the defaults could be read,
    /// so that one that is not there was not declared.
    pub(crate) complete: Complete,
}

/// Which parts could be read in full.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each section is read in full or not, whatever the others are"
)]
pub(crate) struct Complete {
    pub(crate) sources: bool,
    pub(crate) stores: bool,
    pub(crate) profiles: bool,
    pub(crate) defaults: bool,
}

/// Joins the files. One that could not be read at all is None.
pub(crate) fn merge(documents: Vec<Option<RawDocument>>, findings: &mut Findings) -> Merged {
    let mut tenants = Vec::new();
    let mut variables: Vec<Section<RawVariables>> = Vec::new();
    let mut policies = Vec::new();
    let mut notify = Vec::new();
    let mut defaults = Vec::new();
    let mut merged = Merged {
        tenant: None,
        policy: None,
        notify: None,
        defaults: None,
        sources: Vec::new(),
        stores: Vec::new(),
        lost_stores: Vec::new(),
        profiles: Vec::new(),
        lost_profiles: Vec::new(),
        accounts: Vec::new(),
        complete: Complete {
            sources: true,
            stores: true,
            profiles: true,
            defaults: true,
        },
    };
    for document in documents {
        let Some(document) = document else {
            merged.complete = Complete {
                sources: false,
                stores: false,
                profiles: false,
                defaults: false,
            };
            continue;
        };
        let RawDocument {
            head: _,
            broken,
            steersman,
            tenant,
            variables: these_variables,
            notify: these_receivers,
            sources,
            stores,
            defaults: these_defaults,
            profiles,
            policy,
            service_accounts,
        } = document;
        // A later version of the language will be read in another way from here on.
        match steersman.0.map(|version| version.value) {
            Some(Version::V1) | None => {}
        }
        // A misspelled section still declares something.
        merged.complete.sources &= !broken.contains(&"sources");
        merged.complete.stores &= !broken.contains(&"stores");
        merged.complete.profiles &= !broken.contains(&"profiles");
        merged.complete.defaults &= !broken.contains(&"defaults");
        tenants.extend(tenant);
        variables.extend(these_variables);
        policies.extend(policy);
        notify.extend(these_receivers);
        if let Some(section) = these_defaults {
            merged.complete.defaults &= section.content.is_some();
            defaults.push(section);
        }
        if let Some(Section { content, .. }) = sources {
            let (items, complete) = content.map_or_else(Default::default, |list: List<_>| {
                (list.items, list.complete)
            });
            merged.sources.extend(items);
            merged.complete.sources &= complete;
        }
        if let Some(Section { content, .. }) = stores {
            let (entries, lost, complete) = entries(content);
            merged.stores.extend(entries);
            merged.lost_stores.extend(lost);
            merged.complete.stores &= complete;
        }
        if let Some(Section { content, .. }) = profiles {
            let (entries, lost, complete) = entries(content);
            merged.profiles.extend(entries);
            merged.lost_profiles.extend(lost);
            merged.complete.profiles &= complete;
        }
        if let Some(Section {
            content: Some(list),
            ..
        }) = service_accounts
        {
            merged.accounts.push(list.items);
        }
    }
    merged.tenant = only("tenant", tenants, findings);
    // Their values were put in already.
    only("variables", variables, findings);
    merged.policy = only("policy", policies, findings);
    merged.notify = only("notify", notify, findings);
    // Which of them count is not known.
    merged.complete.defaults &= defaults.len() < 2;
    merged.defaults = only("defaults", defaults, findings);
    merged
}

/// The entries of a mapping of names, the names of those that could not be read, and
/// whether these are all names.
fn entries<T>(content: Option<Named<T>>) -> (Vec<(Text, T)>, Vec<String>, bool) {
    content.map_or_else(Default::default, |named| {
        let all_named = named.entries.len() + named.lost.len() == named.written;
        (named.entries, named.lost, all_named)
    })
}

/// The one section of its kind; a second one is reported with both places.
fn only<T>(name: &str, sections: Vec<Section<T>>, findings: &mut Findings) -> Option<T> {
    let mut first: Option<Span> = None;
    let mut only = None;
    for section in sections {
        if let Some(first) = first {
            findings.push(
                Finding::new(
                    Code::SectionTwice,
                    format!("`{name}` is declared in more than one file"),
                )
                .at(section.head, format!("`{name}` declared again here"))
                .at(first, format!("`{name}` first declared here"))
                .help(match name {
                    "defaults" => "move the keys of both into one `defaults`; defaults of some accounts, put under `profiles`".to_owned(),
                    _ => format!("keep one `{name}`, or pass only the files that belong together"),
                }),
            );
        } else {
            first = Some(section.head);
            only = section.content;
        }
    }
    only
}
