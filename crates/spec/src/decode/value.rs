//! What every type that is read from the tree can do.

use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::yaml::{Node, Value};

/// A type that can be read from a value of the tree.
pub(crate) trait Decode: Sized {
    /// What is expected, with its article: "a list of scopes".
    fn expected() -> String;

    /// Reads the value. None where that is not possible, which is then noted
    /// among the findings.
    fn decode(node: Node, findings: &mut Findings) -> Option<Self>;
}

/// Notes that a value is of the wrong type, unless it was reported already.
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
    let mut finding = Finding::new(
        Code::WrongType,
        format!("expected {expected}, found {found}"),
    )
    .at(place, format!("expected {expected}"));
    if is_null {
        finding = finding.help(
            "leave the key out to leave the thing alone; write `[]` or `{}` for an empty list or mapping",
        );
    }
    findings.push(finding);
}
