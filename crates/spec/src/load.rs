//! Entry point of the crate: loads files into a spec, or into diagnostics.

use crate::checks;
use crate::code::{Code, Severity};
use crate::decode::Decode;
use crate::diagnostic::{Diagnostic, DiagnosticReport, Label, NotRead};
use crate::finding::{Finding, Findings};
use crate::left_out::{self, LeftOut};
use crate::lower::{Receiver, Tenancy, lower};
use crate::merge::merge;
use crate::places::Places;
use crate::raw::{RawAccount, RawAccounts, RawDocument};
use crate::real_folders::RealFolders;
use crate::source::{SourceFile, Sources};
use crate::span::Span;
use crate::value_name::ValueName;
use crate::variables::{Expansion, GivenValues, Variables, of_file, of_tree};
use crate::yaml::{self, Items, Node, Value, Values};
use model::{NoticeReceiver, Problem, SigningKey, Spec};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many values files may have in which reading has found an error, so that the checks
/// of the whole are made: those of twenty thousand accounts with a token each. The checks
/// take more memory than reading, which only a spec that can be read is worth.
const MOST_WITH_ERRORS: usize = 500_000;

/// Options of loading a spec.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The variables that the files may use.
    pub variables: Variables,
    /// Files with more of them: each a YAML mapping of names to texts.
    pub variable_files: Vec<SourceFile>,
    /// Spec files that ignore rules leave out.
    pub left_out: Vec<LeftOut>,
    /// YAML files without the key `steersman`, which are only told.
    pub not_read: Vec<NotRead>,
    /// Whether the fields of `tenant` are not used, because the tenant is simulated
    /// or none is needed: then they may name variables that are not set.
    pub without_tenant: bool,
    /// What `{tenant}` stands for in store keys. Without it, what `tenant.baseUrl` makes
    /// of it; where that is not known either, the word `tenant`.
    pub tenant_in_keys: Option<String>,
    /// Files beside the tenant's that declare other tenants, as a person would write their
    /// paths. The stores of all may be the same.
    pub other_tenants: Vec<String>,
    /// Where the folders of stores really are, in the same order, without links and
    /// relative parts. Without it, two stores are compared as they are written.
    pub real_folders: Option<RealFolders>,
    /// How many problems are listed; 1,000 where nothing is said. A collector of SARIF
    /// takes more.
    pub most_problems: Option<usize>,
    /// The codes that are not reported. Only those that [`Code::can_be_allowed`]
    /// names count.
    pub allow: BTreeSet<Code>,
}

/// Result of loading: the spec or the problems, and where everything is declared.
#[derive(Debug)]
pub struct Loaded {
    /// The spec. None where the files have an error.
    pub spec: Option<Spec>,
    /// Every problem, in the order of the files and of the places in them.
    pub diagnostics: Vec<Diagnostic>,
    /// How many problems beyond those that are listed there are.
    pub omitted: usize,
    /// How many items of lists and files were not checked, because there are 1,000
    /// errors.
    pub unchecked: usize,
    /// YAML files without the key `steersman` that may be meant for the spec.
    pub not_read: Vec<NotRead>,
    /// How many values the files have, keys included.
    pub values: usize,
    /// Where each object of the spec is declared. Also set where the spec is None.
    pub places: Places,
    /// The texts of the files, for rendering the diagnostics.
    pub sources: Arc<Sources>,
    /// The values that were given for variables.
    given: GivenValues,
}

