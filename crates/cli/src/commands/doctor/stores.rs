//! Checks of the stores: folders can be written to, programs are there.

use super::list::List;
use crate::environment::variable;
use crate::exit_code::Exit;
use crate::store_exposure::{self, Exposed};
use applier::{Ability, StoreCheck, Stores};
use model::{Spec, StoreKey, StoreName, StoreSpec, error_chain};
use render::doctor::CheckName;
use std::path::Path;

/// What a store is tried with: no key of a secret.
const KEY: &str = "steersman-check";

/// Tries each store. Programs run only where the operator allowed it; else it is looked
/// for them.
pub(super) async fn check(list: &mut List, spec: &Spec, stores: &Stores, allowed: bool) {
    let tried = if allowed {
        "writing, reading and deleting the document steersman-check in each store"
    } else {
        "writing an empty temporary file in each folder; looking for each program in PATH"
    };
    if spec.stores.is_empty() {
        list.ok(CheckName::Stores, tried, "no store is declared");
        return;
    }
    let (mut problems, mut unproven) = (Vec::new(), Vec::new());
    for (name, declared) in &spec.stores {
        let found = if allowed {
            of_check(stores.check(name).await)
        } else {
            without_programs(name, declared, stores).await
        };
        match found {
            Found::Works => {}
            Found::Unproven => unproven.push(name.to_string()),
            Found::Fails(why) => problems.push(format!("{name}: {why}")),
        }
    }
    if !problems.is_empty() {
        let help = "mend the folder, or install the program and set PATH; `steersman store check` tries each store in full";
        list.fail(
            CheckName::Stores,
            tried,
            problems.join("\n"),
            Some(help.to_owned()),
            Exit::Error,
        );
    } else if let Some(found) = exposed(spec) {
        let (messages, help) = found;
        list.warn(CheckName::Stores, tried, messages, help);
    } else if unproven.is_empty() {
        let count = render::counted(spec.stores.len(), "store");
        list.ok(CheckName::Stores, tried, format!("{count} can be used"));
    } else {
        list.not_checked(
            CheckName::Stores,
            format!(
                "because no program of the files may run; the programs of {} are there",
                unproven.join(", ")
            ),
            Some("check the programs, then add `--allow-commands`".to_owned()),
        );
    }
}

/// What is wrong with stores that Git would commit, and what to do; none where there is
/// none.
fn exposed(spec: &Spec) -> Option<(String, String)> {
    let found = store_exposure::exposed(spec).ok()?;
    let help = found.first()?.help();
    let messages: Vec<String> = found.iter().map(Exposed::message).collect();
    Some((messages.join("\n"), help))
}

enum Found {
    Works,
    /// It looks right, and was not tried.
    Unproven,
    Fails(String),
}

fn of_check(check: StoreCheck) -> Found {
    let StoreCheck {
        write,
        read,
        delete,
    } = check;
    for (what, ability) in [("write", write), ("read", read), ("delete", delete)] {
        if let Ability::Failed(why) = ability {
            return Found::Fails(format!("cannot {what}: {why}"));
        }
    }
    Found::Works
}

async fn without_programs(name: &StoreName, declared: &StoreSpec, stores: &Stores) -> Found {
    let programs: Vec<&str> = match declared {
        StoreSpec::Directory { .. } | StoreSpec::Age { .. } => {
            let key = StoreKey {
                store: name.clone(),
                key: KEY.to_owned(),
            };
            return match stores.probe(&key).await {
                Ok(()) => Found::Works,
                Err(error) => Found::Fails(error_chain(&error)),
            };
        }
        // Variables are there, or they are not.
        StoreSpec::Environment { .. } => return Found::Works,
        StoreSpec::Command {
            put, get, delete, ..
        } => [Some(put), get.as_ref(), delete.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|words| words.first())
            .map(String::as_str)
            .collect(),
        StoreSpec::ReadyMade(ready_made) => vec![ready_made.kind.program()],
    };
    let path = variable("PATH").unwrap_or_default();
    let mut absent: Vec<&str> = programs
        .into_iter()
        .filter(|program| !is_there(program, &path))
        .collect();
    absent.dedup();
    if absent.is_empty() {
        Found::Unproven
    } else {
        Found::Fails(format!("{} is not in PATH", absent.join(", ")))
    }
}

/// Whether a program can be found: by its path, or in the folders of PATH.
fn is_there(program: &str, path: &str) -> bool {
    if program.contains(std::path::MAIN_SEPARATOR) {
        return is_program(Path::new(program));
    }
    std::env::split_paths(path).any(|folder| {
        is_program(&folder.join(program))
            || is_program(&folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
    })
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
