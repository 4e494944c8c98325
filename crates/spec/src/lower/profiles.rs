//! Lowers profiles: named defaults, checked once and taken by accounts.

use super::context::Context;
use super::token::Defaults;
use crate::code::Code;
use crate::decode::{List, Text, did_you_mean, one_of};
use crate::finding::Finding;
use crate::raw::RawAccountProfile;
use crate::span::Span;
use crate::suggestion::Fix;
use model::{StoreName, StoreSpec};
use std::collections::{BTreeMap, BTreeSet};

/// A profile that accounts take.
pub(super) struct Profile {
    /// With the defaults of all accounts below.
    pub(super) defaults: Defaults,
    pub(super) user_levels: Option<List<Text>>,
    /// Whether levels are declared that could not be read.
    pub(super) levels_are_doubtful: bool,
    pub(super) attributes: Vec<(Text, Text)>,
    /// Keys that are written in it, could not be read, and are an account's own.
    pub(super) broken: Vec<&'static str>,
}

/// All profiles, by name.
pub(super) struct Profiles {
    by_name: BTreeMap<String, Profile>,
    /// Names of profiles that could not be read.
    lost: BTreeSet<String>,
    /// Whether all names are known.
    complete: bool,
}

/// What an account takes its defaults from.
pub(super) enum Taken<'a> {
    /// The defaults of all accounts.
    Defaults,
    Profile(&'a Profile),
    /// A profile that is not known, which was reported.
    Unknown,
}

impl Profiles {
    pub(super) fn lower(
        profiles: Vec<(Text, RawAccountProfile)>,
        lost: Vec<String>,
        defaults: &Defaults,
        stores: &BTreeMap<StoreName, StoreSpec>,
        context: &mut Context<'_>,
    ) -> Self {
        let mut by_name = BTreeMap::new();
        let mut places: BTreeMap<String, Span> = BTreeMap::new();
        for (name, profile) in profiles {
            if let Some(first) = places.get(&name.value) {
                context.findings.push(
                    Finding::new(
                        Code::DuplicateAccountProfile,
                        format!("profile `{}` is declared twice", name.value),
                    )
                    .at(name.span, format!("`{}` declared again here", name.value))
                    .at(*first, format!("`{}` first declared here", name.value))
                    .help("remove one of the two, or give it another name"),
                );
                continue;
            }
            places.insert(name.value.clone(), name.span);
            let profile = lower(profile, defaults, stores, context);
            by_name.insert(name.value, profile);
        }
        Self {
            by_name,
            lost: lost.into_iter().collect(),
            complete: context.complete.profiles,
        }
    }

    /// What an account takes that names this profile.
    pub(super) fn take(&self, written: Option<&Text>, context: &mut Context<'_>) -> Taken<'_> {
        let Some(name) = written else {
            return Taken::Defaults;
        };
        if let Some(profile) = self.by_name.get(name.as_str()) {
            return Taken::Profile(profile);
        }
        if name.is_known() && self.complete && !self.lost.contains(name.as_str()) {
            let names = self.by_name.keys().map(String::as_str);
            let mut fix = None;
            let help = match did_you_mean(name.as_str(), names.clone()) {
                Some(meant) => {
                    fix = name.instead(meant);
                    format!("did you mean `{meant}`?")
                }
                None if self.by_name.is_empty() => format!(
                    "declare it under `profiles`, such as `profiles: {{{}: {{userLevels: […]}}}}`",
                    name.value
                ),
                None => format!("declare it under `profiles`, or use {}", one_of(names)),
            };
            context.findings.push(
                Finding::new(
                    Code::UnknownAccountProfile,
                    format!("no file declares the profile `{}`", name.value),
                )
                .at(name.span, "undeclared profile")
                .help(help)
                // A profile decides levels and tokens.
                .fix(fix.map(Fix::if_decided))
                .once_for("service account", name.as_str()),
            );
        }
        Taken::Unknown
    }
}

fn lower(
    profile: RawAccountProfile,
    defaults: &Defaults,
    stores: &BTreeMap<StoreName, StoreSpec>,
    context: &mut Context<'_>,
) -> Profile {
    let RawAccountProfile {
        head: _,
        broken,
        issuer,
        token,
        user_levels,
        attributes,
    } = profile;
    Profile {
        defaults: defaults.with(issuer, token, &broken, stores, context),
        user_levels: user_levels.map(|list| distinct(list, context)),
        levels_are_doubtful: broken.contains(&"userLevels"),
        attributes: attributes.map_or_else(Vec::new, |named| named.entries),
        broken,
    }
}

/// The levels, each once: one that is repeated is reported here, not for each account.
fn distinct(list: List<Text>, context: &mut Context<'_>) -> List<Text> {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let List {
        items,
        head,
        complete,
    } = list;
    let items = items
        .into_iter()
        .filter(|level| {
            let Some(earlier) = first.get(&level.value) else {
                first.insert(level.value.clone(), level.span);
                return true;
            };
            context.findings.push(
                Finding::new(
                    Code::RepeatedItem,
                    format!("`userLevels` lists `{}` twice", level.value),
                )
                .at(level.span, format!("`{}` listed again here", level.value))
                .at(*earlier, format!("`{}` first listed here", level.value))
                .help("remove one of the two")
                .fix(Fix::without(level.span)),
            );
            false
        })
        .collect();
    List {
        items,
        head,
        complete,
    }
}