/// Reads the files of a spec and checks all that can be checked without the
/// tenant. The order of the files is the order of the diagnostics.
pub fn load(files: Vec<SourceFile>, options: &Options) -> Loaded {
    let mut findings = Findings::allowing(
        &options.allow,
        options.most_problems.unwrap_or(Findings::MOST),
    );
    let mut secrets = Vec::new();
    let mut sources = Sources::default();
    let mut documents = Vec::with_capacity(files.len());
    let mut index = 0;
    let variables = variables(&files, options);
    let mut expansion = Expansion::new(&variables, options.without_tenant);
    let mut values = Values::default();
    for file in files {
        if findings.are_enough() || values.are_too_many() {
            findings.leave_unchecked(1);
            documents.push(None);
            continue;
        }
        let (text, readable) = decode_text(file.bytes, index, &mut findings);
        let document = readable.then(|| {
            document(
                &text,
                index,
                &mut values,
                &mut expansion,
                &mut findings,
                &mut secrets,
            )
        });
        documents.push(document.flatten());
        sources.push(file.path, text);
        index += 1;
    }
    let given = expansion.finish(&mut findings);
    for file in &options.variable_files {
        let (text, readable) = decode_text(file.bytes.clone(), index, &mut findings);
        if readable {
            of_file(&text, index, &mut findings);
        }
        // The values may be secrets, whatever they are called.
        secrets.push(whole(&text, index));
        sources.push(file.path.clone(), text);
        index += 1;
    }
    left_out::report(&options.left_out, index, &mut sources, &mut findings);
    if findings.are_enough() || values.are_too_many() {
        // What follows would take as much memory again, and find what is not shown.
        documents = vec![None];
    }
    let are_many = values.number() > MOST_WITH_ERRORS;
    if are_many && findings.errors() > 0 {
        for document in documents.iter_mut().flatten() {
            findings.leave_unchecked(document.accounts());
        }
        documents = vec![None];
    }
    let merged = merge(documents, &mut findings);
    let tenancy = Tenancy {
        in_keys: options.tenant_in_keys.as_deref(),
        others: &options.other_tenants,
    };
    let mut partial = lower(merged, tenancy, &mut findings);
    checks::run(&partial, options.real_folders, &mut findings);
    // After a mistake, `rotate` may be there and could not be read.
    if findings.errors() == 0 {
        std::mem::take(&mut partial.ends).report(&mut findings);
    }
    for secret in secrets {
        sources.mask(secret);
    }
    partial.spec.tenant.declared_at = partial.address.map(|span| {
        let place = sources.locate(span);
        format!("{}:{}:{}", place.file, place.line, place.column)
    });
    partial.spec.notify = std::mem::take(&mut partial.receivers)
        .into_iter()
        .map(|receiver| placed(receiver, &sources))
        .collect();
    let spec = (findings.errors() == 0).then_some(partial.spec);
    let (omitted, unchecked) = (findings.omitted(), findings.unchecked());
    let sources = Arc::new(sources);
    Loaded {
        spec,
        diagnostics: findings.into_diagnostics(&sources, &given),
        omitted,
        unchecked,
        not_read: options.not_read.clone(),
        values: values.number(),
        places: Places::new(partial.places, Arc::clone(&sources)),
        sources,
        given,
    }
}

impl Loaded {
    /// A text about the spec without the values that were given for variables, which may be
    /// secrets: with `${NAME}` in place of each.
    pub fn without_values<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.given.hidden(text)
    }

    /// Turns a problem that planning found in the tenant into a diagnostic with its
    /// place in the files.
    pub fn diagnose(&self, problem: &Problem) -> Diagnostic {
        let label = self
            .places
            .locate(&problem.address, problem.field.as_deref())
            .map(|place| Label::new(place, "not possible in this tenant"));
        Diagnostic {
            code: problem.code.parse().unwrap_or(Code::AtTenant),
            severity: if problem.is_warning() {
                Severity::Warning
            } else {
                Severity::Error
            },
            message: problem.message.clone(),
            help: Some(problem.help.clone()),
            suggestion: None,
            labels: label.into_iter().collect(),
        }
    }

    /// The result of checking the files, as a document for programs.
    pub fn report(&self) -> DiagnosticReport {
        let (errors, warnings) = self.counts();
        DiagnosticReport {
            format_version: 1,
            valid: self.spec.is_some(),
            errors,
            warnings,
            omitted: self.omitted,
            unchecked: self.unchecked,
            not_read: self.not_read.clone(),
            diagnostics: self.diagnostics.clone(),
        }
    }

    /// How many of the listed problems are errors and how many are warnings.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count();
        (errors, self.diagnostics.len() - errors)
    }
}

/// The variables that were given, those of files for variables, and those that the
/// files of the spec declare. What is wrong with them is reported elsewhere.
fn variables(files: &[SourceFile], options: &Options) -> Variables {
    let mut variables = options.variables.clone();
    let mut unreported = Findings::default();
    for file in &options.variable_files {
        if let Ok(text) = std::str::from_utf8(&file.bytes) {
            variables.add_file(of_file(text, 0, &mut unreported));
        }
    }
    for file in files {
        // Few files declare variables, and the others are not parsed twice.
        let text = std::str::from_utf8(&file.bytes).unwrap_or_default();
        if text.contains("variables")
            && let Some(tree) = without_accounts(text, &mut unreported)
        {
            variables.add_declared(of_tree(&tree));
        }
    }
    variables
}

/// The tree of a file but for its accounts.
fn without_accounts(text: &str, findings: &mut Findings) -> Option<Node> {
    let items = Items {
        key: ACCOUNTS,
        take: &mut drop,
    };
    yaml::read_items(text, 0, Some(items), &mut Values::default(), findings)
}

