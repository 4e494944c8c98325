//! Each help that proposes a text is a change of the file, and the change fixes the problem.
//!
//! `cargo test -p spec --test suggestions -- --nocapture` prints how many codes have one.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests of files; the crate itself reads none"
)]

use spec::{Code, Diagnostic, Loaded, Options, SourceFile, Suggestion, Variables};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// A spec with mistakes, by a name.
struct Case {
    name: String,
    files: Vec<SourceFile>,
}

/// All wrong specs: a folder for each code, those of people's mistakes, those that the
/// explanations show, and the small ones below.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for set in ["wrong", "mistakes"] {
        for entry in fs::read_dir(format!("{FOLDER}/{set}")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name == "snapshots" {
                continue;
            }
            let paths = if path.is_dir() {
                let entries = fs::read_dir(&path).unwrap();
                entries.map(|entry| entry.unwrap().path()).collect()
            } else {
                vec![path]
            };
            let mut files: Vec<SourceFile> = paths
                .iter()
                .map(|path| SourceFile {
                    path: path.file_name().unwrap().to_str().unwrap().into(),
                    bytes: fs::read(path).unwrap(),
                })
                .collect();
            files.sort_by(|one, other| one.path.cmp(&other.path));
            cases.push(Case { name, files });
        }
    }
    for explanation in spec::explanations() {
        let Some(example) = explanation.example else {
            continue;
        };
        let files = example.wrong.iter().enumerate().map(|(number, text)| {
            let text = if text.contains("steersman") {
                (*text).to_owned()
            } else {
                format!("steersman: v1\n{text}")
            };
            SourceFile {
                path: format!("{number}.yaml").into(),
                bytes: text.into_bytes(),
            }
        });
        cases.push(Case {
            name: format!("the example of {}", explanation.code),
            files: files.collect(),
        });
    }
    for (right, wrong) in SMALL {
        assert!(SPEC.contains(right), "{right}");
        cases.push(Case {
            name: (*wrong).to_owned(),
            files: vec![SourceFile {
                path: "a.yaml".into(),
                bytes: SPEC.replacen(right, wrong, 1).into_bytes(),
            }],
        });
    }
    cases
}

const SPEC: &str = "\
steersman: v1
tenant:
  baseUrl: https://acme.api.identitynow.com
sources:
  - name: Service Accounts
    owner: jane.doe
    unmanaged: keep
    attributes:
      - name: team
    identityProfile:
      name: Service Accounts
      mappings: {uid: name, lastname: team}
      invite: true
stores:
  local: {directory: secrets}
defaults:
  issuer: {store: local, key: '{account}/issuer'}
  token: {deliver: {store: local, key: '{account}/{token}'}}
profiles:
  sources: {token: {accessTokenValidity: 15m}}
policy: {maxTokenLifetime: 180d}
serviceAccounts:
  - id: SA-001
    source: Service Accounts
    profile: sources
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    attributes: {team: iam}
    userLevels: [SOURCE_ADMIN]
    tokens:
      - name: sources
        scopes: [idn:sources:manage]
        expires: 90d
";

/// Mistakes in that spec: the right text, and the wrong one.
const SMALL: &[(&str, &str)] = &[
    ("steersman: v1", "steersman: 1"),
    ("steersman: v1\n", ""),
    ("steersman: v1", "steersman: \"V1\""),
    ("https://acme.api", "acme.api"),
    ("https://acme.api", "\"https://acme\" # api"),
    ("sources:", "sourcs:"),
    ("owner: jane.doe", "ownr: jane.doe"),
    ("unmanaged: keep", "unmanaged: kep"),
    ("unmanaged: keep", "unmanaged: 'kep'"),
    ("invite: true", "invite: yes"),
    ("invite: true", "invite: \"true\""),
    ("invite: true", "invite: False"),
    ("mappings: {uid: name,", "mappings: {"),
    (
        "mappings: {uid: name, lastname: team}",
        "mappings:\n        lastname: team",
    ),
    ("lastname: team", "lastname: tem"),
    ("lastname: team", "lastnam: team"),
    (
        "{store: local, key: '{account}/issuer'}",
        "{store: locl, key: a}",
    ),
    ("'{account}/{token}'", "'{acount}/{token}'"),
    ("'{account}/{token}'", "\"{account}/{tokn}\""),
    ("accessTokenValidity: 15m", "accessTokenValidity: 15 min"),
    ("maxTokenLifetime: 180d", "maxTokenLifetime: 1 year"),
    ("maxTokenLifetime: 180d", "maxTokenLifetime: 30d"),
    ("source: Service", "source: Servce"),
    ("profile: sources", "profile: source"),
    ("audit01", "\u{430}udit01"),
    ("attributes: {team: iam}", "attributes: {tem: iam}"),
    ("attributes: {team: iam}", "atributes: {team: iam}"),
    ("purpose: Monthly", "purpose: Mo\u{301}nthly"),
    ("[SOURCE_ADMIN]", "[SOURCE_ADMN]"),
    ("[SOURCE_ADMIN]", "SOURCE_ADMIN"),
    ("[SOURCE_ADMIN]", "[SOURCE_ADMIN, SOURCE_ADMIN]"),
    (
        "[SOURCE_ADMIN]",
        "\n      - SOURCE_ADMIN\n      - SOURCE_ADMIN",
    ),
    ("[SOURCE_ADMIN]", "[SOURCE_ADMIN, CERT_ADMIN]"),
    ("scopes:", "scope:"),
    ("[idn:sources:manage]", "[idn:sources:manag]"),
    ("[idn:sources:manage]", "idn:sources:manage"),
    (
        "[idn:sources:manage]",
        "[idn:sources:manage, idn:sources:read]",
    ),
    (
        "scopes: [idn:sources:manage]",
        "calls: [POST /sources/v1, PST /search/v1]",
    ),
    ("expires: 90d", "expires: 90 days"),
    ("expires: 90d", "expires: \"90 days\""),
    ("expires: 90d", "expires: 400d"),
    (
        "expires: 90d",
        "expires: 90d\n        rotate: {before: 10d, overlap: {min: 2d, max: 1d}}",
    ),
];

