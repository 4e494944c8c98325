//! `steersman init`: writes a starting repository.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use std::io::Write;

/// Write a commented starting repository that validates and plans
///
/// Example: `steersman init service-accounts --ci github`
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Folder to write to; created if missing
    #[arg(value_name = "DIR", default_value = ".")]
    folder: Utf8PathBuf,
    /// Alias of the identity that owns the source
    ///
    /// Example: `--owner john.smith`
    ///
    /// The simulated tenant has the identity jane.doe.
    #[arg(long, value_name = "ALIAS", default_value = DEFAULT_OWNER, value_parser = alias)]
    owner: String,
    /// Also write a CI pipeline
    #[arg(long, value_name = "SYSTEM")]
    ci: Option<Ci>,
}

/// The administrator of a new simulated tenant.
const DEFAULT_OWNER: &str = "jane.doe";

/// The file that gets a line, where it exists.
const IGNORE: &str = ".gitignore";

/// A CI system with a pipeline template.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Ci {
    Github,
    Gitlab,
}

/// A file of the new repository.
struct File {
    path: &'static str,
    text: String,
}

impl Init {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let files = self.files()?;
        let there: Vec<&str> = files
            .iter()
            .map(|file| file.path)
            .filter(|path| fs_err::symlink_metadata(self.folder.join(path)).is_ok())
            .collect();
        if !there.is_empty() {
            return Err(Failure::File {
                message: format!(
                    "{} already contains {}; nothing was written",
                    self.folder,
                    there.join(", ")
                ),
                help: Some("choose an empty folder, or move these files".to_owned()),
                source: None,
            });
        }
        let paths = files.iter().map(|file| file.path);
        if let Some(link) = paths.chain([IGNORE]).find_map(|path| self.link_on(path)) {
            return Err(Failure::File {
                message: format!("{link} is a link; nothing was written"),
                help: Some(
                    "steersman does not write through links: choose another folder, or remove the link"
                        .to_owned(),
                ),
                source: None,
            });
        }
        for file in &files {
            let path = self.place(file.path);
            write_new(&path, &file.text).map_err(|error| Failure::File {
                message: format!("cannot write {path}"),
                help: None,
                source: Some(Box::new(error)),
            })?;
            output.talk(&format!("wrote {path}"));
        }
        let ignore = self.place(IGNORE);
        if ignore_secrets(&ignore).map_err(|error| Failure::File {
            message: format!("cannot write {ignore}"),
            help: Some(
                "add /.steersman/ to it, to keep secrets of local runs out of Git".to_owned(),
            ),
            source: Some(Box::new(error)),
        })? {
            output.talk(&format!("wrote {ignore}"));
        }
        let enter = if self.folder == "." {
            String::new()
        } else {
            format!("cd {}\n  ", self.folder)
        };
        let owner = if self.owner == DEFAULT_OWNER {
            "name the owner in accounts/steersman.yaml, "
        } else {
            ""
        };
        output.data(&format!(
            "\nNext, with a simulated tenant:\n  {enter}steersman validate\n  steersman plan --simulate\n  steersman apply --simulate\n\nWith a real tenant: {owner}set SAIL_BASE_URL,\nSAIL_CLIENT_ID and SAIL_CLIENT_SECRET, and leave out --simulate."
        ));
        Ok(Exit::Done)
    }

    /// The first link on the way from the folder to one of its files.
    fn link_on(&self, path: &str) -> Option<Utf8PathBuf> {
        // The folder itself is the operator's, who names it.
        let link = applier::link_below(self.folder.as_std_path(), path.as_ref())?;
        Some(self.place(link.to_str()?))
    }

    /// A path in the folder, as a person would write it.
    fn place(&self, path: &str) -> Utf8PathBuf {
        if self.folder == "." {
            path.into()
        } else {
            self.folder.join(path)
        }
    }

    fn files(&self) -> Result<Vec<File>, Failure> {
        let schema =
            render::json_text(&spec::json_schema()).map_err(|error| Failure::Internal {
                message: "cannot write the schema".to_owned(),
                source: Box::new(error),
            })?;
        let sources =
            include_str!("../../templates/init/steersman.yaml").replace("OWNER", &self.owner);
        let plain = |path, text: &str| File {
            path,
            text: text.to_owned(),
        };
        let mut files = vec![
            File {
                path: "accounts/steersman.yaml",
                text: sources,
            },
            plain(
                "accounts/accounts.yaml",
                include_str!("../../templates/init/accounts.yaml"),
            ),
            plain(
                "tenants/prod.yaml",
                include_str!("../../templates/init/tenant.yaml"),
            ),
            File {
                path: "schemas/steersman.schema.json",
                text: schema + "\n",
            },
        ];
        files.extend(self.ci.map(|ci| match ci {
            Ci::Github => plain(
                ".github/workflows/service-accounts.yml",
                include_str!("../../templates/init/github.yml"),
            ),
            Ci::Gitlab => plain(
                ".gitlab-ci.yml",
                include_str!("../../templates/init/gitlab.yml"),
            ),
        }));
        Ok(files)
    }
}

/// Writes a new file, and creates its folders.
fn write_new(path: &Utf8Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_str().is_empty()) {
        fs_err::create_dir_all(folder)?;
    }
    fs_err::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?
        .write_all(text.as_bytes())
}

/// Adds the folder of local secrets to a `.gitignore`. Returns whether the file
/// changed.
fn ignore_secrets(path: &Utf8Path) -> std::io::Result<bool> {
    let added = include_str!("../../templates/init/gitignore");
    let there = match fs_err::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let ignored = |line: &str| line.trim_matches('/') == ".steersman";
    if there.lines().any(|line| ignored(line.trim())) {
        return Ok(false);
    }
    let gap = if there.is_empty() || there.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    fs_err::write(path, format!("{there}{gap}{added}"))?;
    Ok(true)
}

/// An alias that needs no quotes in YAML.
fn alias(text: &str) -> Result<String, String> {
    let plain = |character: char| character.is_alphanumeric() || "._-@".contains(character);
    if text.starts_with(char::is_alphabetic) && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected an alias of letters, digits, dots, hyphens, underscores or @, that begins with a letter".to_owned())
    }
}
