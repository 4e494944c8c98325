//! Expansion of the variables in the values of all files.

use super::given::GivenValues;
use super::malformed;
use super::substitute::{MOST_IN_FILE, Substituted, substitute};
use super::unset::{Unset, Use};
use super::values::Variables;
use crate::checks::literal_notice_address;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::mask::names_a_secret;
use crate::span::Span;
use crate::yaml::{Node, Value};

/// The fields of `tenant` that may name any environment variable.
const TENANT: [&str; 3] = ["baseUrl", "clientId", "clientSecret"];

/// The fields of a receiver of notices that are secrets.
const NOTICE: [&str; 4] = ["slack", "teams", "webhook", "secret"];

/// Expands variables, and remembers what was unset over all files.
#[derive(Debug)]
pub(crate) struct Expansion<'a> {
    variables: &'a Variables,
    /// Whether the fields of `tenant` are not used, so that they need no values.
    without_tenant: bool,
    unset: Unset,
    given: GivenValues,
    /// How many bytes the texts with variables of this file may still have; none
    /// once that was too little.
    left: Option<usize>,
}

/// The file that is expanded.
struct File<'a, 'f> {
    text: &'a str,
    findings: &'f mut Findings,
}

impl<'a> Expansion<'a> {
    pub(crate) fn new(variables: &'a Variables, without_tenant: bool) -> Self {
        Self {
            variables,
            without_tenant,
            unset: Unset::default(),
            given: GivenValues::default(),
            left: None,
        }
    }

    /// Begins with a file, which has a limit of its own.
    pub(crate) fn begin(&mut self) {
        self.left = Some(MOST_IN_FILE);
    }

    /// Expands the variables of an item of a list, like those of a file.
    pub(crate) fn expand_item(&mut self, item: &mut Node, text: &str, findings: &mut Findings) {
        self.below(item, Use::Value, &mut File { text, findings });
    }

    /// Expands the variables of a file. A text with an invalid reference, or that
    /// gets too long, is reported and becomes broken. One with an unset variable
    /// becomes unknown, so that nothing is said about it but that.
    pub(crate) fn expand(&mut self, root: &mut Node, text: &str, findings: &mut Findings) {
        let mut file = File { text, findings };
        let Value::Mapping(entries) = &mut root.value else {
            self.below(root, Use::Value, &mut file);
            return;
        };
        for entry in entries {
            match entry.key.text.as_str() {
                // Their values are texts without variables.
                "variables" => {}
                "tenant" => self.tenant(&mut entry.value, &mut file),
                "notify" => self.notify(&mut entry.value, &mut file),
                _ => self.below(&mut entry.value, Use::Value, &mut file),
            }
        }
    }

    /// Reports the variables that are not set, each once, and returns the values that were
    /// put in.
    pub(crate) fn finish(self, findings: &mut Findings) -> GivenValues {
        self.unset.report(self.variables, findings);
        self.given
    }

    fn tenant(&mut self, node: &mut Node, file: &mut File<'_, '_>) {
        let Value::Mapping(entries) = &mut node.value else {
            self.below(node, Use::Value, file);
            return;
        };
        for entry in entries {
            let name = entry.key.text.as_str();
            // The value of a misspelled key is not used.
            if !TENANT.contains(&name) {
                continue;
            }
            let purpose = match (TENANT.contains(&name), names_a_secret(name)) {
                (true, true) => Use::TenantSecret,
                (true, false) => Use::Tenant,
                (false, true) => Use::Secret,
                (false, false) => Use::Value,
            };
            self.below(&mut entry.value, purpose, file);
        }
    }

    /// The addresses and keys of receivers, which need no value where nothing is sent.
    fn notify(&mut self, node: &mut Node, file: &mut File<'_, '_>) {
        let Value::Sequence(items) = &mut node.value else {
            self.below(node, Use::Value, file);
            return;
        };
        for item in items {
            let Value::Mapping(entries) = &mut item.value else {
                self.below(item, Use::Value, file);
                continue;
            };
            for entry in entries {
                let is_secret = NOTICE.contains(&entry.key.text.as_str());
                let purpose = if is_secret { Use::Notice } else { Use::Value };
                self.below(&mut entry.value, purpose, file);
            }
        }
    }