/// A receiver with its place and the names of its variables.
fn placed(receiver: Receiver, sources: &Sources) -> NoticeReceiver {
    let Receiver {
        lowered: mut receiver,
        address,
        key,
    } = receiver;
    // Another text than a variable was refused.
    let variable = |span: Span| {
        let written = sources.written(span).trim_matches(['"', '\'', ' ']);
        let name = written.strip_prefix("${")?.strip_suffix('}')?;
        Some(name.trim_end_matches(":-").to_owned())
    };
    receiver.variable = variable(address).unwrap_or_default();
    if let (SigningKey::Unset { variable: name }, Some(key)) = (&mut receiver.key, key) {
        *name = variable(key).unwrap_or_default();
    }
    let place = sources.locate(address);
    receiver.declared_at = format!("{}:{}:{}", place.file, place.line, place.column);
    receiver
}

/// The span of a whole text.
fn whole(text: &str, file: u32) -> Span {
    Span {
        end: u32::try_from(text.len()).unwrap_or(u32::MAX),
        ..yaml::beginning(file)
    }
}

/// One file's document; None where it is invalid. Its accounts are decoded one by one
/// while the file is read, so that there is never a tree of all of them.
fn document(
    text: &str,
    file: u32,
    values: &mut Values,
    expansion: &mut Expansion<'_>,
    findings: &mut Findings,
    secrets: &mut Vec<Span>,
) -> Option<RawDocument> {
    let before = findings.errors();
    let mut accounts = Accounts {
        aside: findings.aside(),
        decoded: Vec::new(),
        complete: true,
    };
    expansion.begin();
    let mut take = |item| accounts.take(item, text, expansion, secrets);
    let items = Items {
        key: ACCOUNTS,
        take: &mut take,
    };
    let Some(mut tree) = yaml::read_items(text, file, Some(items), values, findings) else {
        if findings.errors() == before {
            findings.push(
                Finding::new(Code::MissingKey, "spec file is empty")
                    .at(yaml::beginning(file), "file has no YAML content")
                    .help("start the file with `steersman: v1`, or remove it"),
            );
        }
        return None;
    };
    findings.absorb(accounts.aside);
    secrets.extend(checks::find_secrets(&mut tree, findings));
    expansion.expand(&mut tree, text, findings);
    let is_later = is_of_later_version(&tree);
    // What a later version means is not known.
    let mut document = RawDocument::decode(tree, findings).filter(|_| !is_later)?;
    if let Some(section) = &mut document.service_accounts
        && let Some(list) = &mut section.content
    {
        list.items = accounts.decoded;
        list.complete = accounts.complete;
    }
    Some(document)
}

/// Whether a file says that it is written for a later version of the language.
fn is_of_later_version(tree: &Node) -> bool {
    let Value::Mapping(entries) = &tree.value else {
        return false;
    };
    entries
        .iter()
        .filter(|entry| entry.key.text == "steersman")
        .any(|entry| match &entry.value.value {
            Value::Scalar(scalar) => scalar
                .text
                .trim_start_matches(['v', 'V'])
                .parse::<u32>()
                .is_ok_and(|version| version > 1),
            Value::Sequence(_) | Value::Mapping(_) | Value::Broken => false,
        })
}

/// The key of the list that is decoded item by item.
const ACCOUNTS: &str = "serviceAccounts";

/// The accounts of a file while it is read.
struct Accounts {
    /// What was found in them. It does not count if the file cannot be read to its end.
    aside: Findings,
    /// Each by itself, so that lowering one gives its memory back.
    decoded: RawAccounts,
    complete: bool,
}

impl Accounts {
    fn take(
        &mut self,
        mut item: Node,
        text: &str,
        expansion: &mut Expansion<'_>,
        secrets: &mut Vec<Span>,
    ) {
        if self.aside.are_enough() {
            self.aside.leave_unchecked(1);
            self.complete = false;
            return;
        }
        secrets.extend(checks::find_secrets_of_item(&mut item, &mut self.aside));
        expansion.expand_item(&mut item, text, &mut self.aside);
        let name = ValueName::Item(ACCOUNTS);
        let account = self
            .aside
            .below(name, |findings| Box::<RawAccount>::decode(item, findings));
        self.complete &= account.is_some();
        self.decoded.extend(account);
    }
}

/// The text of a file, and whether it is valid UTF-8. Invalid bytes are replaced,
/// so that the place can still be shown.
fn decode_text(bytes: Vec<u8>, file: u32, findings: &mut Findings) -> (String, bool) {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return (text, true),
        Err(error) => error,
    };
    let valid = error.utf8_error().valid_up_to();
    let length = error.utf8_error().error_len().unwrap_or(1);
    let position = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    let bytes = error.as_bytes();
    let help = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the file is UTF-16: save it as UTF-8",
        _ => "save the file as UTF-8",
    };
    findings.push(
        Finding::new(Code::NotUtf8, "file is not UTF-8")
            .at(
                Span {
                    file,
                    start: position(valid),
                    end: position(valid + length),
                },
                "invalid UTF-8 bytes",
            )
            .help(help),
    );
    (String::from_utf8_lossy(bytes).into_owned(), false)
}
