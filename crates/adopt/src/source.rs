//! Declares a source as managed, or as unmanaged with the reason.

use crate::error::{AdoptError, Reason};
use crate::owner::named;
use crate::profile;
use crate::schema::attributes;
use crate::source_part::SourcePart;
use crate::trial::Trial;
use model::{
    AttributeSpec, Live, LiveSource, ManagedSource, Percent, SourceSpec, UnmanagedAccounts,
};

/// A declared source, with notes for its comments.
pub(crate) struct ChosenSource {
    pub(crate) spec: SourceSpec,
    pub(crate) notes: Vec<String>,
}

/// Declares the source as managed where that changes nothing, else as one whose
/// accounts another system creates.
pub(crate) fn choose(
    trial: &Trial<'_>,
    live: &Live,
    source: &LiveSource,
) -> Result<ChosenSource, AdoptError> {
    let mut notes = Vec::new();
    let spec = match managed(trial, live, source, &mut notes)? {
        Some(managed) => SourceSpec::Managed(managed),
        None => SourceSpec::Unmanaged,
    };
    trial
        .try_source(&spec)
        .map_err(|reason| AdoptError::Undeclarable {
            source_name: source.name.clone(),
            why: reason.text,
        })?;
    Ok(ChosenSource { spec, notes })
}

fn managed(
    trial: &Trial<'_>,
    live: &Live,
    source: &LiveSource,
    notes: &mut Vec<String>,
) -> Result<Option<ManagedSource>, AdoptError> {
    if source.kind != LiveSource::DELIMITED_FILE {
        notes.push(format!(
            "A source of type {}: another system creates its accounts. steersman manages only their user levels and tokens.",
            source.kind
        ));
        return Ok(None);
    }
    let attributes = match source.schema.found().as_ref().map(attributes) {
        Some(Ok(attributes)) => attributes,
        Some(Err(reasons)) => {
            not_managed(notes, &reasons.join("; "));
            return Ok(None);
        }
        None => {
            not_managed(notes, "it has no account schema");
            return Ok(None);
        }
    };
    let owner = source
        .owner
        .as_ref()
        .and_then(|owner| named(live, owner))
        .ok_or_else(|| AdoptError::NoOwner(source.name.clone()))?;
    let bare = ManagedSource {
        owner,
        description: None,
        delete_threshold: None,
        attributes: attributes
            .iter()
            .map(|attribute| AttributeSpec {
                name: attribute.name.clone(),
                description: None,
            })
            .collect(),
        unmanaged: UnmanagedAccounts::Keep,
        identity_profile: None,
    };
    if let Err(reason) = trial.try_source(&SourceSpec::Managed(bare.clone())) {
        not_managed(notes, &reason.text);
        return Ok(None);
    }
    let mut parts = Vec::new();
    if let Some(description) = &source.description {
        parts.push(SourcePart::Description(description.clone()));
    }
    parts.extend(threshold(source, notes).map(SourcePart::DeleteThreshold));
    parts.extend(
        attributes
            .into_iter()
            .filter(|attribute| attribute.description.is_some())
            .map(SourcePart::AttributeDescription),
    );
    if let Some(profile) = source.profile.found() {
        profile::parts(&mut parts, live, source, profile, notes);
    }
    Ok(Some(with_parts(trial, bare, &parts, notes)))
}

fn not_managed(notes: &mut Vec<String>, why: &str) {
    notes.push(format!(
        "Not managed, because managing it would change it: {why}. To manage it anyway, remove `managed: false`, declare an owner and its accounts with id, name, email and purpose, and review the plan."
    ));
}

/// The source with every part that its trial accepts.
fn with_parts(
    trial: &Trial<'_>,
    bare: ManagedSource,
    parts: &[SourcePart],
    notes: &mut Vec<String>,
) -> ManagedSource {
    let mut whole = bare.clone();
    for part in parts {
        part.add(&mut whole);
    }
    if trial
        .try_source(&SourceSpec::Managed(whole.clone()))
        .is_ok()
    {
        return whole;
    }
    let mut declared = bare;
    for part in parts {
        let mut with_part = declared.clone();
        part.add(&mut with_part);
        match trial.try_source(&SourceSpec::Managed(with_part.clone())) {
            Ok(()) => declared = with_part,
            Err(Reason { text, secret: true }) => {
                notes.push(format!("A part of the source is not declared: {text}."));
            }
            Err(Reason { text, .. }) => {
                notes.push(format!("Not declared: {}: {text}.", part.name()));
            }
        }
    }
    declared
}

/// The account delete threshold, where its two values in ISC agree.
fn threshold(source: &LiveSource, notes: &mut Vec<String>) -> Option<Percent> {
    let both = [source.delete_threshold, source.connector_delete_threshold];
    let mut said = both.into_iter().flatten();
    let first = said.next()?;
    if let Some(other) = said.find(|other| *other != first) {
        notes.push(format!(
            "Not declared: deleteThreshold: ISC has two values, {first}% and {other}%."
        ));
        return None;
    }
    let percent = Percent::try_from(first).ok();
    if percent.is_none() {
        notes.push(format!(
            "Not declared: deleteThreshold: {first} is not a percentage."
        ));
    }
    percent
}
