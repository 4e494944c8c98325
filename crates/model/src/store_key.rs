//! Key rules of the stores, for `validate` and for each use of a store.

/// Why a store cannot use a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum KeyError {
    /// The key has no characters.
    #[error("it is empty")]
    Empty,
    /// A control character, such as a line break.
    #[error("it contains a control character")]
    ControlCharacter,
    /// A backslash separates folders on Windows only.
    #[error("it contains a backslash; separate its parts with `/`")]
    Backslash,
    /// It begins with `/` or a drive letter.
    #[error("it is an absolute path, not a path below the directory of the store")]
    Absolute,
    /// Two slashes in a row, or one at the end.
    #[error("one of its parts is empty")]
    EmptyPart,
    /// A part is `.` or `..`.
    #[error("`.` and `..` are not allowed as parts of it")]
    DotPart,
    /// A part ends with a colon, as the name of a drive or device does.
    #[error("one of its parts ends with `:`")]
    ColonAtEnd,
    /// It begins with `-`.
    #[error("it begins with `-`, and a program would read it as an option")]
    LooksLikeAnOption,
    /// It begins with `@`, or has `://`.
    #[error("it begins with `@` or has `://`, and a program would read a file or an address")]
    LooksLikeAFile,
    /// The system of the store limits the length of names.
    #[error(
        "the name of its entry has more than {limit} characters, the most that this store allows"
    )]
    TooLong {
        /// How many characters a name may have.
        limit: u16,
    },
    /// A name that begins with `GITHUB_`.
    #[error("the name of its entry begins with `GITHUB_`, which GitHub reserves")]
    Reserved,
}

/// The parts of a key that names a file below a directory, on every platform.
/// The last part is the file, so the list is never empty.
pub fn key_as_path(key: &str) -> Result<Vec<&str>, KeyError> {
    if key.is_empty() {
        return Err(KeyError::Empty);
    }
    if key.contains('\\') {
        return Err(KeyError::Backslash);
    }
    if key.contains(char::is_control) {
        return Err(KeyError::ControlCharacter);
    }
    if key.starts_with('/') || is_on_a_drive(key) {
        return Err(KeyError::Absolute);
    }
    let parts: Vec<&str> = key.split('/').collect();
    for part in &parts {
        match *part {
            "" => return Err(KeyError::EmptyPart),
            "." | ".." => return Err(KeyError::DotPart),
            part if part.ends_with(':') => return Err(KeyError::ColonAtEnd),
            _ => {}
        }
    }
    Ok(parts)
}

/// The key as it is put into an argument of a program. It cannot lead out of what the
/// command puts in front of it, and it is never part of a shell's script.
pub fn key_as_argument(key: &str) -> Result<&str, KeyError> {
    if key.is_empty() {
        return Err(KeyError::Empty);
    }
    if key.contains(char::is_control) {
        return Err(KeyError::ControlCharacter);
    }
    if key.starts_with('-') {
        return Err(KeyError::LooksLikeAnOption);
    }
    if key.starts_with('@') || key.contains("://") {
        return Err(KeyError::LooksLikeAFile);
    }
    if key.split('/').any(|part| matches!(part, "." | "..")) {
        return Err(KeyError::DotPart);
    }
    Ok(key)
}

/// `C:x` and `C:/x` leave the directory on Windows; elsewhere nothing needs them.
fn is_on_a_drive(key: &str) -> bool {
    let mut characters = key.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic()) && characters.next() == Some(':')
}

#[cfg(test)]
mod tests {
    use super::KeyError::{
        Absolute, Backslash, ColonAtEnd, ControlCharacter, DotPart, Empty, EmptyPart,
        LooksLikeAFile, LooksLikeAnOption,
    };
    use super::*;
    use crate::StoreSpec;
    use std::collections::BTreeSet;

    #[test]
    fn paths_below_the_directory_are_accepted() {
        for (key, parts) in [
            ("issuer", &["issuer"][..]),
            ("audit01/issuer", &["audit01", "issuer"]),
            ("a/b c/…/é.json", &["a", "b c", "…", "é.json"]),
            ("a/..b/...", &["a", "..b", "..."]),
            ("svc:8080/x", &["svc:8080", "x"]),
            ("-a", &["-a"]),
        ] {
            assert_eq!(key_as_path(key), Ok(parts.to_vec()), "{key}");
        }
    }

    #[test]
    fn other_paths_are_refused_with_the_reason() {
        for (key, error) in [
            ("", Empty),
            ("/etc/passwd", Absolute),
            ("C:/x", Absolute),
            ("c:x", Absolute),
            ("a//b", EmptyPart),
            ("a/", EmptyPart),
            ("..", DotPart),
            ("../x", DotPart),
            ("a/../../x", DotPart),
            ("./x", DotPart),
            ("a/.", DotPart),
            ("a\\..\\x", Backslash),
            ("a\0b", ControlCharacter),
            ("a\nb", ControlCharacter),
            ("svc:/x", ColonAtEnd),
            ("a/C:/b", ColonAtEnd),
        ] {
            assert_eq!(key_as_path(key), Err(error), "{key:?}");
        }
    }

    #[test]
    fn arguments_are_texts_that_are_no_options() {
        for (key, checked) in [
            ("secret/data/a#b", Ok(())),
            ("/a/..b\\c:", Ok(())),
            ("a@b", Ok(())),
            ("../prod-db", Err(DotPart)),
            ("a/../b", Err(DotPart)),
            ("a/.", Err(DotPart)),
            ("@/etc/passwd", Err(LooksLikeAFile)),
            ("file:///etc/passwd", Err(LooksLikeAFile)),
            ("", Err(Empty)),
            ("-rf", Err(LooksLikeAnOption)),
            ("a\nb", Err(ControlCharacter)),
        ] {
            let store = StoreSpec::Command {
                put: Vec::new(),
                get: Some(Vec::new()),
                delete: None,
                not_found: None,
                environment: BTreeSet::new(),
            };
            assert_eq!(store.check_key(key), checked, "{key:?}");
        }
        let store = StoreSpec::Directory {
            path: "secrets".to_owned(),
        };
        assert_eq!(store.check_key("../x"), Err(DotPart));
        assert_eq!(store.check_key("a/b"), Ok(()));
    }
}
