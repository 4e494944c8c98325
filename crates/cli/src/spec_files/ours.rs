//! Recognizes spec files among other YAML of a repository.
//!
//! A look at the top-level keys is enough. A misspelled `steersman:` counts, so
//! that a file of accounts is not left out because of it.

/// The key that every spec file has.
const MARK: &str = "steersman";

/// Whether a file is a spec, or was probably meant to be one.
pub(super) fn is_spec(bytes: &[u8]) -> bool {
    let without_nul: Vec<u8>;
    let bytes = if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        // UTF-16, which reading the file refuses with a better word.
        without_nul = bytes[2..]
            .iter()
            .copied()
            .filter(|byte| *byte != 0)
            .collect();
        &without_nul
    } else {
        bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
    };
    let mut depth = None;
    let mut below_accounts = false;
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let line = line.strip_prefix(b"--- ").unwrap_or(line);
        let content = line.trim_ascii();
        if content.first().is_some_and(|first| *first == b'#') && contains(content, SCHEMA) {
            return true;
        }
        if content.is_empty() || matches!(content[0], b'#' | b'%') || content == b"---" {
            continue;
        }
        if below_accounts && content.starts_with(b"-") {
            return true;
        }
        below_accounts = false;
        if content[0] == b'-' {
            continue;
        }
        let indent = line.len() - line.trim_ascii_start().len();
        if *depth.get_or_insert(indent) != indent {
            continue;
        }
        if content[0] == b'{' {
            return contains(bytes, MARK.as_bytes());
        }
        let end = content.iter().position(|byte| *byte == b':');
        let (key, value) = content.split_at(end.unwrap_or(content.len()));
        let key = String::from_utf8_lossy(key);
        let key = key
            .trim_start_matches("? ")
            .trim_matches(['"', '\'', ' ', '\t']);
        // A hidden job of GitLab is no misspelled key.
        let is_misspelled = !key.starts_with('.') && spec::did_you_mean(key, [MARK]).is_some();
        if is_misspelled || key == MARK {
            return true;
        }
        if key == "serviceAccounts" {
            // A chart has a mapping under this name.
            if value
                .trim_ascii_start()
                .strip_prefix(b":")
                .is_some_and(|value| value.trim_ascii().starts_with(b"["))
            {
                return true;
            }
            below_accounts = true;
        }
    }
    false
}

/// The schema that editors are told to use for a spec file.
const SCHEMA: &[u8] = b"steersman.schema.json";

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::is_spec;

    #[test]
    fn spec_6_other_yaml_is_left_alone() {
        for (text, expected) in [
            ("steersman: v1\n", true),
            ("# a comment\n\n---\nsources: []\nsteersman: v1\n", true),
            ("\u{feff}\"steersman\": v1\r\n", true),
            ("  steersman: v1\n  sources: []\n", true),
            ("{sources: [], steersman: v1}", true),
            ("--- {steersman: v1}", true),
            ("steersmann: v1\n", true),
            ("stersman: v1\n", true),
            ("steersman v1\n", true),
            ("serviceAccounts:\n\n- id: SA-001\n", true),
            ("serviceAccounts: [{id: SA-001}]\n", true),
            (
                "# yaml-language-server: $schema=../schemas/steersman.schema.json\n",
                true,
            ),
            ("", false),
            ("site_name: docs\nnav:\n  - steersman: v1\n", false),
            ("serviceAccounts:\n  server: {create: true}\n", false),
            ("serviceAccount: {create: true}\n", false),
            ("on: push\njobs: {a: {run: steersman plan}}\n", false),
            ("{a: b}", false),
            (".steersman:\n  image: debian\n", false),
            ("- steersman: v1\n", false),
        ] {
            assert_eq!(is_spec(text.as_bytes()), expected, "{text:?}");
        }
        let wide: Vec<u8> = "steersman: v1\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(is_spec(&[&[0xFF, 0xFE], wide.as_slice()].concat()));
    }
}
