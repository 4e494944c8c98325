//! Spec files that ignore rules leave out: which have a policy, and how many others there are.
//!
//! A rule can name a file or a folder of many files, such as what a build leaves. So only so
//! much is looked at, and what cannot be read is passed over: it is none of the spec's.

use super::contents;
use super::entry::{Entry, is_yaml};
use super::ignored::Place;
use super::ours;
use crate::failure::Failure;
use camino::Utf8PathBuf;
use std::collections::BTreeSet;
use std::fs::FileType;

/// How many names are looked at in folders that are left out.
const MOST_NAMES: usize = 10_000;

/// How many bytes of files that are left out are read: 8 MiB.
const MOST_BYTES: usize = 8 << 20;

/// What ignore rules leave out.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    folders: Vec<(Entry, Place)>,
    files: Vec<(Entry, Place)>,
}

/// The spec files among what ignore rules leave out.
#[derive(Debug, Default)]
pub(crate) struct LeftOutSpecs {
    /// Those with a policy.
    pub(crate) with_policy: Vec<spec::LeftOut>,
    /// How many others there are.
    pub(crate) others: usize,
}

impl LeftOut {
    pub(super) fn push(&mut self, entry: Entry, kind: FileType, rule: Place) {
        if kind.is_dir() {
            self.folders.push((entry, rule));
        } else if kind.is_file() && is_yaml(&entry.shown) {
            self.files.push((entry, rule));
        }
    }

    /// The spec files among them, without those that are read by another name.
    ///
    /// # Errors
    /// A rule of this machine alone that leaves out a policy: the same commit would be
    /// another spec elsewhere.
    pub(super) fn specs(mut self, read: &BTreeSet<Utf8PathBuf>) -> Result<LeftOutSpecs, Failure> {
        self.open_folders();
        let mut specs = LeftOutSpecs::default();
        let mut left = MOST_BYTES;
        self.files
            .sort_by(|one, other| one.0.shown.cmp(&other.0.shown));
        for (Entry { shown, real }, rule) in self.files {
            if read.contains(&real) {
                continue;
            }
            let most = u64::try_from(left).unwrap_or(u64::MAX);
            let Ok(bytes) = contents::read_up_to(&shown, &real, most) else {
                continue;
            };
            left = left.saturating_sub(bytes.len());
            if !ours::is_spec(&bytes) {
                continue;
            }
            if !spec::has_policy(&bytes) {
                specs.others += 1;
                continue;
            }
            if rule.is_of_this_machine() {
                return Err(Failure::NotPermitted {
                    message: format!(
                        "{shown} has a `policy`, and the ignore rule at {rule}, which is on this machine only, leaves the file out"
                    ),
                    help: "remove the rule; if the policy is not to apply, write the rule into .steersmanignore, so that it holds everywhere"
                        .to_owned(),
                });
            }
            specs.with_policy.push(spec::LeftOut {
                file: spec::SourceFile { path: shown, bytes },
                rule: rule.to_string(),
            });
        }
        Ok(specs)
    }

    /// Adds the files of the folders.
    fn open_folders(&mut self) {
        let mut names = 0;
        while let Some((folder, rule)) = self.folders.pop() {
            let Ok(entries) = folder.real.read_dir_utf8() else {
                continue;
            };
            for entry in entries.flatten() {
                names += 1;
                if names > MOST_NAMES {
                    tracing::debug!(
                        "{} and more that is left out is not looked at",
                        folder.shown
                    );
                    return;
                }
                let name = entry.file_name();
                if name.starts_with('.') {
                    continue;
                }
                if let Ok(kind) = entry.file_type() {
                    self.push(folder.below(name), kind, rule.clone());
                }
            }
        }
    }
}
