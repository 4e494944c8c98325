//! Place of a secret: what two keys have in common that name the same file or entry.

use crate::{
    KeyError, ReadyMadeKind, StoreSpec, folded, key_as_argument, key_as_path, secret_variable,
};
use serde::{Serialize, Serializer};

/// Where a key leads, in a form in which two keys of one place are equal.
///
/// Files lie on file systems that do not tell `k1` from `K1`, or a composed letter from
/// a decomposed one, and two stores can be the same folder. A spec has to work on all of
/// them, so all that one of them takes for the same is the same here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretPlace {
    kind: Kind,
    /// The path of a file, without empty parts, `.` and `..`, or the name of an entry.
    path: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
enum Kind {
    /// A file. The number is that of the leading `..`, none where the path is absolute.
    File(Option<usize>),
    /// An entry of what this program writes to.
    Entry(Vec<String>),
}

impl SecretPlace {
    /// The folders that a file is in, the outermost first. An entry of a program is in
    /// none.
    pub fn folders(&self) -> impl Iterator<Item = Folder<'_>> {
        let path = match self.kind {
            Kind::File(_) => self.path.as_str(),
            Kind::Entry(_) => "",
        };
        path.match_indices('/').filter_map(|(end, _)| {
            Some(Folder {
                kind: &self.kind,
                path: self.path.get(..end)?,
            })
        })
    }

    /// The place as a folder that another may be in.
    pub fn as_folder(&self) -> Folder<'_> {
        Folder {
            kind: &self.kind,
            path: &self.path,
        }
    }
}

/// Journals have digests of this form.
impl Serialize for SecretPlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct SecretPlace<'a> {
            kind: &'a Kind,
            parts: Vec<&'a str>,
        }
        let parts = match self.kind {
            Kind::File(_) => self
                .path
                .split('/')
                .filter(|part| !part.is_empty())
                .collect(),
            Kind::Entry(_) => vec![self.path.as_str()],
        };
        let kind = &self.kind;
        SecretPlace { kind, parts }.serialize(serializer)
    }
}

/// A place that others may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Folder<'a> {
    kind: &'a Kind,
    path: &'a str,
}

impl Folder<'_> {
    /// The folder as a place of its own.
    pub fn to_place(self) -> SecretPlace {
        SecretPlace {
            kind: self.kind.clone(),
            path: self.path.to_owned(),
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
                path: folded(key).into_owned(),
            },
            Self::Environment { prefix } => SecretPlace {
                kind: Kind::Entry(vec!["env".to_owned()]),
                path: secret_variable(prefix, key).unwrap_or_else(|_| key.to_owned()),
            },
            // A key without an entry is reported as such.
            Self::ReadyMade(ready_made) => SecretPlace {
                kind: Kind::Entry(system(&ready_made.kind)),
                path: folded(&ready_made.entry(key).unwrap_or_else(|_| key.to_owned()))
                    .into_owned(),
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
    let mut path = String::with_capacity(folder.len() + 1 + key.len());
    let mut above = 0;
    for part in folder.split('/').chain(key.split('/')) {
        match part {
            "" | "." => {}
            ".." if path.is_empty() => above += 1,
            ".." => path.truncate(path.rfind('/').unwrap_or_default()),
            part => {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(&folded(part));
            }
        }
    }
    SecretPlace {
        kind: Kind::File((!folder.starts_with('/')).then_some(above)),
        path,
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
    fn the_form_that_journals_digest_stays() {
        let written =
            |store: StoreSpec, key: &str| serde_json::to_string(&store.place(key)).unwrap();
        assert_eq!(
            written(directory("../Secrets"), "a//b/../k1"),
            r#"{"kind":{"File":1},"parts":["secrets","a","k1"]}"#
        );
        assert_eq!(
            written(directory("/"), "."),
            r#"{"kind":{"File":null},"parts":[]}"#
        );
        let prefix = "ISSUER_".to_owned();
        assert_eq!(
            written(StoreSpec::Environment { prefix }, "a"),
            r#"{"kind":{"Entry":["env"]},"parts":["STEERSMAN_SECRET_ISSUER__A"]}"#
        );
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
