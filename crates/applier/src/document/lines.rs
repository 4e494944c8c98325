//! Forms that consist of lines: a dotenv file, and the configuration file of SailPoint's
//! command line.

use super::DocumentError;
use secrecy::zeroize::Zeroizing;

/// What the line begins with that says whose secret it is: a comment for others.
pub(super) const FACTS: &str = "# steersman: ";

/// The names of base URL, client id and client secret in a dotenv file.
pub(super) fn dotenv_names() -> [&'static str; 3] {
    ["SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET"]
}

/// Their names in the configuration file.
pub(super) fn sail_names() -> [&'static str; 3] {
    ["baseurl", "clientid", "clientsecret"]
}

/// What the lines of a text say.
#[derive(Debug, Default)]
pub(super) struct Lines<'a> {
    /// The facts about the secret, as JSON.
    pub(super) facts: Option<&'a str>,
    /// Base URL, client id and client secret.
    pub(super) values: [Option<Zeroizing<String>>; 3],
}

/// Reads a text of one of these forms; none where it is of neither.
pub(super) fn read(text: &str) -> Result<Option<Lines<'_>>, DocumentError> {
    let (names, separator) = if text
        .lines()
        .any(|line| name_of(line, '=') == Some("SAIL_CLIENT_ID"))
    {
        (dotenv_names(), '=')
    } else if text.lines().any(|line| line.trim_end() == "environments:") {
        (sail_names(), ':')
    } else {
        return Ok(None);
    };
    let mut lines = Lines::default();
    for line in text.lines() {
        if let Some(facts) = line.strip_prefix(FACTS) {
            lines.facts = Some(facts);
            continue;
        }
        let Some(name) = name_of(line, separator) else {
            continue;
        };
        for (value, known) in lines.values.iter_mut().zip(names) {
            if name == known {
                if value.is_some() {
                    return Err(DocumentError::Duplicate { field: known });
                }
                *value = Some(value_of(line, separator, known)?);
            }
        }
    }
    Ok(Some(lines))
}

fn name_of(line: &str, separator: char) -> Option<&str> {
    let (name, _) = line.split_once(separator)?;
    let name = name.trim();
    Some(name.strip_prefix("export ").unwrap_or(name).trim())
}

/// The value of a line, without its quotation marks.
fn value_of(
    line: &str,
    separator: char,
    field: &'static str,
) -> Result<Zeroizing<String>, DocumentError> {
    let value = line
        .split_once(separator)
        .map_or("", |(_, value)| value)
        .trim();
    let inner = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark);
    if inner('"').is_some() {
        let unquoted = serde_json::from_str::<String>(value);
        return unquoted
            .map(Zeroizing::new)
            .map_err(|_| DocumentError::Unfit {
                field,
                expected: "a text in quotation marks that match",
            });
    }
    Ok(Zeroizing::new(inner('\'').unwrap_or(value).to_owned()))
}
