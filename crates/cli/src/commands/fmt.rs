//! `steersman fmt`: formats the YAML files of a spec.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::spec_files;
use crate::whole_file::{self, Readers};
use camino::Utf8PathBuf;
use clap::Args;
use pretty_yaml::config::{FormatOptions, LanguageOptions, LayoutOptions, Quotes};
use render::{counted, file_difference};

/// Format indentation and quotes; keep comments, order and meaning
///
/// Example: `steersman fmt accounts --check`
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Files, or folders with *.yaml and *.yml files
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<Utf8PathBuf>,
    /// Change nothing; exit with 2 if a file would change
    #[arg(long)]
    check: bool,
    /// Show what would change, and change nothing; exit codes of --check
    #[arg(long)]
    diff: bool,
}

impl Fmt {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let files = spec_files::read(&self.paths)?;
        let count = files.len();
        // All files are formatted before the first one is written.
        let mut changed = Vec::new();
        for spec::SourceFile { path, bytes } in files {
            let text = String::from_utf8(bytes).map_err(|_| Failure::File {
                message: format!("{path} is not UTF-8; nothing was formatted"),
                help: Some(
                    "save the file as UTF-8; `steersman validate` shows the place".to_owned(),
                ),
                source: None,
            })?;
            refuse_unreadable(&path, &text)?;
            let formatted = formatted(&path, &text)?;
            if formatted != text {
                changed.push((path, text, formatted));
            }
        }
        let only_look = self.check || self.diff;
        for (path, before, text) in &changed {
            if !only_look {
                whole_file::write(path, text.as_bytes(), Readers::AsBefore)?;
            }
            if self.diff {
                let [before, text] = [before, text].map(|text| without_secrets(path, text));
                output.data(file_difference(path.as_str(), &before, &text).trim_end());
            } else {
                output.data(path.as_str());
            }
        }
        let verb = if only_look {
            "would be formatted"
        } else {
            "formatted"
        };
        output.talk(&format!(
            "{} of {}: {verb}",
            changed.len(),
            counted(count, "file")
        ));
        Ok(if only_look && !changed.is_empty() {
            Exit::Changes
        } else {
            Exit::Done
        })
    }
}

/// The text of a file as it is shown.
fn without_secrets(path: &Utf8PathBuf, text: &str) -> String {
    let file = spec::SourceFile {
        path: path.clone(),
        bytes: text.as_bytes().to_vec(),
    };
    let loaded = spec::load(vec![file], &spec::Options::default());
    let shown = loaded.sources.text(path);
    shown.map(str::to_owned).unwrap_or_default()
}

/// How many values and lines a file may have to be formatted. The formatter takes up to
/// a kilobyte for each.
const MOST: usize = 200_000;

/// Refuses a file that the reader of specs refuses to parse, and one that is too large:
/// the formatter has no limit of its own, and values that are nested too deep end the
/// process.
fn refuse_unreadable(path: &Utf8PathBuf, text: &str) -> Result<(), Failure> {
    let file = spec::SourceFile {
        path: path.clone(),
        bytes: text.as_bytes().to_vec(),
    };
    let loaded = spec::load(vec![file], &spec::Options::default());
    let unreadable = loaded.diagnostics.iter().find(|diagnostic| {
        matches!(
            diagnostic.code,
            spec::Code::Syntax | spec::Code::TooLarge | spec::Code::NotUtf8
        )
    });
    let parts = loaded.values + text.lines().count();
    match unreadable {
        None if parts > MOST => Err(Failure::File {
            message: format!(
                "cannot format {path}: it has {parts} values and lines, limit {MOST}; nothing was formatted"
            ),
            help: Some(
                "split it into several files; all files of a folder are one spec".to_owned(),
            ),
            source: None,
        }),
        None => Ok(()),
        Some(diagnostic) => Err(Failure::File {
            message: format!(
                "cannot format {path}: {}; nothing was formatted",
                diagnostic.message
            ),
            help: Some("run `steersman validate` to see the place".to_owned()),
            source: None,
        }),
    }
}

fn formatted(path: &Utf8PathBuf, text: &str) -> Result<String, Failure> {
    let options = FormatOptions {
        layout: LayoutOptions {
            print_width: 120,
            indent_width: 2,
            ..LayoutOptions::default()
        },
        language: LanguageOptions {
            quotes: Quotes::PreferDouble,
            brace_spacing: false,
            bracket_spacing: false,
            ..LanguageOptions::default()
        },
    };
    let invalid = |error: String| Failure::File {
        message: format!("{path} is invalid YAML: {error}; nothing was formatted"),
        help: Some("run `steersman validate` to see the place".to_owned()),
        source: None,
    };
    let formatted =
        pretty_yaml::format_text(text, &options).map_err(|error| invalid(error.to_string()))?;
    let meaning = |text: &str| serde_yaml::from_str::<serde_yaml::Value>(text);
    match (meaning(text), meaning(&formatted)) {
        (Ok(before), Ok(after)) if before == after => Ok(formatted),
        (Err(error), _) => Err(invalid(error.to_string())),
        // A file never changes its meaning, whatever the formatter does.
        (Ok(_), _) => Err(Failure::File {
            message: format!(
                "formatting would change the meaning of {path}; nothing was formatted"
            ),
            help: None,
            source: None,
        }),
    }
}
