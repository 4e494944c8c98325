//! Working files of local runs in `.gitignore`.

use camino::Utf8Path;
use std::io::ErrorKind;

/// Adds the rules that a `.gitignore` does not have. Returns whether the file changed.
pub(super) fn add_to(path: &Utf8Path) -> std::io::Result<bool> {
    let there = match fs_err::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let added = missing(&there);
    if added.is_empty() {
        return Ok(false);
    }
    let gap = if there.is_empty() || there.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    fs_err::write(path, format!("{there}{gap}{added}"))?;
    Ok(true)
}

/// The rules that a text does not have, with their comment.
fn missing(there: &str) -> String {
    let rules = include_str!("../../../templates/init/gitignore");
    let has = |rule: &str| {
        there
            .lines()
            .any(|line| line.trim().trim_matches('/') == rule.trim_matches('/'))
    };
    let (comments, rules): (Vec<&str>, Vec<&str>) =
        rules.lines().partition(|line| line.starts_with('#'));
    let rules: Vec<&str> = rules.into_iter().filter(|rule| !has(rule)).collect();
    if rules.is_empty() {
        return String::new();
    }
    let lines = comments.into_iter().chain(rules);
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn what_a_file_has_is_not_added() {
        let all = missing("");
        assert_eq!(all, include_str!("../../../templates/init/gitignore"));
        assert_eq!(missing(&all), "");
        let rest = missing(".steersman\n/plan.*\n");
        assert!(!rest.contains("/.steersman/") && !rest.contains("/plan"));
        assert!(rest.contains("\n/record.json\n"));
    }
}
