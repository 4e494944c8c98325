//! Walks a folder: finds its YAML files, without being led out of it.

use super::contents::{refuse_other_kinds, unreadable};
use super::entry::{Entry, is_yaml};
use super::ignored::{Rules, RulesLeft};
use super::left_out::LeftOut;
use super::links::leads_away;
use crate::failure::Failure;
use camino::Utf8PathBuf;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A walk through one folder that was named.
pub(super) struct Walk<'a> {
    /// All folders that were named: links may lead to below any of them.
    roots: &'a [Entry],
    /// All folders that were walked through already, so that loops end.
    walked: &'a mut BTreeSet<Utf8PathBuf>,
    /// How many ignore rules may follow.
    left: &'a mut RulesLeft,
    /// What ignore rules leave out.
    left_out: &'a mut LeftOut,
    /// Folders to walk through, each with the rules of the folder above it.
    open: Vec<(Entry, Option<Rc<Rules>>)>,
    links: Vec<Entry>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        root: &Entry,
        roots: &'a [Entry],
        walked: &'a mut BTreeSet<Utf8PathBuf>,
        left: &'a mut RulesLeft,
        left_out: &'a mut LeftOut,
    ) -> Self {
        Self {
            roots,
            walked,
            left,
            left_out,
            open: vec![(root.clone(), None)],
            links: Vec::new(),
        }
    }

    /// Hands each YAML file to `take`. Links come last, so that a file is called by
    /// its own name where it has one.
    ///
    /// # Errors
    /// A folder that cannot be read; a YAML file that is none, or a link that leads
    /// out of the folder; what `take` refuses.
    pub(super) fn files(
        mut self,
        mut take: impl FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        loop {
            if let Some((folder, above)) = self.open.pop() {
                if self.walked.insert(folder.real.clone()) {
                    let rules = match above {
                        Some(above) => above.below(&folder.real, self.left)?,
                        None => Rules::of_root(&folder.real, self.left)?,
                    };
                    self.folder(&folder, &rules, &mut take)?;
                }
            } else if let Some(link) = self.links.pop() {
                self.link(link, &mut take)?;
            } else {
                return Ok(());
            }
        }
    }

    fn folder(
        &mut self,
        folder: &Entry,
        rules: &Rc<Rules>,
        take: &mut impl FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let failed = |error: &std::io::Error| unreadable(&folder.shown, error);
        let entries = folder
            .real
            .read_dir_utf8()
            .map_err(|error| failed(&error))?;
        let mut entries = entries
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| failed(&error))?;
        entries.sort_by(|one, other| one.file_name().cmp(other.file_name()));
        for entry in entries {
            let name = entry.file_name();
            if name.starts_with('.') {
                continue;
            }
            let kind = entry.file_type().map_err(|error| failed(&error))?;
            let entry = folder.below(name);
            if let Some(rule) = rules.leave_out(&entry.real, kind.is_dir(), self.left)? {
                tracing::debug!("{} is left out by the ignore rule at {rule}", entry.shown);
                self.left_out.push(entry, kind, rule);
                continue;
            }
            if kind.is_dir() {
                self.open.push((entry, Some(Rc::clone(rules))));
            } else if kind.is_symlink() {
                self.links.push(entry);
            } else if is_yaml(&entry.shown) {
                refuse_other_kinds(&entry.shown, kind)?;
                take(entry)?;
            }
        }
        Ok(())
    }

    fn link(
        &mut self,
        link: Entry,
        take: &mut impl FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let is_yaml = is_yaml(&link.shown);
        let real = match link.real.canonicalize_utf8() {
            Ok(real) => real,
            Err(error) if is_yaml => return Err(unreadable(&link.shown, &error)),
            // It leads nowhere, and has no name of a spec.
            Err(_) => return Ok(()),
        };
        let metadata =
            fs_err::symlink_metadata(&real).map_err(|error| unreadable(&link.shown, &error))?;
        if !metadata.is_dir() && !is_yaml {
            return Ok(());
        }
        if !self.roots.iter().any(|root| real.starts_with(&root.real)) {
            return Err(leads_away(&link.shown, &real));
        }
        let entry = Entry { real, ..link };
        if metadata.is_dir() {
            self.open.push((entry, None));
            return Ok(());
        }
        refuse_other_kinds(&entry.shown, metadata.file_type())?;
        take(entry)
    }
}
