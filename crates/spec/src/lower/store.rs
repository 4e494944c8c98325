//! Stores.

use super::context::Context;
use super::template;
use crate::code::Code;
use crate::decode::{List, Text};
use crate::diagnostic::Finding;
use crate::raw::{RawStore, RawStoreKind};
use crate::span::Span;
use model::{StoreName, StoreSpec};
use std::collections::{BTreeMap, HashMap};

pub(super) fn lower(
    stores: Vec<(Text, RawStore)>,
    context: &mut Context<'_>,
) -> BTreeMap<StoreName, StoreSpec> {
    let mut lowered = BTreeMap::new();
    let mut names: HashMap<String, Span> = HashMap::new();
    for (name, store) in stores {
        if let Some(first) = names.get(&name.value) {
            context.findings.push(
                Finding::new(
                    Code::DuplicateStore,
                    format!("the store `{}` is declared twice", name.value),
                )
                .at(name.span, "declared again here")
                .at(*first, "first declared here")
                .help("remove one of the two, or give it another name"),
            );
            continue;
        }
        names.insert(name.value.clone(), name.span);
        let spec = match store.kind {
            RawStoreKind::Directory(directory) => StoreSpec::Directory {
                path: directory.value,
            },
            RawStoreKind::Command(command) => StoreSpec::Command {
                put: arguments(command.put, context),
                get: arguments(command.get, context),
            },
        };
        lowered.insert(StoreName::new(name.value), spec);
    }
    lowered
}

/// A program and its arguments, which have to name the key somewhere.
fn arguments(list: List<Text>, context: &mut Context<'_>) -> Vec<String> {
    if list.items.is_empty() && list.complete {
        context.findings.push(
            Finding::new(Code::Empty, "this command is empty")
                .at(list.head, "a program is needed here")
                .help("write the program and its arguments as a list"),
        );
    }
    let mut named = false;
    for argument in &list.items {
        for (offset, placeholder) in template::placeholders(&argument.value) {
            if placeholder == "{key}" {
                named = true;
            } else {
                context
                    .findings
                    .push(template::unknown(argument, offset, placeholder, &["key"]));
            }
        }
    }
    if !named && list.complete && !list.items.is_empty() {
        context.findings.push(
            Finding::new(
                Code::NoKeyPlaceholder,
                "this command does not say which secret it is about",
            )
            .at(list.head, "`{key}` stands in none of the arguments")
            .help("put `{key}` where the program expects the secret's name"),
        );
    }
    list.items.into_iter().map(|text| text.value).collect()
}