    fn below(&mut self, node: &mut Node, purpose: Use, file: &mut File<'_, '_>) {
        match &mut node.value {
            Value::Sequence(items) => {
                for item in items {
                    self.below(item, purpose, file);
                }
            }
            Value::Mapping(entries) => {
                for entry in entries {
                    // Most values have no variable, so this is looked at last.
                    let purpose = match purpose {
                        Use::Value
                            if has_variable(&entry.value) && names_a_secret(&entry.key.text) =>
                        {
                            Use::Secret
                        }
                        purpose => purpose,
                    };
                    self.below(&mut entry.value, purpose, file);
                }
            }
            Value::Scalar(scalar) if scalar.text.contains("${") => {
                let written = std::mem::take(&mut scalar.text);
                match self.scalar(&written, node.span, purpose, file) {
                    Some(substituted) => {
                        scalar.text = substituted.text;
                        scalar.origin = substituted.origin;
                    }
                    None => node.value = Value::Broken,
                }
            }
            Value::Scalar(_) | Value::Broken => {}
        }
    }

    /// One text with its variables expanded; None where it cannot be used.
    fn scalar<'t>(
        &mut self,
        written: &'t str,
        span: Span,
        purpose: Use,
        file: &mut File<'_, '_>,
    ) -> Option<Substituted<'t>> {
        // The limit of the file was reported where it was reached.
        let left = self.left?;
        let is_tenant = matches!(purpose, Use::Tenant | Use::TenantSecret);
        let Ok(substituted) = substitute(written, self.variables, is_tenant) else {
            file.findings.push(
                Finding::new(
                    Code::LongExpansion,
                    "text is longer than 64 KiB with its variables",
                )
                .at(span, "limit 64 KiB")
                .help("write a shorter text, or give the variables shorter values"),
            );
            return None;
        };
        for name in &substituted.given {
            if let Some((value, _)) = self.variables.value(name, is_tenant) {
                self.given.add(name, value, is_in_words(written, name));
            }
        }
        self.left = left.checked_sub(substituted.text.len());
        if self.left.is_none() {
            file.findings.push(
                Finding::new(
                    Code::LongExpansion,
                    "texts with variables of this file are longer than 4 MiB",
                )
                .at(span, "limit of 4 MiB reached here")
                .help("use fewer variables, give them shorter values, or split the file"),
            );
            return None;
        }
        for reference in &substituted.malformed {
            file.findings.push_with(Code::MalformedVariable, || {
                Finding::new(Code::MalformedVariable, "invalid variable reference")
                    .at(
                        within(span, file.text, reference),
                        "expected `${NAME}` or `${NAME:-default}`",
                    )
                    .help(malformed::instead(reference, purpose))
            });
        }
        if !substituted.malformed.is_empty() {
            return None;
        }
        if substituted.declared && purpose == Use::TenantSecret {
            file.findings.push(
                Finding::new(
                    Code::LiteralClientSecret,
                    "client secret is written in a file, under `variables`",
                )
                .at(span, "everyone with access to the repository can use this secret")
                .help(
                    "remove it from `variables`, and set it in the environment; if the secret is real, revoke it, because it stays in the Git history",
                ),
            );
            return None;
        }
        if substituted.declared && purpose == Use::Notice {
            let key = "address";
            file.findings
                .push(literal_notice_address(key, span, "SLACK_WEBHOOK"));
            return None;
        }
        let is_needed = match purpose {
            Use::Notice => false,
            Use::Tenant | Use::TenantSecret => !self.without_tenant,
            Use::Value | Use::Secret => true,
        };
        if !self.variables.are_mocked() && is_needed {
            for reference in &substituted.unset {
                self.unset.add(reference.name, purpose, || {
                    within(span, file.text, reference.written)
                });
            }
        }
        Some(substituted)
    }
}

/// Whether letters or digits are beside a reference to a variable.
fn is_in_words(written: &str, name: &str) -> bool {
    let begin = format!("${{{name}");
    written.match_indices(&begin).any(|(start, _)| {
        let before = written[..start].chars().next_back();
        let rest = &written[start..];
        let after = rest
            .find('}')
            .and_then(|end| rest[end + 1..].chars().next());
        // Another reference brings letters.
        let is_part = |beside: char| beside.is_alphanumeric() || matches!(beside, '$' | '}');
        [before, after].into_iter().flatten().any(is_part)
    })
}

/// The span of a reference in the text of its scalar.
fn within(scalar: Span, text: &str, reference: &str) -> Span {
    text.get(scalar.start as usize..scalar.end as usize)
        .and_then(|written| written.find(reference))
        .and_then(|offset| {
            let start = scalar.start + u32::try_from(offset).ok()?;
            let end = start + u32::try_from(reference.len()).ok()?;
            Some(Span {
                start,
                end,
                ..scalar
            })
        })
        .unwrap_or(scalar)
}

/// Whether a text in a value may have a variable.
fn has_variable(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.contains("${"),
        Value::Sequence(items) => items.iter().any(has_variable),
        // Their own keys are looked at one by one; what a secret's key has below is rare.
        Value::Mapping(entries) => !entries.is_empty(),
        Value::Broken => false,
    }
}
