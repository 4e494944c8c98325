//! Trait of all types that are decoded from the YAML tree.

use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::yaml::{Node, Value};

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
    });
}
