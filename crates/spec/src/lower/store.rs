//! Lowers stores.

use super::context::Context;
use super::program_variables::environment as program_variables;
use super::{ready_made, recipient, template};
use crate::code::Code;
use crate::decode::{List, Needed, Text};
use crate::finding::Finding;
use crate::raw::{RawAge, RawCommand, RawEnvironment, RawNotFound, RawStore, RawStoreKind};
use crate::span::Span;
use model::{NotFound, StoreName, StoreSpec};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
                    format!("store `{}` is declared twice", name.value),
                )
                .at(name.span, format!("`{}` declared again here", name.value))
                .at(*first, format!("`{}` first declared here", name.value))
                .help("remove one of the two, or give it another name"),
            );
            continue;
        }
        names.insert(name.value.clone(), name.span);
        let spec = match store.kind {
            RawStoreKind::Directory(directory) => Some(StoreSpec::Directory {
                path: directory.value,
            }),
            RawStoreKind::Command(command) => self::command(command, context),
            RawStoreKind::ReadyMade(raw) => {
                ready_made::lower(raw, context).map(StoreSpec::ReadyMade)
            }
            RawStoreKind::Age(age) => self::age(age, context),
            RawStoreKind::Environment(environment) => Some(variables(environment, context)),
        };
        if let Some(spec) = spec {
            lowered.insert(StoreName::new(name.value), spec);
        }
    }
    lowered
}

/// An age store; none where a part of it is missing.
fn age(age: RawAge, context: &mut Context<'_>) -> Option<StoreSpec> {
    let RawAge {
        head: _,
        broken: _,
        directory: Needed(directory),
        recipients: Needed(list),
        identity_file: Needed(identity_file),
    } = age;
    let recipients = list.map(|list| recipients(list, context));
    Some(StoreSpec::Age {
        directory: directory?.value,
        recipients: recipients?,
        identity_file: identity_file?.value,
    })
}

/// A store of variables.
fn variables(environment: RawEnvironment, context: &mut Context<'_>) -> StoreSpec {
    let RawEnvironment {
        head: _,
        broken: _,
        prefix,
    } = environment;
    if let Some(prefix) = prefix.as_ref().filter(|prefix| prefix.is_known()) {
        let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if prefix.value.is_empty() || !prefix.value.chars().all(is_part) {
            context.findings.push(
                Finding::new(
                    Code::WrongType,
                    format!(
                        "`{}` cannot be part of a variable's name",
                        prefix.value.escape_debug()
                    ),
                )
                .at(prefix.span, "not a part of a variable's name")
                .help("write upper-case letters, digits and `_`, such as `PROD`, or leave it out"),
            );
        }
    }
    StoreSpec::Environment {
        prefix: prefix.map(|prefix| prefix.value).unwrap_or_default(),
    }
}

/// A command store: it has a `get`, or is written to only.
fn command(command: RawCommand, context: &mut Context<'_>) -> Option<StoreSpec> {
    let RawCommand {
        head,
        broken,
        put: Needed(put),
        get,
        write_only,
        delete,
        not_found,
        environment,
    } = command;
    let is_write_only = write_only.as_ref().is_some_and(|written| written.value);
    match (&get, &write_only) {
        (None, _) if !is_write_only && !broken.contains(&"get") => context.findings.push(
            Finding::new(Code::MissingKey, "a command store requires the key `get`")
                .at(head, "missing `get`")
                .help("add `get`, the program that prints a document; or `writeOnly: true` where the target cannot be read"),
        ),
        (Some(get), Some(write_only)) if is_write_only => context.findings.push(
            Finding::new(
                Code::ExclusiveKeys,
                "a store that is written to only has no `get`",
            )
            .at(get.head, "program that reads")
            .at(write_only.span, "the store cannot be read")
            .help("remove `get`, or remove `writeOnly`"),
        ),
        _ => {}
    }
    let read = get.map(|get| arguments(get, context));
    let put = put.map(|put| arguments(put, context));
    let delete = delete.map(|delete| arguments(delete, context));
    let not_found = not_found.and_then(|not_found| self::not_found(not_found, context));
    let environment = environment
        .map(|names| program_variables(names, context))
        .unwrap_or_default();
    Some(StoreSpec::Command {
        put: put?,
        get: if is_write_only {
            None
        } else {
            Some(read.unwrap_or_default())
        },
        delete,
        not_found,
        environment,
    })
}

/// What says that there is no document; at least one thing does.
fn not_found(raw: RawNotFound, context: &mut Context<'_>) -> Option<NotFound> {
    let RawNotFound {
        head,
        broken,
        exit_codes,
        pattern,
    } = raw;
    let exit_codes: BTreeSet<u8> = exit_codes
        .into_iter()
        .flat_map(|codes| codes.items)
        .map(|code| code.value.0)
        .collect();
    if exit_codes.is_empty() && pattern.is_none() {
        // Without both, every failure would mean that there is no secret.
        if broken.is_empty() {
            context.findings.push(
                Finding::new(Code::Empty, "`notFound` declares nothing")
                    .at(head, "no `exitCodes` and no `pattern`")
                    .help("write `exitCodes: [2]`, `pattern: TEXT`, or both"),
            );
        }
        return None;
    }
    Some(NotFound {
        exit_codes,
        pattern: pattern.map(|pattern| pattern.value),
    })
}

