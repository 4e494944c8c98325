//! Marks in a log that CI systems obey (GitHub, Azure Pipelines, GitLab, `TeamCity`), and
//! commands that bots obey in a comment.

/// The sections of a log that GitLab folds and names.
const GITLAB: [&str; 2] = ["section_start:", "section_end:"];

/// The indexes of the characters of a line that have to be shown by number so that
/// no CI system obeys it.
///
/// GitHub takes a line that begins with `::` after spaces, and `##[` anywhere in
/// it; Azure `##vso[` and `TeamCity` `##teamcity[` anywhere; GitLab `section_start:`
/// anywhere, behind a carriage return. A log or file can become a comment of a pull
/// request, where GitLab and bots take a line that begins with `/merge`; a path of
/// several parts is none.
pub fn ci_marks(line: &[char]) -> Vec<usize> {
    let mut found = Vec::new();
    let first = line
        .iter()
        .position(|character| !character.is_whitespace())
        .unwrap_or(line.len());
    if begins(line, first, "::") || is_bot_command(line.get(first..).unwrap_or_default()) {
        found.push(first);
    }
    for (index, character) in line.iter().enumerate() {
        let is_mark = match character {
            '#' => {
                line.get(index + 1) == Some(&'#')
                    && line
                        .get(index + 2..)
                        .unwrap_or_default()
                        .iter()
                        .find(|character| !character.is_ascii_alphabetic())
                        == Some(&'[')
            }
            's' => GITLAB.iter().any(|mark| begins(line, index, mark)),
            _ => false,
        };
        if is_mark {
            found.push(index);
        }
    }
    found
}

/// Whether a line begins with a slash and one word.
fn is_bot_command(line: &[char]) -> bool {
    let ['/', first, rest @ ..] = line else {
        return false;
    };
    let is_word = |character: &char| character.is_alphanumeric() || matches!(character, '-' | '_');
    first.is_alphabetic()
        && rest
            .iter()
            .find(|character| !is_word(character))
            .is_none_or(|character| character.is_whitespace())
}

/// Whether a text may have a mark at all, for not looking at every line.
pub fn may_have_ci_marks(text: &str) -> bool {
    text.contains("::")
        || text.contains("##")
        || GITLAB.iter().any(|mark| text.contains(mark))
        || text.match_indices('/').any(|(at, _)| {
            // At the beginning of a line, or behind the end of a color sequence.
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            before.is_none_or(|before| before.is_whitespace() || before == 'm')
        })
}

fn begins(line: &[char], at: usize, mark: &str) -> bool {
    let mut rest = line.get(at..).unwrap_or_default().iter();
    mark.chars().all(|wanted| rest.next() == Some(&wanted))
}

#[cfg(test)]
mod tests {
    use super::ci_marks;

    #[test]
    fn marks_are_found_where_a_ci_system_looks() {
        for (line, expected) in [
            ("::add-mask::x", vec![0]),
            ("  \t::error::x", vec![3]),
            ("a ::error::x", vec![]),
            ("crate::module", vec![]),
            ("x ##[group]y", vec![2]),
            ("###[group]y", vec![1]),
            ("##vso[task.setvariable]", vec![0]),
            ("##teamcity[message]", vec![0]),
            ("## heading", vec![]),
            ("#[derive]", vec![]),
            ("xsection_start:1:a", vec![1]),
            ("section_end:1:a", vec![0]),
            ("/merge", vec![0]),
            ("  /approve no-issue", vec![2]),
            ("a /merge", vec![]),
            ("/srv/spec/a.yaml", vec![]),
            ("/a.yaml", vec![]),
            ("//comment", vec![]),
            ("/", vec![]),
            ("", vec![]),
        ] {
            let line: Vec<char> = line.chars().collect();
            assert_eq!(ci_marks(&line), expected, "{line:?}");
        }
    }
}
