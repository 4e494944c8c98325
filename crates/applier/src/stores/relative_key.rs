//! Store keys as paths of files below a directory.

use super::StoreError;
use model::KeyError;
use std::path::Path;

/// A key that names a file below a directory, on every platform.
#[derive(Debug)]
pub(super) struct RelativeKey<'a> {
    folders: Vec<&'a str>,
    file: &'a str,
}

impl<'a> RelativeKey<'a> {
    pub(super) fn parse(key: &'a str) -> Result<Self, StoreError> {
        let bad = |source| StoreError::BadKey {
            key: key.to_owned(),
            source,
        };
        let mut folders = model::key_as_path(key).map_err(bad)?;
        let file = folders.pop().ok_or_else(|| bad(KeyError::Empty))?;
        Ok(Self { folders, file })
    }

    /// The folders on the way to the file.
    pub(super) fn folders(&self) -> &[&'a str] {
        &self.folders
    }

    /// The file's name.
    pub(super) fn file(&self) -> &'a Path {
        Path::new(self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::RelativeKey;

    #[test]
    fn a_key_is_folders_and_a_file() {
        for (key, folders, file) in [
            ("issuer", &[][..], "issuer"),
            ("a/b c/…/é.json", &["a", "b c", "…"], "é.json"),
        ] {
            let parsed = RelativeKey::parse(key).unwrap();
            assert_eq!(parsed.folders(), folders, "{key}");
            assert_eq!(parsed.file().to_str(), Some(file), "{key}");
        }
    }

    #[test]
    fn an_invalid_key_is_named_without_its_control_characters() {
        for key in ["", "../x", "a\0b", "a\nb"] {
            let error = RelativeKey::parse(key).unwrap_err().to_string();
            assert!(!error.contains(['\0', '\n']), "{error:?}");
        }
    }
}
