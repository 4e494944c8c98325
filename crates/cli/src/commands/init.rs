//! `steersman init`: writes a starting repository, or a pipeline for one.

mod ignoring;
mod pipelines;
mod system;
mod tenant_names;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::spec_files;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use model::StoreSpec;
use pipelines::{File, page, plain_path};
use std::io::Write;
use system::Ci;
use tenant_names::TenantNames;

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
    /// Also write a pipeline; only that, where the folder has a spec
    ///
    /// Example: `steersman init --ci gitlab`
    ///
    /// The pipeline validates and plans pull requests, applies an approved plan after the
    /// merge, and looks for drift and rotates due tokens on schedule. docs/ci.md describes it.
    #[arg(long, value_name = "SYSTEM")]
    ci: Option<Ci>,
    /// Path of the spec that the pipeline uses; repeatable
    ///
    /// Example: `--path accounts --path tenants/prod.yaml`
    ///
    /// Default: accounts and tenants/prod.yaml, or else the whole repository.
    #[arg(long = "path", value_name = "PATH", requires = "ci", value_parser = plain_path)]
    paths: Vec<String>,
    /// Pipeline of this tenant, beside those of others
    ///
    /// Example: `steersman init --ci github --tenant test`
    ///
    /// Its workflows, environments, groups and state have names of their own, such as
    /// `test-read` instead of `tenant-read`. Default of --path: accounts and
    /// tenants/NAME.yaml, which is written where it is missing.
    #[arg(long, value_name = "NAME", requires = "ci", value_parser = TenantNames::parse)]
    tenant: Option<String>,
    /// Replace pipelines that are in the folder
    #[arg(long, requires = "ci")]
    replace: bool,
}

/// The folder of the spec in a new repository.
const ACCOUNTS: &str = "accounts";

/// The administrator of a new simulated tenant.
const DEFAULT_OWNER: &str = "jane.doe";

/// The file that gets a line, where it exists.
const IGNORE: &str = ".gitignore";

