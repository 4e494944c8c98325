//! `FORMAT=FILE`: a format and its destination.

use camino::Utf8PathBuf;
use std::fmt;
use std::str::FromStr;

/// A format and its destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(super) format: Format,
    pub(super) place: Place,
}

/// A format of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// As on the terminal, without color.
    Text,
    /// The plan document, for programs.
    Json,
    /// A comment for a pull request.
    Markdown,
    /// A page for a browser.
    Html,
    /// The problems of files and tenant, for code scanning.
    Sarif,
    /// The problems of files and tenant, as annotations of a pull request.
    Github,
    /// The problems of files and tenant, as a code quality report of GitLab.
    Gitlab,
    /// The problems of files and tenant, as a test report.
    Junit,
}

/// A destination.
#[derive(Clone, Debug)]
pub(super) enum Place {
    StandardOutput,
    File(Utf8PathBuf),
}

/// Two paths of one file are one destination, however they are written.
impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::StandardOutput, Self::StandardOutput) => true,
            (Self::File(one), Self::File(two)) => {
                let whole = |path: &Utf8PathBuf| std::path::absolute(path).ok();
                one == two || (whole(one).is_some() && whole(one) == whole(two))
            }
            (Self::StandardOutput, Self::File(_)) | (Self::File(_), Self::StandardOutput) => false,
        }
    }
}

impl Eq for Place {}

impl Format {
    const ALL: [(&'static str, Self); 8] = [
        ("text", Self::Text),
        ("json", Self::Json),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
        ("sarif", Self::Sarif),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("junit", Self::Junit),
    ];
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StandardOutput => formatter.write_str("standard output"),
            Self::File(path) => write!(formatter, "{path}"),
        }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Format::ALL.map(|(name, _)| name).join(", ");
        let (format, file) = text
            .split_once('=')
            .filter(|(_, file)| !file.is_empty())
            .ok_or_else(|| format!("expected FORMAT=FILE, with FORMAT one of {}", known()))?;
        let format = Format::ALL
            .into_iter()
            .find_map(|(name, known)| (name == format).then_some(known))
            .ok_or_else(|| format!("unsupported format `{format}`; use one of {}", known()))?;
        Ok(Self {
            format,
            place: match file {
                "-" => Place::StandardOutput,
                path => Place::File(path.into()),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_format_and_file() {
        for (text, format, place) in [
            ("json=-", Format::Json, Place::StandardOutput),
            (
                "html=a/b=c.html",
                Format::Html,
                Place::File("a/b=c.html".into()),
            ),
            (
                "text=plan.txt",
                Format::Text,
                Place::File("plan.txt".into()),
            ),
            ("markdown=./-", Format::Markdown, Place::File("./-".into())),
        ] {
            assert_eq!(text.parse(), Ok(Target { format, place }), "{text}");
        }
        for text in ["", "json", "json=", "yaml=x", "=x", "-"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
