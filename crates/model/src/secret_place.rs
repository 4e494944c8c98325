//! Place of a secret: what two keys have in common that name the same file or entry.

use crate::{
    KeyError, ReadyMadeKind, StoreSpec, folded, key_as_argument, key_as_path, secret_variable,
};
use serde::Serialize;

/// Where a key leads, in a form in which two keys of one place are equal.
///
/// Files lie on file systems that do not tell `k1` from `K1`, or a composed letter from
/// a decomposed one, and two stores can be the same folder. A spec has to work on all of
/// them, so all that one of them takes for the same is the same here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SecretPlace {
    kind: Kind,
    parts: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
enum Kind {
    /// A file; the parts are those of its path. The number is that of the leading
    /// `..`, none where the path is absolute.
    File(Option<usize>),
    /// An entry of what this program writes to.
    Entry(Vec<String>),
}

impl SecretPlace {
    /// The folders that a file is in, the outermost first. An entry of a program is in
    /// none.
    pub fn folders(&self) -> impl Iterator<Item = Folder<'_>> {
        let depth = match self.kind {
            Kind::File(_) => self.parts.len(),
            Kind::Entry(_) => 0,
        };
        (1..depth).filter_map(|length| {
            Some(Folder {
                kind: &self.kind,
                parts: self.parts.get(..length)?,
            })
        })
    }

    /// The place as a folder that another may be in.
    pub fn as_folder(&self) -> Folder<'_> {
        Folder {
            kind: &self.kind,
            parts: &self.parts,
        }
    }
}

/// A place that others may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Folder<'a> {
    kind: &'a Kind,
    parts: &'a [String],
}

impl Folder<'_> {
    /// The folder as a place of its own.
    pub fn to_place(self) -> SecretPlace {
        SecretPlace {
            kind: self.kind.clone(),
            parts: self.parts.to_vec(),
        }
    }
}

impl StoreSpec {
    /// Checks a key, placeholders already filled in, against the rules of this
    /// kind of store.
    pub fn check_key(&self, key: &str) -> Result<(), KeyError> {
        match self {
            Self::Directory { .. } | Self::Age { .. } => key_as_path(key).map(drop),
            Self::Command { .. } => key_as_argument(key).map(drop),
            Self::Environment { prefix } => secret_variable(prefix, key).map(drop),
            Self::ReadyMade(ready_made) => ready_made.entry(key).map(drop),
        }
    }

    /// The folder of a store of files.
    pub fn folder(&self) -> Option<&str> {
        match self {
            Self::Directory { path } => Some(path),
            Self::Age { directory, .. } => Some(directory),
            Self::Command { .. } | Self::Environment { .. } | Self::ReadyMade(_) => None,
        }
    }

    /// The variable of a key, of a store of variables.
    pub fn variable(&self, key: &str) -> Option<String> {
        match self {
            Self::Environment { prefix } => secret_variable(prefix, key).ok(),
            Self::Directory { .. }
            | Self::Age { .. }
            | Self::Command { .. }
            | Self::ReadyMade(_) => None,
        }
    }

    /// The same store of files in another folder.
    #[must_use]
    pub fn in_folder(&self, folder: String) -> Self {
        match self {
            Self::Directory { path: _ } => Self::Directory { path: folder },
            Self::Age {
                directory: _,
                recipients,
                identity_file,
            } => Self::Age {
                directory: folder,
                recipients: recipients.clone(),
                identity_file: identity_file.clone(),
            },
            Self::Command { .. } | Self::Environment { .. } | Self::ReadyMade(_) => self.clone(),
        }
    }

    /// Where a key of this store leads.
    pub fn place(&self, key: &str) -> SecretPlace {
        match self {
            Self::Directory { path } => file(path, key),
            // Each key is a file with this ending, so that it is no other key's folder.
            Self::Age { directory, .. } => file(directory, &format!("{key}.age")),
            Self::Command { put, .. } => SecretPlace {
                kind: Kind::Entry(put.clone()),
                parts: vec![folded(key)],
            },
            Self::Environment { prefix } => SecretPlace {
                kind: Kind::Entry(vec!["env".to_owned()]),
                parts: vec![secret_variable(prefix, key).unwrap_or_else(|_| key.to_owned())],
            },
            // A key without an entry is reported as such.
            Self::ReadyMade(ready_made) => SecretPlace {
                kind: Kind::Entry(system(&ready_made.kind)),
                parts: vec![folded(
                    &ready_made.entry(key).unwrap_or_else(|_| key.to_owned()),
                )],
            },
        }
    }
}

/// What names a system of secrets. `vault` and `bao` speak to the same one.
fn system(kind: &ReadyMadeKind) -> Vec<String> {
    let settings = kind.settings().into_iter();
    std::iter::once(kind.name().to_owned())
        .chain(settings.map(|(name, value)| format!("{name}={value}")))
        .collect()
}

fn file(folder: &str, key: &str) -> SecretPlace {
    let mut parts: Vec<String> = Vec::new();
    let mut above = 0;
    for part in folder.split('/').chain(key.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    above += 1;
                }
            }
            part => parts.push(folded(part)),
        }
    }
    SecretPlace {
        kind: Kind::File((!folder.starts_with('/')).then_some(above)),
        parts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(path: &str) -> StoreSpec {
        StoreSpec::Directory {
            path: path.to_owned(),
        }
    }

    #[test]
    fn planner_14_keys_of_one_place_are_equal() {
        let age = StoreSpec::Age {
            directory: "secrets".to_owned(),
            recipients: Vec::new(),
            identity_file: String::new(),
        };
        let plain = directory("secrets").place("a/k1");
        for (place, expected) in [
            (directory("secrets").place("a/K1"), true),
            (directory("./secrets/").place("a/k1"), true),
            (directory("x/../secrets").place("a/k1"), true),
            (directory("secrets/a").place("k1"), true),
            (age.place("a/k1"), false),
            (directory("/secrets").place("a/k1"), false),
            (directory("../secrets").place("a/k1"), false),
            (directory("secrets").place("a/k2"), false),
        ] {
            assert_eq!(place == plain, expected, "{place:?}");
        }
        let composed = directory("s").place("\u{c9}");
        assert_eq!(directory("s").place("e\u{301}"), composed);
        let folders: Vec<SecretPlace> = plain.folders().map(Folder::to_place).collect();
        assert_eq!(
            folders,
            [
                directory("secrets").place(""),
                directory("secrets").place("a")
            ]
        );
    }
}