impl Init {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        // A pipeline can be added to a repository; everything else begins one.
        let only_pipeline = self.ci.is_some() && self.has_spec();
        let names = TenantNames::of(self.tenant.as_deref());
        let mut files = if only_pipeline {
            Vec::new()
        } else {
            starting_files(&self.owner, &names)?
        };
        let paths = self.pipeline_paths(&names, only_pipeline)?;
        let mut entry = None;
        if let Some(ci) = self.ci {
            if only_pipeline && self.paths.is_empty() && self.is_missing_tenant(&names) {
                files.push(tenant_file(&names));
            }
            entry = ci.entry(&names).filter(|(path, _)| self.has(path));
            let kept = |file: &File| {
                let is_entry = entry.as_ref().is_some_and(|(path, _)| *path == file.path);
                let is_of_others = self.tenant.is_some() && !self.replace && file.is_shared;
                is_entry || is_of_others && self.has(&file.path)
            };
            self.refuse_second_pipeline(ci, &names)?;
            let pipeline = ci.files(&paths, &names);
            files.extend(pipeline.into_iter().filter(|file| !kept(file)));
        }
        self.refuse_existing(&files)?;
        self.refuse_links(&files)?;
        for file in &files {
            let path = self.place(&file.path);
            let replaced = self.has(&file.path);
            let written = if replaced {
                fs_err::write(&path, &file.text)
            } else {
                write_new(&path, &file.text)
            };
            written.map_err(|error| Failure::File {
                message: format!("cannot write {path}"),
                help: None,
                source: Some(Box::new(error)),
            })?;
            output.talk(&format!(
                "{} {path}",
                if replaced { "replaced" } else { "wrote" }
            ));
        }
        self.write_ignore(output)?;
        if let Some((path, line)) = entry {
            output.talk(&format!("kept {}; add to it: {line}", self.place(path)));
        }
        if !only_pipeline {
            output.lines(&self.next());
        }
        if let Some(ci) = self.ci {
            output.lines(&format!("\n{}", ci.next(&names)));
            if self.tenant.is_some() {
                output.lines(&format!(
                    "\nThe files of several tenants do not belong together: name those of one tenant in each command, such as `steersman plan {}`, and write its address as `baseUrl` into {}, so that no other tenant can get them.",
                    paths.join(" "),
                    names.tenant_file()
                ));
            }
            if let Some(stores) = self.folder_stores(&paths, only_pipeline) {
                output.lines(&format!(
                    "\nA runner keeps no files, and {stores} in a folder of its own: before the first apply, declare an age store that the jobs commit, or a secret manager, as described at {}",
                    page("stores.md")
                ));
            }
        }
        Ok(Exit::Done)
    }

    /// Whether the folder has files of a spec.
    fn has_spec(&self) -> bool {
        spec_files::read(std::slice::from_ref(&self.folder)).is_ok_and(|files| !files.is_empty())
    }

    /// The stores that keep readable files, in words; none where there are none. A new
    /// repository has one.
    fn folder_stores(&self, paths: &[String], has_spec: bool) -> Option<String> {
        let names: Vec<String> = if has_spec {
            let paths: Vec<Utf8PathBuf> = paths.iter().map(|path| self.folder.join(path)).collect();
            let files = spec_files::read(&paths).ok()?;
            let options = spec::Options {
                variables: spec::Variables::default().mocked(),
                without_tenant: true,
                ..spec::Options::default()
            };
            let stores = spec::load(files, &options).spec?.stores;
            let is_folder = |store: &StoreSpec| matches!(store, StoreSpec::Directory { .. });
            stores
                .iter()
                .filter(|(_, store)| is_folder(store))
                .map(|(name, _)| name.to_string())
                .collect()
        } else {
            vec!["local".to_owned()]
        };
        match names.as_slice() {
            [] => None,
            [only] => Some(format!("the store {only} keeps secrets")),
            several => Some(format!("the stores {} keep secrets", several.join(", "))),
        }
    }

    fn has(&self, path: &str) -> bool {
        fs_err::symlink_metadata(self.folder.join(path)).is_ok()
    }

    /// The paths of the spec that the pipeline names.
    fn pipeline_paths(&self, names: &TenantNames, has_spec: bool) -> Result<Vec<String>, Failure> {
        let usual = [ACCOUNTS.to_owned(), names.tenant_file()];
        let missing = self.paths.iter().find(|path| !self.has(path));
        if let Some(path) = missing.filter(|_| has_spec) {
            return Err(Failure::File {
                message: format!("{} has no {path}; nothing was written", self.folder),
                help: Some("name files and folders of the spec, from this folder".to_owned()),
                source: None,
            });
        }
        Ok(if !self.paths.is_empty() {
            self.paths.clone()
        } else if !has_spec
            || usual.iter().all(|path| self.has(path))
            || self.is_missing_tenant(names)
        {
            usual.to_vec()
        } else if let Some(tenant) = &self.tenant {
            return Err(Failure::File {
                message: format!(
                    "{} has no folder {ACCOUNTS}, so the files of the tenant {tenant} are not known; nothing was written",
                    self.folder
                ),
                help: Some("name the files and folders of its spec with --path".to_owned()),
                source: None,
            });
        } else {
            vec![".".to_owned()]
        })
    }

    /// Whether the tenant has a name and no file yet, in a repository of the usual shape.
    fn is_missing_tenant(&self, names: &TenantNames) -> bool {
        self.tenant.is_some() && self.has(ACCOUNTS) && !self.has(&names.tenant_file())
    }

    /// Files that are in the folder already are only replaced where a person asked for it.
    fn refuse_existing(&self, files: &[File]) -> Result<(), Failure> {
        let there: Vec<&str> = files
            .iter()
            .map(|file| file.path.as_str())
            .filter(|path| self.has(path))
            .collect();
        let pipelines_only = self.ci.is_some() && self.has_spec();
        if there.is_empty() || pipelines_only && self.replace {
            return Ok(());
        }
        Err(Failure::File {
            message: format!(
                "{} already contains {}; nothing was written",
                self.folder,
                there.join(", ")
            ),
            help: Some(if pipelines_only && self.tenant.is_none() {
                "for another tenant, add --tenant NAME; or move these files, or replace them with --replace"
                    .to_owned()
            } else if pipelines_only {
                "move these files, or replace them with --replace".to_owned()
            } else {
                "choose an empty folder, or move these files".to_owned()
            }),
            source: None,
        })
    }

    /// Two pipelines of one tenant have groups and states of their own, so that nothing would
    /// keep their applies apart.
    fn refuse_second_pipeline(&self, ci: Ci, names: &TenantNames) -> Result<(), Failure> {
        if self.tenant.is_none() {
            return Ok(());
        }
        let tenant_file = names.tenant_file();
        let unnamed = ci.files(std::slice::from_ref(&tenant_file), &TenantNames::of(None));
        let is_of_it = |file: &File| {
            !file.is_shared
                && fs_err::read_to_string(self.folder.join(&file.path))
                    .is_ok_and(|text| text.contains(&tenant_file))
        };
        let Some(there) = unnamed.iter().find(|file| is_of_it(file)) else {
            return Ok(());
        };
        Err(Failure::File {
            message: format!(
                "{} already has {tenant_file} in {}; nothing was written",
                self.folder, there.path
            ),
            help: Some(
                "choose the name of another tenant, or remove the pipeline without a name first"
                    .to_owned(),
            ),
            source: None,
        })
    }

    fn refuse_links(&self, files: &[File]) -> Result<(), Failure> {
        let paths = files.iter().map(|file| file.path.as_str());
        let Some(link) = paths.chain([IGNORE]).find_map(|path| self.link_on(path)) else {
            return Ok(());
        };
        Err(Failure::File {
            message: format!("{link} is a link; nothing was written"),
            help: Some(
                "steersman does not write through links: choose another folder, or remove the link"
                    .to_owned(),
            ),
            source: None,
        })
    }

    fn write_ignore(&self, output: &mut Output) -> Result<(), Failure> {
        let ignore = self.place(IGNORE);
        let written = ignoring::add_to(&ignore).map_err(|error| Failure::File {
            message: format!("cannot write {ignore}"),
            help: Some(
                "add /.steersman/ to it, to keep secrets of local runs out of Git".to_owned(),
            ),
            source: Some(Box::new(error)),
        })?;
        if written {
            output.talk(&format!("wrote {ignore}"));
        }
        Ok(())
    }

    /// The next commands in a new repository.
    fn next(&self) -> String {
        let enter = if self.folder == "." {
            String::new()
        } else {
            format!("cd {}\n  ", model::shell_quoted(self.folder.as_str()))
        };
        let owner = if self.owner == DEFAULT_OWNER {
            "name the owner in accounts/steersman.yaml, "
        } else {
            ""
        };
        format!(
            "\nNext, with a simulated tenant:\n  {enter}steersman validate\n  steersman plan --simulate\n  steersman apply --simulate=.steersman/tenant.json\n\nWith a real tenant: {owner}set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, and leave out --simulate."
        )
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
}

