//! Variables that files declare: a `variables:` section, and a `--var-file`.

use super::substitute::literal;
use crate::code::Code;
use crate::decode::Decode;
use crate::finding::{Finding, Findings};
use crate::raw::RawVariables;
use crate::yaml::{self, Node, Value, Values};

/// The variables of the `variables:` section of a file. Invalid ones are left out;
/// reading the document reports them.
pub(crate) fn of_tree(root: &Node) -> Vec<(String, String)> {
    let Value::Mapping(entries) = &root.value else {
        return Vec::new();
    };
    let Some(section) = entries.iter().find(|entry| entry.key.text == "variables") else {
        return Vec::new();
    };
    let mut unreported = Findings::default();
    RawVariables::decode(section.value.clone(), &mut unreported).map_or_else(Vec::new, values)
}

/// The variables of a `--var-file`: a mapping of names to texts.
pub(crate) fn of_file(text: &str, file: u32, findings: &mut Findings) -> Vec<(String, String)> {
    let Some(tree) = yaml::read(text, file, &mut Values::default(), findings) else {
        return Vec::new();
    };
    if let Value::Scalar(scalar) = &tree.value
        && !scalar.is_null()
    {
        // Its text is not quoted: it has values, which may be secrets.
        let message = "file of variables must be a mapping of names to texts, not a text";
        findings.push(
            Finding::new(Code::WrongType, message)
                .at(tree.span, "expected a mapping")
                .help("write each variable as `NAME: value`, on a line of its own"),
        );
        return Vec::new();
    }
    RawVariables::decode(tree, findings).map_or_else(Vec::new, values)
}

fn values(variables: RawVariables) -> Vec<(String, String)> {
    variables
        .entries
        .into_iter()
        .map(|(name, value)| (name, literal(&value)))
        .collect()
}
