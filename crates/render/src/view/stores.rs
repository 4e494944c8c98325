//! Stores of a plan: where secrets go, and who can read them there.

use crate::store_document::StoreDocument;
use model::{DeliveryState, Plan, StoreName, visible};
use std::collections::BTreeMap;

/// A store, with its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoreView {
    pub(crate) name: String,
    /// What it is, with its folder where it has one: `age secrets`.
    pub(crate) kind: String,
    /// Each fact with its name, such as a recipient.
    pub(crate) facts: Vec<(String, String)>,
}

/// The stores of a plan, by name.
pub(crate) fn stores(plan: &Plan) -> Vec<StoreView> {
    let mut secrets = secrets(plan);
    plan.stores
        .iter()
        .map(|(name, spec)| {
            let mut view = StoreView::new(StoreDocument::of(name, spec));
            let held = secrets.remove(name);
            view.facts
                .extend(held.map(|held| ("secrets".to_owned(), held)));
            view
        })
        .collect()
}

/// How many declared secrets each store has in which state, as text, such as
/// `2 delivered, 1 missing`.
pub(crate) fn secrets(plan: &Plan) -> BTreeMap<&StoreName, String> {
    let mut counts: BTreeMap<&StoreName, BTreeMap<DeliveryState, usize>> = BTreeMap::new();
    for delivery in &plan.deliveries {
        let states = counts.entry(&delivery.place.store).or_default();
        *states.entry(delivery.state).or_default() += 1;
    }
    let text = |states: BTreeMap<DeliveryState, usize>| {
        let parts: Vec<String> = DeliveryState::ALL
            .into_iter()
            .filter_map(|state| Some(format!("{} {state}", states.get(&state)?)))
            .collect();
        parts.join(", ")
    };
    counts
        .into_iter()
        .map(|(name, states)| (name, text(states)))
        .collect()
}

impl StoreView {
    fn new(store: StoreDocument) -> Self {
        let StoreDocument {
            name,
            kind,
            write_only,
            settings,
            directory,
            recipients,
            programs,
            environment,
        } = store;
        let recipients = recipients
            .into_iter()
            .map(|recipient| ("recipient".to_owned(), recipient));
        let programs = programs
            .into_iter()
            .map(|(name, program)| (name, quoted(&program)));
        let environment = environment
            .into_iter()
            .map(|variable| ("env".to_owned(), variable));
        let kind = match directory {
            Some(directory) => format!("{kind} {directory}"),
            None if write_only => format!("{kind} (write-only)"),
            None => kind,
        };
        Self {
            name: visible(&name),
            kind: visible(&kind),
            facts: settings
                .into_iter()
                .chain(recipients)
                .chain(programs)
                .chain(environment)
                .map(|(name, fact)| (visible(&name), visible(&fact)))
                .collect(),
        }
    }
}

/// A program and its arguments as one text in which each is told from the next.
fn quoted(program: &[String]) -> String {
    let is_plain = |word: &&String| {
        !word.is_empty()
            && word
                .chars()
                .all(|character| character.is_alphanumeric() || "-_./={}:@%+,".contains(character))
    };
    let words: Vec<String> = program
        .iter()
        .map(|word| match Some(word).filter(is_plain) {
            Some(plain) => plain.clone(),
            None => format!("{word:?}"),
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::StoreSpec;

    #[test]
    fn security_m5_readers_and_programs_are_shown_whole() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let fact = |name: &str, fact: &str| (name.to_owned(), fact.to_owned());
        for (spec, expected) in [
            (
                StoreSpec::Age {
                    directory: "secrets".to_owned(),
                    recipients: words(&["age1a", "age1\u{202e}b"]),
                    identity_file: "key".to_owned(),
                },
                vec![
                    fact("recipient", "age1a"),
                    fact("recipient", "age1\\u{202e}b"),
                ],
            ),
            (
                StoreSpec::Command {
                    put: words(&["our-put", "{key}", "a b", "x;\"y\""]),
                    get: Some(words(&["our-get", "{key}"])),
                    delete: Some(words(&["our-rm", "{key}"])),
                    not_found: None,
                    environment: ["OUR_TOKEN".to_owned()].into(),
                },
                vec![
                    fact("delete", "our-rm {key}"),
                    fact("get", "our-get {key}"),
                    fact("put", "our-put {key} \"a b\" \"x;\\\"y\\\"\""),
                    fact("env", "OUR_TOKEN"),
                ],
            ),
        ] {
            let store = StoreDocument::of(&"s".into(), &spec);
            assert_eq!(StoreView::new(store).facts, expected);
        }
    }
}
