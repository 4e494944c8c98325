//! Rejects source descriptions of more than 255 characters, ISC's limit.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use model::Address;

/// ISC's limit.
const LONGEST: usize = 255;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for (name, source) in subject.managed_sources() {
        let address = Address::Source(name.clone());
        let length = source
            .description
            .as_ref()
            .map_or(0, |text| text.chars().count());
        if length <= LONGEST {
            continue;
        }
        if let Some(span) = subject.known(&address, "description") {
            findings.push(
                Finding::new(
                    Code::LongDescription,
                    format!("source description has {length} characters, limit {LONGEST}"),
                )
                .at(span, format!("longer than {LONGEST} characters"))
                .help("shorten it, for example with a link to a longer text"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::snippets;

    #[test]
    fn table() {
        let source =
            |text: &str| format!("sources: [{{name: S, owner: j, description: {text}}}]\n");
        snippets(
            Code::LongDescription,
            &[
                (&source(&"é".repeat(255)), 0),
                (&source(&"é".repeat(256)), 1),
                (&source("short"), 0),
            ],
        );
    }
}
