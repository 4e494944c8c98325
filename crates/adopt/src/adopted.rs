//! Entry point: adopts a source, from its observed state to spec files.

use crate::account::Context;
use crate::accounts::Accounts;
use crate::comment::comment;
use crate::error::AdoptError;
use crate::files::{AdoptedFile, Contents, Layout, files};
use crate::planner::Planner;
use crate::selection::Selection;
use crate::source::{self, ChosenSource};
use crate::trial::{self, Trial};
use crate::yaml;
use model::{Live, LiveAccount, LiveSource, Redactor, SourceName, SourceSpec, Spec};

/// An adopted source.
#[derive(Debug)]
pub struct Adopted {
    /// The files, the main one first.
    pub files: Vec<AdoptedFile>,
    /// The spec that the files declare.
    pub spec: Spec,
    /// How many accounts are not declared.
    pub left_out: usize,
}

/// Generates the spec of a source.
///
/// # Errors
/// A source that cannot be declared, also because it repeats a secret that the redactor
/// knows. An account that cannot be declared is no
/// error; a comment names it and the reason.
pub fn adopt(
    planner: &dyn Planner,
    live: &Live,
    name: &SourceName,
    selection: &Selection,
    layout: &Layout,
    redactor: &Redactor,
) -> Result<Adopted, AdoptError> {
    let source = live
        .sources
        .get(name)
        .and_then(|source| source.found().as_ref())
        .ok_or_else(|| AdoptError::NoSource(name.clone()))?;
    let trial = Trial::new(planner, live, source, redactor);
    let ChosenSource { spec, notes } = source::choose(&trial, live, source)?;
    refuse_due(source, &spec)?;
    let context = Context {
        trial: &trial,
        live,
        name,
        source: &spec,
    };
    let accounts = Accounts::choose(&context, source, selection);

    let mut item = notes
        .iter()
        .map(|note| comment(2, note))
        .collect::<String>();
    item.push_str(&written(name, yaml::source(name, &spec))?);
    let mut contents = Contents {
        about: about(live, name),
        source: item,
        accounts: Vec::new(),
        left_out: accounts.left_out_lines(),
    };
    for (observed, chosen) in &accounts.declared {
        let mut item = chosen
            .notes
            .iter()
            .map(|note| comment(2, note))
            .collect::<String>();
        item.push_str(&written(name, yaml::account(&chosen.spec))?);
        // A file is called by the value.
        let group = group(observed, layout).filter(|value| !trial.has_secret(value));
        contents.accounts.push((group, item));
    }
    let files = files(&contents, layout);
    let spec = checked(planner, live, name, &files)?;
    Ok(Adopted {
        files,
        spec,
        left_out: accounts.left_out_count(),
    })
}

fn written(
    name: &SourceName,
    yaml: Result<String, serde_yaml::Error>,
) -> Result<String, AdoptError> {
    yaml.map_err(|error| AdoptError::Undeclarable {
        source_name: name.clone(),
        why: error.to_string(),
    })
}

fn about(live: &Live, name: &SourceName) -> Vec<String> {
    vec![
        format!(
            "Source \"{name}\" as observed on {}, written by `steersman adopt`. Planning this file shows no changes.",
            live.observed_at.strftime("%Y-%m-%d")
        ),
        "A key that is left out is not managed; an empty list means none.".to_owned(),
    ]
}

/// The attribute value that decides the file of an account.
fn group(observed: &LiveAccount, layout: &Layout) -> Option<String> {
    match layout {
        Layout::OneFile => None,
        Layout::By(attribute) => observed
            .cells
            .get(attribute)
            .filter(|value| !value.trim().is_empty())
            .cloned(),
    }
}

/// Refuses a source whose identities are being processed: the first plan would process
/// them again, and whose an identity is shows only afterwards.
fn refuse_due(source: &LiveSource, spec: &SourceSpec) -> Result<(), AdoptError> {
    let profile = source.profile.found().as_ref();
    match profile.filter(|profile| profile.refresh_required) {
        Some(profile) if spec.managed().is_some() => Err(AdoptError::ProcessingDue {
            source_name: source.name.clone(),
            profile: profile.name.clone(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Reads all files together, and plans them against the whole observed state.
fn checked(
    planner: &dyn Planner,
    live: &Live,
    name: &SourceName,
    files: &[AdoptedFile],
) -> Result<Spec, AdoptError> {
    let spec = trial::load(files.iter().map(|file| file.text.clone())).map_err(|reason| {
        AdoptError::Undeclarable {
            source_name: name.clone(),
            why: reason.text,
        }
    })?;
    match trial::first_finding(&planner.plan(&spec, live)) {
        Some(finding) => Err(AdoptError::Changes(finding)),
        None => Ok(spec),
    }
}
