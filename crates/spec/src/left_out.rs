//! Spec files that an ignore rule leaves out: one with a policy is reported, because without
//! it the policy allows everything.

use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::source::{SourceFile, Sources};
use crate::span::Span;

/// A file that an ignore rule leaves out.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// The file.
    pub file: SourceFile,
    /// The rule, as `FILE:LINE`.
    pub rule: String,
}

/// The key that turns limits on.
const KEY: &[u8] = b"policy";

/// Whether a spec file has a policy.
pub fn has_policy(bytes: &[u8]) -> bool {
    policy(bytes).is_some()
}

/// Where the key of the policy is: the bytes of it. A look at the top-level keys is enough.
fn policy(bytes: &[u8]) -> Option<std::ops::Range<usize>> {
    let mut depth = None;
    let mut at = 0;
    for line in bytes.split(|byte| *byte == b'\n') {
        let start = at;
        at += line.len() + 1;
        let bom = if start == 0 && line.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        let line = &line[bom..];
        let content = line.trim_ascii();
        if content.is_empty() || matches!(content[0], b'#' | b'%' | b'-') {
            continue;
        }
        let indent = line.len() - line.trim_ascii_start().len();
        if *depth.get_or_insert(indent) != indent {
            continue;
        }
        let first = start + bom + indent;
        if content[0] == b'{' {
            let found = bytes.get(first..)?;
            let found = found.windows(KEY.len()).position(|part| part == KEY)?;
            return Some(first + found..first + found + KEY.len());
        }
        let end = content.iter().position(|byte| *byte == b':')?;
        let key = content[..end].trim_ascii();
        let quoted =
            key.len() >= 2 && matches!(key[0], b'"' | b'\'') && key[key.len() - 1] == key[0];
        let name = if quoted { &key[1..key.len() - 1] } else { key };
        if name == KEY {
            return Some(first..first + key.len());
        }
    }
    None
}

/// Reports the policies of files that are left out. `index` is that of the next file.
pub(crate) fn report(
    left_out: &[LeftOut],
    mut index: u32,
    sources: &mut Sources,
    findings: &mut Findings,
) {
    for LeftOut { file, rule } in left_out {
        let Some(at) = policy(&file.bytes) else {
            continue;
        };
        let Ok(text) = String::from_utf8(file.bytes.clone()) else {
            continue;
        };
        let position = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        let span = |range: std::ops::Range<usize>| Span {
            file: index,
            start: position(range.start),
            end: position(range.end),
        };
        let name = file.path.file_name().unwrap_or_default();
        findings.push(
            Finding::new(
                Code::PolicyLeftOut,
                format!(
                    "the policy in {} does not apply: the ignore rule at {rule} leaves the file out",
                    file.path
                ),
            )
            .at(span(at.clone()), "nothing of this file is read")
            .help(format!(
                "remove the rule, or write `!{name}` into .steersmanignore; if the file is no part of the spec, remove its `policy`, or pass `--allow SM0108`"
            )),
        );
        let end = text.len();
        sources.push(file.path.clone(), text);
        // Nothing of the file was read, so nothing of it is known to be no secret.
        sources.mask(span(0..at.start));
        sources.mask(span(at.end..end));
        index += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::policy;

    #[test]
    fn a_policy_is_found_among_the_keys_at_the_top() {
        for (text, expected) in [
            ("steersman: v1\npolicy: {}\n", Some("policy")),
            ("\u{feff}policy:\n  forbidScopes: []\n", Some("policy")),
            ("steersman: v1\r\n\"policy\": {}\r\n", Some("\"policy\"")),
            ("{steersman: v1, policy: {}}", Some("policy")),
            ("  steersman: v1\n  policy: {}\n", Some("policy")),
            (
                "steersman: v1\nserviceAccounts:\n- id: a\n  policy: x\n",
                None,
            ),
            ("steersman: v1\n# policy: {}\n", None),
            ("steersman: v1\npolicies: {}\n", None),
            ("", None),
        ] {
            let found = policy(text.as_bytes()).map(|range| &text[range]);
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
