//! Keys as paths below a directory.

use super::StoreError;
use std::path::Path;

/// A key that names a file below a directory, on every platform.
#[derive(Debug)]
pub(super) struct RelativeKey<'a> {
    folders: Vec<&'a str>,
    file: &'a str,
}

impl<'a> RelativeKey<'a> {
    pub(super) fn parse(key: &'a str) -> Result<Self, StoreError> {
        let bad = |why| StoreError::BadKey {
            key: key.to_owned(),
            why,
        };
        if key.contains('\\') {
            return Err(bad("it has a backslash; write `/` between its parts"));
        }
        if key.contains(char::is_control) {
            return Err(bad("it has a control character"));
        }
        if key.starts_with('/') || is_on_a_drive(key) {
            return Err(bad(
                "it is an absolute path, and has to lie below the directory",
            ));
        }
        let mut folders: Vec<&str> = key.split('/').collect();
        if folders.contains(&"") {
            return Err(bad("a part of it is empty"));
        }
        if folders.iter().any(|part| [".", ".."].contains(part)) {
            return Err(bad("`.` and `..` are no names"));
        }
        let file = folders.pop().ok_or_else(|| bad("it is empty"))?;
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

/// `C:x` and `C:/x` leave the directory on Windows; elsewhere nobody needs them.
fn is_on_a_drive(key: &str) -> bool {
    let mut characters = key.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic()) && characters.next() == Some(':')
}

#[cfg(test)]
mod tests {
    use super::RelativeKey;

    #[test]
    fn keys_that_stay_below_the_directory_are_taken() {
        for (key, folders, file) in [
            ("issuer", &[][..], "issuer"),
            ("audit01/issuer", &["audit01"], "issuer"),
            ("a/b c/…/é.json", &["a", "b c", "…"], "é.json"),
            ("a/..b/...", &["a", "..b"], "..."),
            ("svc:8080/x", &["svc:8080"], "x"),
        ] {
            let parsed = RelativeKey::parse(key).unwrap();
            assert_eq!(parsed.folders(), folders, "{key}");
            assert_eq!(parsed.file().to_str(), Some(file), "{key}");
        }
    }

    #[test]
    fn all_others_are_refused_with_the_reason() {
        for (key, why) in [
            ("", "empty"),
            ("/etc/passwd", "absolute"),
            ("C:/x", "absolute"),
            ("c:x", "absolute"),
            ("a//b", "empty"),
            ("a/", "empty"),
            ("..", "no names"),
            ("../x", "no names"),
            ("a/../../x", "no names"),
            ("./x", "no names"),
            ("a/.", "no names"),
            ("a\\..\\x", "backslash"),
            ("a\0b", "control"),
            ("a\nb", "control"),
        ] {
            let error = RelativeKey::parse(key).unwrap_err().to_string();
            assert!(error.contains(why), "{key:?}: {error}");
            assert!(!error.contains(['\0', '\n']), "{error:?}");
        }
    }
}
