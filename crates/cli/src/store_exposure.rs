//! Stores of readable secrets in a Git repository: `git add` must not take them along.

use crate::failure::Failure;
use crate::output::Output;
use crate::{spec_files, store_folders};
use applier::link_on_the_way;
use camino::{Utf8Path, Utf8PathBuf};
use model::{Spec, StoreName, StoreSpec, visible};
use std::io::{ErrorKind, Write as _};

/// What the file in such a folder has.
const RULES: &str = "# Written by steersman: secrets stay out of Git.\n*\n";

/// A store whose secrets the next `git add` would take along.
#[derive(Debug)]
pub(crate) struct Exposed {
    store: StoreName,
    /// As the files name it.
    folder: Utf8PathBuf,
    /// The top of the repository.
    repository: Utf8PathBuf,
}

impl Exposed {
    /// What is wrong.
    pub(crate) fn message(&self) -> String {
        let Self {
            store,
            folder,
            repository,
        } = self;
        format!(
            "the store {store} keeps readable secrets in {}, which the Git repository {} does not ignore",
            visible(folder.as_str()),
            visible(repository.as_str())
        )
    }

    /// What to do.
    pub(crate) fn help(&self) -> String {
        format!(
            "add /{}/ to .gitignore, or use an age store or a secret manager; `git ls-files {}` lists what was added before",
            visible(self.folder.as_str().trim_matches('/')),
            visible(self.folder.as_str())
        )
    }
}

/// The stores of a spec whose secrets Git would take along.
///
/// # Errors
/// Ignore rules that cannot be read.
pub(crate) fn exposed(spec: &Spec) -> Result<Vec<Exposed>, Failure> {
    let mut found = Vec::new();
    for (store, declared) in &spec.stores {
        let StoreSpec::Directory { path } = declared else {
            continue;
        };
        for real in store_folders::real(&[path]) {
            if let Some(repository) = spec_files::committed_in(Utf8Path::new(&real))? {
                found.push(Exposed {
                    store: store.clone(),
                    folder: path.into(),
                    repository,
                });
            }
        }
    }
    Ok(found)
}

/// Warns of each such store.
///
/// # Errors
/// Ignore rules that cannot be read.
pub(crate) fn warn(spec: &Spec, loaded: &spec::Loaded, output: &mut Output) -> Result<(), Failure> {
    for one in exposed(spec)? {
        let text = format!("warning: {}\n  help: {}", one.message(), one.help());
        output.talk(&loaded.without_values(&text));
    }
    Ok(())
}

/// Makes Git ignore each such store, before a secret is written there.
///
/// # Errors
/// A folder that has ignore rules of its own, or cannot be written.
pub(crate) fn protect(spec: &Spec, output: &mut Output) -> Result<(), Failure> {
    for one in exposed(spec)? {
        let rules = one.folder.join(".gitignore");
        match write(&one.folder, &rules) {
            Ok(()) => output.talk(&format!("note: wrote {rules}, because {}", one.message())),
            Err(error) => {
                let help = match error.kind() {
                    ErrorKind::AlreadyExists => {
                        format!("the rules in {rules} let secrets pass; {}", one.help())
                    }
                    _ => one.help(),
                };
                return Err(Failure::File {
                    message: format!("{}; nothing was changed", one.message()),
                    help: Some(help),
                    source: Some(Box::new(spec_files::plain(&error))),
                });
            }
        }
    }
    Ok(())
}

fn write(folder: &Utf8Path, rules: &Utf8Path) -> std::io::Result<()> {
    if let Some(link) = link_on_the_way(rules.as_std_path())? {
        return Err(std::io::Error::other(format!(
            "{} is a link",
            link.display()
        )));
    }
    make_private(folder)?;
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    options.open(rules)?.write_all(RULES.as_bytes())
}

#[cfg(unix)]
fn make_private(folder: &Utf8Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Utf8Path) -> std::io::Result<()> {
    fs_err::create_dir_all(folder)
}
