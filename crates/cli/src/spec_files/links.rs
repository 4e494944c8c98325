//! Where a path leads, and whether it may lead there.
//!
//! A path of the command line is the operator's, but a link on its way may be the
//! author's of the repository. So links may lead to files below the folder that
//! was named, or below the working directory, and nowhere else.

use super::contents::{plain, unreadable};
use crate::failure::Failure;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use std::io;

/// The real path of a folder that was named.
///
/// # Errors
/// A folder that is missing, or a link out of the working directory.
pub(super) fn folder(path: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let real = real(path)?;
    if path.is_absolute() || is_at_home(path, &real)? {
        Ok(real)
    } else {
        Err(leads_away(path, &real))
    }
}

/// The real path of a file that was named.
///
/// # Errors
/// A file that is missing, or a link to somewhere else.
pub(super) fn file(path: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let real = real(path)?;
    let parent = path.parent().filter(|parent| !parent.as_str().is_empty());
    let beside = folder(parent.unwrap_or(Utf8Path::new(".")))?;
    if real.starts_with(&beside) || is_at_home(path, &real)? {
        Ok(real)
    } else {
        Err(leads_away(path, &real))
    }
}

/// A link that leads out of the folder that was named.
pub(super) fn leads_away(path: &Utf8Path, real: &Utf8Path) -> Failure {
    Failure::NotPermitted {
        message: format!(
            "{path} is a link that leads out of the folder, to {real}; it was not read"
        ),
        help: format!("remove the link, or name its target on the command line: {real}"),
    }
}

/// The path without links.
///
/// # Errors
/// A path that leads nowhere.
fn real(path: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    path.canonicalize_utf8().map_err(|error| Failure::File {
        message: format!("cannot read {path}"),
        help: Some("enter a file, or a folder with *.yaml or *.yml files".to_owned()),
        source: Some(Box::new(plain(&error))),
    })
}

/// Whether a path has no link on its way, or leads to below the working directory.
fn is_at_home(path: &Utf8Path, real: &Utf8Path) -> Result<bool, Failure> {
    let here = Utf8Path::new(".");
    let home: io::Result<Utf8PathBuf> = here.canonicalize_utf8();
    let home = home.map_err(|error| unreadable(here, &error))?;
    // Below the root of all files is everything.
    let is_below = home.parent().is_some() && real.starts_with(&home);
    Ok(is_below || without_links(&home, path) == real)
}

/// The path that a relative one names if there is no link on its way.
fn without_links(home: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let mut whole = home.to_owned();
    for component in path.components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_as_written() {
        for (path, expected) in [
            (".", "/top/a"),
            ("./b/c.yaml", "/top/a/b/c.yaml"),
            ("../b", "/top/b"),
            ("b/../c", "/top/a/c"),
            ("/d", "/d"),
        ] {
            let whole = without_links(Utf8Path::new("/top/a"), Utf8Path::new(path));
            assert_eq!(whole, expected, "{path}");
        }
    }
}
