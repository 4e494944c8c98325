//! Opens the stores of a run: for which tenant, and whether their programs may run.

use crate::arguments::{CommandArguments, StoreArguments};
use crate::confirmation::ask;
use crate::environment;
use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use crate::session::Session;
use crate::store_exposure;
use applier::{Commands, StoreSettings, Stores};
use model::{Plan, Spec, StoreName, StoreSpec, visible};
use std::collections::BTreeSet;
use std::io::IsTerminal;

/// Opens the stores for a command that only reads: programs run only where the
/// operator allowed it.
pub(crate) fn open(spec: &Spec, session: &Session, commands: CommandArguments) -> Stores {
    with(spec, session, commands.permission())
}

/// Opens the stores for a plan, which can be made without asking any.
pub(crate) fn open_to_plan(spec: &Spec, session: &Session, arguments: StoreArguments) -> Stores {
    with(spec, session, arguments.permission())
}

/// Opens the stores for a command that writes: on a terminal it asks whether the
/// programs may run. Also makes Git ignore the secrets, and removes temporary files of runs
/// that were killed.
///
/// # Errors
/// A store that Git would commit all the same, or whose temporary files cannot be removed.
pub(crate) async fn open_to_write(
    spec: &Spec,
    session: &Session,
    commands: CommandArguments,
    may_ask: bool,
    output: &mut Output,
) -> Result<Stores, Failure> {
    let permission = match commands.permission() {
        Commands::NotAllowed
            if may_ask && std::io::stdin().is_terminal() && approved(spec, output) =>
        {
            Commands::Allowed
        }
        permission => permission,
    };
    store_exposure::protect(spec, output)?;
    let stores = with(spec, session, permission);
    stores
        .remove_leftovers()
        .await
        .map_err(|error| Failure::Internal {
            message: "cannot remove temporary files of an interrupted run".to_owned(),
            source: Box::new(error),
        })?;
    Ok(stores)
}

/// Shows what a person should know about the stores.
pub(crate) fn show_notices(stores: &Stores, output: &mut Output) {
    for notice in stores.take_notices() {
        output.talk(&format!("warning: {}", visible(&notice)));
    }
}

/// Shows that stores were not asked, and the flag that allows it.
pub(crate) fn show_not_asked(stores: &Stores, output: &mut Output) {
    let not_asked = stores.not_asked();
    if !not_asked.is_empty() {
        let names: Vec<&str> = not_asked.iter().map(StoreName::as_str).collect();
        output.talk(&format!(
            "note: not asked: {}, because {} that the files name; check the programs, then add `--allow-commands`",
            names.join(", "),
            if names.len() == 1 {
                "this store runs a program"
            } else {
                "these stores run programs"
            }
        ));
    }
}

/// Shows that tokens are not listed which may be issuer tokens.
pub(crate) fn show_may_be_issuers(plan: &Plan, output: &mut Output) {
    let text = match plan.may_be_issuers.len() {
        0 => return,
        1 => "1 token of a declared account may be its issuer token, and is".to_owned(),
        number => {
            format!("{number} tokens of declared accounts may be their issuer tokens, and are")
        }
    };
    output.talk(&format!(
        "note: {text} not listed as unmanaged, because the stores were not asked"
    ));
}

/// Shows which stores a plan did not ask.
pub(crate) fn show_left_out(stores: &Stores, arguments: StoreArguments, output: &mut Output) {
    match arguments.permission() {
        Commands::NoStore => {
            output
                .talk("note: no store was asked; the plan assumes that each holds what it should");
        }
        Commands::Allowed | Commands::NotAllowed => show_not_asked(stores, output),
    }
}

fn with(spec: &Spec, session: &Session, commands: Commands) -> Stores {
    let settings = StoreSettings {
        tenant: session.secrets_of(),
        commands,
        environment: environment::for_programs(),
        redactor: redactor().clone(),
    };
    Stores::new(&spec.stores, &settings)
}

/// Asks whether the programs of the stores that are used may run.
fn approved(spec: &Spec, output: &mut Output) -> bool {
    let programs = programs(spec);
    if programs.is_empty() {
        return false;
    }
    output.talk("The files name these programs, which store and read secrets:");
    for program in programs {
        output.talk(&format!("  {}", visible(&program)));
    }
    ask(output, "Run them?")
}

/// The programs of the command stores that issuers and tokens use, with arguments.
fn programs(spec: &Spec) -> BTreeSet<String> {
    let used: BTreeSet<&StoreName> = spec
        .accounts
        .values()
        .flat_map(|account| {
            let tokens = account.tokens.iter().flat_map(model::TokenSpecs::values);
            let delivered = tokens.map(|token| &token.deliver);
            account.issuer.iter().chain(delivered)
        })
        .map(|place| &place.store)
        .collect();
    let mut programs = BTreeSet::new();
    for (name, store) in &spec.stores {
        if !used.contains(name) {
            continue;
        }
        match store {
            StoreSpec::Directory { .. } | StoreSpec::Age { .. } | StoreSpec::Environment { .. } => {
            }
            StoreSpec::Command {
                put, get, delete, ..
            } => {
                let words = [Some(put), get.as_ref(), delete.as_ref()];
                let words = words.into_iter().flatten();
                programs.extend(words.map(|words| format!("{name}: {}", words.join(" "))));
            }
            StoreSpec::ReadyMade(ready_made) => {
                let kind = &ready_made.kind;
                let settings = kind.settings().into_iter();
                let settings: Vec<String> = settings
                    .map(|(setting, value)| format!("{setting} {value}"))
                    .collect();
                programs.insert(
                    format!("{name}: {} {}", kind.program(), settings.join(", "))
                        .trim_end()
                        .to_owned(),
                );
            }
        }
    }
    programs
}
