//! Lowers `notify`: receivers of notices, whose addresses are secrets.

use super::context::Context;
use super::receiver::Receiver;
use crate::code::Code;
use crate::decode::{List, Text};
use crate::finding::Finding;
use crate::raw::RawReceiver;
use model::{NoticeEvent, NoticeReceiver, SigningKey};
use secrecy::SecretString;
use std::collections::BTreeSet;

/// Lowers the receivers. Names of variables and places are filled in where the texts of
/// the files are at hand.
pub(super) fn lower(receivers: List<RawReceiver>, context: &mut Context<'_>) -> Vec<Receiver> {
    receivers
        .items
        .into_iter()
        .map(|receiver| one(receiver, context))
        .collect()
}

fn one(receiver: RawReceiver, context: &mut Context<'_>) -> Receiver {
    let RawReceiver {
        kind,
        address,
        secret,
        on,
    } = receiver;
    let key_span = secret.as_ref().map(|secret| secret.span);
    Receiver {
        address: address.span,
        key: key_span,
        lowered: NoticeReceiver {
            kind,
            address: known(&address),
            variable: String::new(),
            key: match &secret {
                None => SigningKey::None,
                Some(text) => known(text).map_or_else(
                    || SigningKey::Unset {
                        variable: String::new(),
                    },
                    SigningKey::Key,
                ),
            },
            on: on.map_or_else(
                || NoticeEvent::DEFAULT.into_iter().collect(),
                |list| events(&list, context),
            ),
            declared_at: String::new(),
        },
    }
}

/// A text, where its variable is set. An empty value is as good as none: CI systems set
/// secrets that are withheld to nothing.
fn known(text: &Text) -> Option<SecretString> {
    let value = text.value.trim();
    (text.is_known() && !value.is_empty()).then(|| SecretString::from(value.to_owned()))
}

fn events(
    list: &List<crate::span::Spanned<crate::raw::RawNoticeEvent>>,
    context: &mut Context<'_>,
) -> BTreeSet<NoticeEvent> {
    if list.items.is_empty() && list.complete {
        context.findings.push(
            Finding::new(Code::Empty, "receiver of notices gets no events")
                .at(list.head, "empty list of events")
                .help("list events, such as `on: [drift, failure]`; or remove `on`, for all but `heartbeat`"),
        );
    }
    list.items.iter().map(|event| event.value.into()).collect()
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::snippets;

    #[test]
    fn a_receiver_is_of_one_kind() {
        let notify = |keys: &str| format!("notify: [{{{keys}}}]\n");
        let good = notify("slack: '${A}', on: [drift]");
        let key = notify("webhook: '${A}', secret: '${B}'");
        let two = notify("slack: '${A}', teams: '${B}'");
        let none = notify("on: [drift]");
        let unsigned = notify("slack: '${A}', secret: '${B}'");
        snippets(
            Code::ExclusiveKeys,
            &[(&good, 0), (&key, 0), (&two, 1), (&unsigned, 1)],
        );
        snippets(Code::MissingKey, &[(&good, 0), (&none, 1)]);
        let deaf = notify("slack: '${A}', on: []");
        snippets(Code::Empty, &[(&good, 0), (&deaf, 1)]);
        let misspelled = notify("slack: '${A}', on: [drifts]");
        snippets(Code::UnknownChoice, &[(&good, 0), (&misspelled, 1)]);
    }

    #[test]
    fn addresses_and_keys_are_variables() {
        let code = Code::LiteralNoticeAddress;
        for (value, count) in [
            ("'${A}'", 0),
            ("https://hooks.example/services/T0/B0/canary", 1),
            ("'https://hooks.example/${A}'", 1),
            ("'${A:-https://hooks.example/x}'", 1),
            ("'${A}${B}'", 1),
        ] {
            for key in ["slack", "teams", "webhook"] {
                let text = format!("notify:\n  - {key}: {value}\n");
                snippets(code, &[(&text, count)]);
            }
            let text = format!("notify: [{{webhook: '${{A}}', secret: {value}}}]\n");
            snippets(code, &[(&text, count)]);
        }
        let declared = "variables: {A: https://hooks.example/x}\nnotify: [{slack: '${A}'}]\n";
        snippets(code, &[(declared, 1)]);
    }

    #[test]
    fn a_plan_needs_no_address() {
        snippets(
            Code::UnsetVariable,
            &[
                ("notify: [{webhook: '${A}', secret: '${B}'}]\n", 0),
                ("notify: [{webhook: '${A}', on: ['${B}']}]\n", 1),
            ],
        );
    }
}
