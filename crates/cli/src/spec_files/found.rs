//! The files of a spec that were found, each once, and their contents.

use super::entry::Entry;
use super::ignored::RulesLeft;
use super::left_out::{LeftOut, LeftOutSpecs};
use super::unmarked::unmarked;
use super::walk::Walk;
use super::{contents, links, ours, written};
use crate::failure::Failure;
use camino::{Utf8Path, Utf8PathBuf};
use spec::{NotRead, NotReadReason};
use std::collections::{BTreeMap, BTreeSet};

/// How many files one spec may have.
const MOST_FILES: usize = 10_000;

/// How many bytes all files of one spec may have: 32 MiB. A hundred thousand accounts with
/// a token each fit.
const MOST_BYTES: usize = 32 << 20;

/// The files, by their paths without links, so that two spellings are one file.
#[derive(Default)]
pub(super) struct Found {
    files: BTreeMap<Utf8PathBuf, Named>,
    /// The folders that were named.
    folders: Vec<Entry>,
    /// What ignore rules leave out of them.
    left_out: LeftOut,
}

/// A file by the name that is shown.
struct Named {
    shown: Utf8PathBuf,
    /// Whether the file itself was named, so that it has to be a spec.
    itself: bool,
}

impl Found {
    /// The files of these paths.
    ///
    /// # Errors
    /// A path that is missing or leads elsewhere, or too many files.
    pub(super) fn below(paths: &[Utf8PathBuf]) -> Result<Self, Failure> {
        let mut found = Self::default();
        let mut folders = Vec::new();
        for path in paths {
            let shown = path.clone();
            if path.is_dir() {
                let real = links::folder(path)?;
                folders.push(Entry { shown, real });
            } else {
                let real = links::file(path)?;
                found.add(Entry { shown, real }, true)?;
            }
        }
        let mut walked = BTreeSet::new();
        let mut left = RulesLeft::default();
        let mut left_out = LeftOut::default();
        for folder in &folders {
            Walk::new(folder, &folders, &mut walked, &mut left, &mut left_out)
                .files(|entry| found.add(entry, false))?;
        }
        Ok(Self {
            folders,
            left_out,
            ..found
        })
    }

    fn add(&mut self, entry: Entry, itself: bool) -> Result<(), Failure> {
        let Entry { shown, real } = entry;
        let named = self.files.entry(real).or_insert(Named { shown, itself });
        named.itself |= itself;
        if self.files.len() > MOST_FILES {
            return Err(Failure::File {
                message: format!("the paths have more than {MOST_FILES} YAML files"),
                help: Some("name the folders of the spec only".to_owned()),
                source: None,
            });
        }
        Ok(())
    }

    /// The spec files that ignore rules leave out.
    ///
    /// # Errors
    /// A policy that a rule of this machine alone leaves out.
    pub(super) fn left_out(&mut self) -> Result<LeftOutSpecs, Failure> {
        let read = self.files.keys().cloned().collect();
        std::mem::take(&mut self.left_out).specs(&read)
    }

    /// The contents of all files that are a spec, by the names that are shown, and the files
    /// that may be meant for it.
    ///
    /// # Errors
    /// A file that cannot be read, or that steersman wrote; a folder without a spec; too much.
    pub(super) fn read(self) -> Result<(Vec<spec::SourceFile>, Vec<NotRead>), Failure> {
        let Self {
            files,
            folders,
            left_out: _,
        } = self;
        let mut read = Vec::with_capacity(files.len());
        let mut bare: Vec<&Entry> = folders.iter().collect();
        let mut total: usize = 0;
        let mut unread: Vec<(Utf8PathBuf, NotRead)> = Vec::new();
        let mut beside: BTreeSet<Utf8PathBuf> = BTreeSet::new();
        for (real, Named { shown, itself }) in files {
            let bytes = contents::read(&shown, &real)?;
            if itself {
                written::refuse(&shown, &bytes)?;
            }
            if !itself && !ours::is_spec(&bytes) {
                tracing::debug!("{shown} has no top-level key `steersman`: not a spec file");
                let may_be = unmarked(&shown, &bytes).map(|found| NotRead {
                    file: shown,
                    line: found.line,
                    reason: found.reason,
                });
                unread.extend(may_be.map(|one| (real, one)));
                continue;
            }
            beside.extend(real.parent().map(Utf8Path::to_owned));
            bare.retain(|folder| !real.starts_with(&folder.real));
            total = total.saturating_add(bytes.len());
            // One file that is too large is told with its place.
            if total > MOST_BYTES && total > bytes.len() {
                return Err(Failure::File {
                    message: "the files of the spec have more than 32 MiB".to_owned(),
                    help: Some("name the folders of the spec only".to_owned()),
                    source: None,
                });
            }
            read.push(spec::SourceFile { path: shown, bytes });
        }
        if let Some(folder) = bare.first() {
            return Err(Failure::File {
                message: format!("the folder {} has no spec file", folder.shown),
                help: Some(
                    "enter the folder of the spec, whose *.yaml or *.yml files have `steersman: v1`, or run `steersman init` to create one"
                        .to_owned(),
                ),
                source: None,
            });
        }
        read.sort_by(|one, other| one.path.cmp(&other.path));
        let mut not_read: Vec<NotRead> = unread
            .into_iter()
            .filter(|(real, one)| match one.reason {
                NotReadReason::SpecKeys => true,
                NotReadReason::Kubernetes | NotReadReason::BesideSpec => {
                    real.parent().is_some_and(|folder| beside.contains(folder))
                }
            })
            .map(|(_, one)| one)
            .collect();
        not_read.sort();
        Ok((read, not_read))
    }
}