/// Public keys, at least one. Messages do not quote them: the text may be a
/// private key by mistake.
fn recipients(list: List<Text>, context: &mut Context<'_>) -> Vec<String> {
    if list.items.is_empty() && list.complete {
        context.findings.push(
            Finding::new(Code::Empty, "age store has no recipients")
                .at(list.head, "empty list of recipients")
                .help("add the public key (`age1…`) that `age-keygen` prints"),
        );
    }
    for text in list.items.iter().filter(|text| text.is_known()) {
        if let Some(fault) = recipient::fault(&text.value) {
            context.findings.push(
                Finding::new(Code::WrongType, format!("invalid age public key: {fault}"))
                    .at(text.span, format!("age public key: {fault}"))
                    .help("write the public key (`age1…`) that `age-keygen -y FILE` prints"),
            );
        }
    }
    list.items.into_iter().map(|text| text.value).collect()
}

/// A program and its arguments, which have to name the key somewhere.
fn arguments(list: List<Text>, context: &mut Context<'_>) -> Vec<String> {
    if list.items.is_empty() && list.complete {
        context.findings.push(
            Finding::new(Code::Empty, "store command is empty")
                .at(list.head, "no program to run")
                .help("write the program and its arguments as a list"),
        );
    }
    let mut named = false;
    for argument in &list.items {
        for (offset, placeholder) in template::placeholders(&argument.value) {
            if placeholder == "{key}" {
                named = true;
                in_script(argument, offset, context);
            } else {
                // Probably meant to be `{key}`.
                named = true;
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
                "store command has no `{key}` placeholder",
            )
            .at(list.head, "no argument contains `{key}`")
            .help("put `{key}` where the program expects the secret's name"),
        );
    }
    list.items.into_iter().map(|text| text.value).collect()
}

/// An argument of several words is a script. A shell would run what a name of an account
/// or a token says: `$(…)`, or whatever comes after a `;`.
fn in_script(argument: &Text, offset: usize, context: &mut Context<'_>) {
    if !argument.value.contains(char::is_whitespace) {
        return;
    }
    context.findings.push(
        Finding::new(
            Code::UnsafeKey,
            "`{key}` is part of a script, which would run what a key says",
        )
        .at(
            template::within(argument, offset, "{key}"),
            "part of a script",
        )
        .help("write `\"$1\"` in the script, and after it two arguments: `sh` and `{key}`"),
    );
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::snippets;

    const KEY: &str = "age1gtlsq46gl2y723atu733v7jva6a36dxfxzgg95nlr6nwmjf28gcsn7xf7s";

    fn age(keys: &str) -> String {
        format!("stores: {{git: {{age: {{directory: secrets, identityFile: key, {keys}}}}}}}\n")
    }

    #[test]
    fn age_stores_name_public_keys() {
        let good = age(&format!("recipients: [{KEY}, {KEY}]"));
        let none = age("recipients: []");
        let mistyped = KEY.replace("gtl", "glt");
        let bad = age(&format!(
            "recipients: [{mistyped}, {KEY}, 'ssh-ed25519 AAAA']"
        ));
        snippets(Code::Empty, &[(&good, 0), (&none, 1)]);
        snippets(Code::WrongType, &[(&good, 0), (&none, 0), (&bad, 2)]);
        let short = "stores: {git: {age: {directory: secrets}}}\n";
        snippets(Code::MissingKey, &[(good.as_str(), 0), (short, 2)]);
    }

    fn command(keys: &str) -> String {
        format!(
            "stores: {{own: {{command: {{put: [a, '{{key}}'], get: [a, '{{key}}'], {keys}}}}}}}\n"
        )
    }

    #[test]
    fn security_h3_programs_name_variables_of_their_own() {
        let good = command("env: [VAULT_ADDR, _x1]");
        let own = command("env: [SAIL_CLIENT_SECRET, sail_x, STEERSMAN_VAR_X, SAILOR]");
        let bad = command("env: ['$HOME', A=b, 1x]");
        snippets(Code::WrongType, &[(&good, 0), (&own, 3), (&bad, 3)]);
    }

    #[test]
    fn security_s6_no_key_is_part_of_a_script() {
        let arguments = command(r#"delete: [sh, -c, 'rm "$1"', sh, '{key}']"#);
        let part = command("delete: [vault, 'secret/{key}/x']");
        let script = command("delete: [sh, -c, 'rm {key}']");
        let lines = command("delete: [sh, -c, \"set -e\\nrm '{key}'\"]");
        snippets(
            Code::UnsafeKey,
            &[(&arguments, 0), (&part, 0), (&script, 1), (&lines, 1)],
        );
    }

    #[test]
    fn what_says_not_found_is_declared() {
        let good = command("notFound: {exitCodes: [2, 4], pattern: 'No value*'}");
        let nothing = command("notFound: {}");
        let zero = command("notFound: {exitCodes: [0, 256, 2]}");
        snippets(Code::Empty, &[(&good, 0), (&nothing, 1)]);
        snippets(Code::OutOfRange, &[(&good, 0), (&zero, 2)]);
        let delete = command("delete: [a, b]");
        let misspelled = command("delete: [a, '{kex}']");
        snippets(Code::NoKeyPlaceholder, &[(&delete, 1), (&misspelled, 0)]);
        snippets(Code::UnknownPlaceholder, &[(&misspelled, 1)]);
    }

    #[test]
    fn a_store_is_of_one_kind() {
        let both =
            "stores: {git: {directory: a, command: {put: [a, '{key}'], get: [a, '{key}']}}}\n";
        let age = format!(
            "stores: {{git: {{directory: a, age: {{directory: a, recipients: [{KEY}], identityFile: f}}}}}}\n"
        );
        snippets(Code::ExclusiveKeys, &[(both, 1), (&age, 1)]);
    }

    #[test]
    fn keys_stay_below_an_age_store_too() {
        let account = "serviceAccounts: [{id: a, name: .., email: a@example.com, purpose: p, issuer: {store: git, key: '{account}/x'}}]\n";
        let store = age(&format!("recipients: [{KEY}]"));
        snippets(Code::UnsafeKey, &[(&format!("{store}{account}"), 1)]);
    }
}
