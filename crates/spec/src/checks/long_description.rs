//! Descriptions of sources are as short as ISC wants them: at most 255
//! characters.

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
                    format!("this description has {length} characters, more than ISC's {LONGEST}"),
                )
                .at(span, "too long")
                .help("shorten it; a link to a longer text may help"),
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