/// The files of a new repository.
fn starting_files(owner: &str, names: &TenantNames) -> Result<Vec<File>, Failure> {
    let schema = render::json_text(&spec::json_schema()).map_err(|error| Failure::Internal {
        message: "cannot write the schema".to_owned(),
        source: Box::new(error),
    })?;
    let sources = include_str!("../../templates/init/steersman.yaml").replace("OWNER", owner);
    let accounts = include_str!("../../templates/init/accounts.yaml").to_owned();
    Ok(vec![
        spec_file("accounts/steersman.yaml", sources),
        spec_file("accounts/accounts.yaml", accounts),
        tenant_file(names),
        spec_file("schemas/steersman.schema.json", schema + "\n"),
    ])
}

/// The file of a tenant, without any value.
fn tenant_file(names: &TenantNames) -> File {
    let path = names.tenant_file();
    let text = include_str!("../../templates/init/tenant.yaml").replace("tenants/prod.yaml", &path);
    spec_file(&path, text)
}

fn spec_file(path: &str, text: String) -> File {
    File {
        path: path.to_owned(),
        text,
        is_shared: false,
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

/// An alias that needs no quotes in YAML.
fn alias(text: &str) -> Result<String, String> {
    let plain = |character: char| character.is_alphanumeric() || "._-@".contains(character);
    if text.starts_with(char::is_alphabetic) && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected an alias of letters, digits, dots, hyphens, underscores or @, that begins with a letter".to_owned())
    }
}