fn load(files: &[SourceFile]) -> Loaded {
    let options = Options {
        variables: Variables::new([("SAIL_CLIENT_SECRET", "secret")]).mocked(),
        ..Options::default()
    };
    spec::load(files.to_vec(), &options)
}

fn apply(files: &[SourceFile], change: &Suggestion) -> Vec<SourceFile> {
    let mut files = files.to_vec();
    let file = files.iter_mut().find(|file| file.path == change.file);
    file.unwrap().bytes.splice(
        change.span.start..change.span.end,
        change.replacement.bytes(),
    );
    files
}

/// The problems by code and message.
fn told(loaded: &Loaded) -> BTreeMap<(Code, String), usize> {
    let mut told = BTreeMap::new();
    // Few cases say how their tokens are rotated.
    let of_tokens = |found: &&Diagnostic| found.code != Code::EndsForGood;
    for found in loaded.diagnostics.iter().filter(of_tokens) {
        *told.entry((found.code, found.message.clone())).or_default() += 1;
    }
    told
}

/// Whether a help proposes one text, which a program can write.
fn proposes_one_text(found: &Diagnostic) -> bool {
    let help = found.help.as_deref().unwrap_or_default();
    let one = help
        .strip_prefix("did you mean `")
        .and_then(|rest| rest.split_once('`'))
        .is_some_and(|(_, rest)| rest == "?");
    let written = help
        .strip_prefix("write `")
        .and_then(|rest| rest.split_once('`'))
        .is_some_and(|(_, rest)| rest.is_empty());
    one || written
}

#[test]
fn each_text_that_a_help_proposes_fixes_its_problem_and_makes_no_other() {
    let mut applied = 0;
    let mut codes = BTreeSet::new();
    let mut wrong = Vec::new();
    for case in cases() {
        let before = load(&case.files);
        let told_before = told(&before);
        for found in &before.diagnostics {
            let Some(change) = &found.suggestion else {
                let is_for_many = found.message.contains("(the same for");
                if proposes_one_text(found) && !is_for_many {
                    wrong.push(format!(
                        "{}: {} has no change for: {}",
                        case.name,
                        found.code,
                        found.help.as_deref().unwrap_or_default()
                    ));
                }
                continue;
            };
            let files = apply(&case.files, change);
            let told_after = told(&load(&files));
            let key = (found.code, found.message.clone());
            let number =
                |told: &BTreeMap<_, usize>, key: &_| told.get(key).copied().unwrap_or_default();
            let is_gone = number(&told_after, &key) + 1 == number(&told_before, &key);
            // What a wrong key or list hid is told when it can be read.
            let hides = matches!(found.code, Code::UnknownKey | Code::WrongType)
                || is_gone && HIDDEN.contains(&case.name.as_str());
            let new: Vec<_> = told_after
                .iter()
                .filter(|(key, count)| **count > number(&told_before, key))
                .collect();
            if !is_gone || (!new.is_empty() && !hides) {
                wrong.push(format!(
                    "{}: {} {} | {change:?} | gone: {is_gone}, new: {new:?}",
                    case.name, found.code, found.message
                ));
            }
            applied += 1;
            codes.insert(found.code);
        }
    }
    eprintln!(
        "{} codes have a change, {applied} changes applied: {}",
        codes.len(),
        codes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(codes.len() >= 25, "{}", codes.len());
}

/// Cases in which what is fixed had hidden something else.
const HIDDEN: &[&str] = &[];
