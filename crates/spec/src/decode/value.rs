//! Trait of all types that are decoded from the YAML tree.

use super::list_advice::joined;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::suggestion::{Fix, is_plain};
use crate::value_name::ValueName;
use crate::yaml::{Node, Origin, Value};

/// A type that can be read from a value of the tree.
pub(crate) trait Decode: Sized {
    /// What a message says is expected, with its article: "a list".
    fn expected() -> String;

    /// Decodes the value. None where it is invalid, which is then reported.
    fn decode(node: Node, findings: &mut Findings) -> Option<Self>;
}

/// A part that few values have is kept apart, so that the others take less memory.
impl<T: Decode> Decode for Box<T> {
    fn expected() -> String {
        T::expected()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        T::decode(node, findings).map(Self::new)
    }
}

/// What to write in place of a value of the wrong type; none where the message says it.
fn advice(name: ValueName, expected: &str, node: &Node) -> Option<(String, Option<Fix>)> {
    let text = match &node.value {
        Value::Scalar(scalar) if scalar.origin == Origin::Written => scalar.text.as_str(),
        Value::Mapping(entries) if expected == "a text" => {
            if let [entry] = entries.as_slice()
                && let Some(right) = joined(entry)
            {
                let help = format!("write `{right}`");
                return Some((help, Some(Fix::as_it_is(node.span, right))));
            }
            let help = "quote a text with `: ` in it, or remove the space";
            return Some((help.to_owned(), None));
        }
        Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_) | Value::Broken => return None,
    };
    let is_duration = text.ends_with(['w', 'd', 'h', 'm', 's'])
        && text.starts_with(|letter: char| letter.is_ascii_digit());
    match name {
        ValueName::Key(key @ ("deliver" | "issuer")) => {
            let help =
                format!("write `{key}: {{store: …, key: …}}`, with a store that `stores` declares");
            Some((help, None))
        }
        ValueName::Key("rotate") if is_duration && is_plain(text) => {
            let right = format!("{{before: {text}}}");
            let help = format!("write `{right}`");
            Some((help, Some(Fix::as_it_is(node.span, right))))
        }
        ValueName::Key("rotate") => {
            let help = "write when before its end a token is replaced: `rotate: {before: 14d}`";
            Some((help.to_owned(), None))
        }
        ValueName::Key("limits") => {
            let help = "write what each limit counts, such as `limits: {deleteAccounts: 2}`";
            Some((help.to_owned(), None))
        }
        ValueName::Entry("limits") => {
            let help = "write a number such as `2`, or a percentage such as `10%`";
            Some((help.to_owned(), None))
        }
        ValueName::Entry("stores")
            if is_plain(text.trim_start_matches('.').trim_start_matches('/')) =>
        {
            let right = format!("{{directory: {text}}}");
            let help = format!("write `{right}`");
            Some((help, Some(Fix::as_it_is(node.span, right))))
        }
        ValueName::File | ValueName::Key(_) | ValueName::Item(_) | ValueName::Entry(_) => None,
    }
}

/// Reports a value of the wrong type, unless it was reported already.
pub(crate) fn wrong_type<T: Decode>(node: &Node, findings: &mut Findings) {
    if matches!(node.value, Value::Broken) {
        return;
    }
    let expected = T::expected();
    let found = node.found();
    let is_null = matches!(&node.value, Value::Scalar(scalar) if scalar.is_null());
    // Of a block collection only the beginning is underlined: a whole section
    // in red says less than its first line.
    let place = match &node.value {
        Value::Mapping(_) => node.head(),
        _ if node.span.start == node.span.end => node.head(),
        _ => node.span,
    };
    let name = findings.reading();
    findings.push(if is_null {
        Finding::new(Code::WrongType, format!("{name} has no value"))
            .at(place, format!("expected {expected}"))
            .help(
                "write a value, or `[]` or `{}` for an empty list or mapping; to leave it unmanaged, remove the key",
            )
    } else {
        Finding::new(
            Code::WrongType,
            format!("{name} must be {expected}, not {found}"),
        )
        .at(place, format!("expected {expected}"))
        .advised(advice(name, &expected, node))
    });
}
