//! The JSON Schema and the reader agree: what the one takes, the other takes.
//!
//! A spec with every key of the schema is generated with changes: another scalar, a list, a
//! mapping or nothing in place of a value, a key that is left out, and one that is unknown.
//!
//! `AGREEMENT=all cargo test -p spec --test agreement` tries every scalar at every place.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed; it is told its size"
)]

use serde_json::Value;
use spec::{Code, Options, SourceFile, Variables};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A document, with scalars as they are written.
#[derive(Clone, Debug)]
enum Node {
    Scalar(String),
    List(Vec<Node>),
    Mapping(Vec<(String, Node)>),
}

/// A step from a value to one in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Item(usize),
}

type Path = Vec<Step>;

/// Every key of the spec format, in one document or in another.
const DOCUMENTS: &[&str] = &[
    r#"{
    "steersman": "v1",
    "tenant": {"baseUrl": "${A}", "clientId": "${A}", "clientSecret": "${A}"},
    "variables": {"B": "b"},
    "sources": [
        {"name": "S", "owner": {"email": "jane@example.com"}, "description": "d", "managed": "true",
         "deleteThreshold": "10", "attributes": [{"name": "team", "description": "d"}],
         "unmanaged": "keep",
         "identityProfile": {"name": "P", "mappings": {"uid": "name"}, "invite": "true"}},
        {"name": "T", "managed": "false"}
    ],
    "stores": {
        "a": {"directory": "x"},
        "b": {"command": {"put": ["p", "'{key}'"], "get": ["g", "'{key}'"], "writeOnly": "false",
              "delete": ["d", "'{key}'"], "notFound": {"exitCodes": ["2"], "pattern": "none"}, "env": ["X"]}},
        "c": {"age": {"directory": "x", "recipients": ["age1"], "identityFile": "y"}}
    },
    "defaults": {
        "issuer": {"store": "a", "key": "'{account}/issuer'", "expires": "180d", "rotate": {"before": "30d"}, "rotation": "1"},
        "token": {"accessTokenValidity": "15m", "expires": "90d",
                  "rotate": {"before": "14d", "overlap": {"min": "1d", "max": "2d"}, "window": "Sat 02:00-05:00 UTC", "spread": "4h"},
                  "deliver": {"store": "a", "key": "'{account}/{token}'", "format": "json"}}
    },
    "profiles": {"p": {"issuer": {"store": "a"}, "token": {"expires": "30d"}, "userLevels": ["SOURCE_ADMIN"], "attributes": {"team": "x"}}},
    "policy": {"forbidUserLevels": ["ORG_ADMIN"], "forbidScopes": ["sp:scopes:all"], "maxTokenLifetime": "180d",
               "limits": {"deleteAccounts": "2"}, "unmanagedTokens": "report"},
    "notify": [{"slack": "${A}", "on": ["drift"]}],
    "serviceAccounts": [
        {"id": "1", "name": "n", "email": "a@example.com", "purpose": "p", "source": "S", "profile": "p",
         "attributes": {"team": "x"}, "userLevels": ["SOURCE_ADMIN"], "identity": "2c91", "previously": {"id": "0", "name": "m"},
         "issuer": {"store": "a", "key": "k"},
         "tokens": [{"name": "t", "scopes": ["idn:sources:manage"], "accessTokenValidity": "15m", "expires": "90d",
                     "rotate": "never", "rotation": "1", "purpose": "p", "owners": ["o"],
                     "deliver": {"store": "b", "key": "k2", "field": "clientSecret"}},
                    {"name": "u", "calls": ["POST /sources/v1"]}]},
        {"source": "T", "account": "svc"}
    ]
}"#,
    r#"{
    "steersman": "v1",
    "sources": [{"name": "S", "owner": {"alias": "jane.doe"}}],
    "stores": {
        "a": {"vault": {"mount": "secret", "prefix": "steersman", "program": "vault", "env": ["X"]}},
        "b": {"awsSecretsManager": {"region": "eu-west-1", "prefix": "steersman", "env": ["X"]}},
        "c": {"kubernetesSecret": {"namespace": "n", "context": "c", "prefix": "p", "env": ["X"]}},
        "d": {"githubActionsSecret": {"repository": "o/r", "environment": "prod", "env": ["X"]}},
        "e": {"gcloud": {"project": "p", "prefix": "x", "env": ["X"]}},
        "f": {"azureKeyVault": {"vault": "v", "prefix": "x", "env": ["X"]}},
        "g": {"onePassword": {"vault": "v", "prefix": "x", "env": ["X"]}}
    },
    "notify": [{"webhook": "${A}", "secret": "${A}"}, {"teams": "${A}", "on": ["failure"]}]
}"#,
];

/// Scalars as they are written in a flow mapping.
const SCALARS: &[&str] = &[
    "x",
    "007",
    "7",
    "0",
    "-1",
    "101",
    "300",
    "4294967296",
    "1.5",
    "2.0",
    "1e1",
    "true",
    "false",
    "True",
    "yes",
    "no",
    "on",
    "null",
    "~",
    "''",
    "' '",
    "'7'",
    "'true'",
    "'10%'",
    "10%",
    "0%",
    "101%",
    "'x y'",
    "90d",
    "90",
    "0d",
    "1d12h",
    "12h1d",
    "1w2d3h4m5s",
    "00d1h",
    "90 days",
    "never",
    "'never'",
    "v1",
    "v2",
    "keep",
    "delete",
    "Keep",
    "json",
    "dotenv",
    "clientSecret",
    "report",
    "revoke",
    "drift",
    "failure",
    "'${A}'",
    "'a${A}'",
    "2026-01-01",
    "0x1F",
    "1_000",
    ".5",
    "+5",
    "Sat 02:00-05:00 UTC",
    "daily 02:00-05:00 UTC",
    "Sat 2:00-5:00 UTC",
];

/// Each value gets one of so many scalars; all of them where `AGREEMENT` is set.
const SHARE: usize = 8;

fn parse(value: &Value) -> Node {
    match value {
        Value::String(text) => Node::Scalar(text.clone()),
        Value::Array(items) => Node::List(items.iter().map(parse).collect()),
        Value::Object(map) => Node::Mapping(
            map.iter()
                .map(|(key, value)| (key.clone(), parse(value)))
                .collect(),
        ),
        other => panic!("scalars are written as texts: {other}"),
    }
}

fn write(node: &Node, text: &mut String) {
    match node {
        Node::Scalar(scalar) if scalar.contains("${") && !scalar.starts_with('\'') => {
            let _ = write!(text, "'{scalar}'");
        }
        Node::Scalar(scalar) => text.push_str(scalar),
        Node::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write(item, text);
            }
            text.push(']');
        }
        Node::Mapping(entries) => {
            text.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                let _ = write!(text, "{comma}{key}: ");
                write(value, text);
            }
            text.push('}');
        }
    }
}

/// All values of a document.
fn paths(node: &Node, path: &Path, all: &mut Vec<Path>) {
    all.push(path.clone());
    let below = |step: Step| {
        let mut path = path.clone();
        path.push(step);
        path
    };
    match node {
        Node::Scalar(_) => {}
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                paths(item, &below(Step::Item(index)), all);
            }
        }
        Node::Mapping(entries) => {
            for (key, value) in entries {
                paths(value, &below(Step::Key(key.clone())), all);
            }
        }
    }
}

fn at<'a>(node: &'a mut Node, path: &[Step]) -> &'a mut Node {
    let Some((step, rest)) = path.split_first() else {
        return node;
    };
    match (node, step) {
        (Node::List(items), Step::Item(index)) => at(&mut items[*index], rest),
        (Node::Mapping(entries), Step::Key(key)) => {
            let entry = entries.iter_mut().find(|(name, _)| name == key);
            at(&mut entry.unwrap().1, rest)
        }
        (node, step) => panic!("{step:?} in {node:?}"),
    }
}

/// What is done to a document.
fn changes(document: &Node) -> Vec<(Path, String, Node)> {
    let mut all = Vec::new();
    paths(document, &Vec::new(), &mut all);
    let mut changed = Vec::new();
    let are_all_tried = std::env::var_os("AGREEMENT").is_some();
    for (path_number, path) in all.into_iter().enumerate() {
        let mut put = |what: String, value: Node| {
            let mut document = document.clone();
            *at(&mut document, &path) = value;
            changed.push((path.clone(), what, document));
        };
        for (index, scalar) in SCALARS.iter().enumerate() {
            if !are_all_tried && (index + path_number) % SHARE != 0 {
                continue;
            }
            put(format!("= {scalar}"), Node::Scalar((*scalar).to_owned()));
        }
        let x = || Node::Scalar("x".to_owned());
        put("= []".to_owned(), Node::List(Vec::new()));
        put("= [x]".to_owned(), Node::List(vec![x()]));
        put("= {}".to_owned(), Node::Mapping(Vec::new()));
        put(
            "= {zzz: x}".to_owned(),
            Node::Mapping(vec![("zzz".to_owned(), x())]),
        );
        let mut original = document.clone();
        if let Node::Mapping(entries) = at(&mut original, &path).clone() {
            for (key, _) in &entries {
                let rest = entries.iter().filter(|(name, _)| name != key).cloned();
                put(format!("without {key}"), Node::Mapping(rest.collect()));
            }
        }
    }
    changed
}

/// What only other parts of the spec decide, so that a schema cannot say it.
fn depends_on_other_parts(code: Code, message: &str) -> bool {
    match code {
        // Which keys an account needs is its source's kind; a token needs one of two.
        Code::MissingKey => {
            message.starts_with("service account on a")
                || message.contains("has no `scopes` or `calls`")
                || message.contains("managed source has no `owner`")
        }
        Code::WrongType => message.starts_with("invalid age public key"),
        Code::Empty => message == "age store has no recipients",
        Code::OutOfRange => message.contains("accessTokenValidity"),
        _ => false,
    }
}

/// What the reader says of the shape of a document.
fn refused(text: &str) -> Vec<String> {
    let file = SourceFile {
        path: "a.yaml".into(),
        bytes: text.as_bytes().to_vec(),
    };
    let options = Options {
        variables: Variables::default().mocked(),
        ..Options::default()
    };
    let loaded = spec::load(vec![file], &options);
    let found = loaded.diagnostics.iter().filter(|found| {
        let code = found.code.as_str();
        let is_shape = ("SM0200".."SM0300").contains(&code) || code == "SM0107" || code == "SM0303";
        is_shape && !depends_on_other_parts(found.code, &found.message)
    });
    found
        .map(|found| format!("{} {}", found.code, found.message))
        .collect()
}

#[test]
fn what_the_schema_takes_the_reader_takes_and_the_other_way_round() {
    let schema = serde_json::to_value(spec::json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut tried = 0;
    let mut wrong = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for document in DOCUMENTS {
        let document = parse(&serde_json::from_str(document).unwrap());
        let mut all = Vec::new();
        paths(&document, &Vec::new(), &mut all);
        seen.extend(all.into_iter().flatten().filter_map(|step| match step {
            Step::Key(key) => Some(key),
            Step::Item(_) => None,
        }));
        let untouched = (Vec::new(), "untouched".to_owned(), document.clone());
        for (path, what, changed) in std::iter::once(untouched).chain(changes(&document)) {
            let mut text = String::new();
            write(&changed, &mut text);
            let options = serde_saphyr::options! { strict_booleans: true };
            let Ok(value) = serde_saphyr::from_str_with_options::<Value>(&text, options) else {
                continue;
            };
            tried += 1;
            let refused = refused(&text);
            if refused.is_empty() != validator.is_valid(&value) {
                let errors: Vec<String> = validator
                    .iter_errors(&value)
                    .map(|error| format!("{} at {}", error, error.instance_path()))
                    .collect();
                let errors = errors.join("; ");
                let errors = errors.get(..300).unwrap_or(&errors);
                let place: Vec<String> = path
                    .iter()
                    .map(|step| match step {
                        Step::Key(key) => key.clone(),
                        Step::Item(index) => index.to_string(),
                    })
                    .collect();
                wrong.push(format!(
                    "{} {what}: reader {refused:?}, schema {errors:?}",
                    place.join(".")
                ));
            }
        }
    }
    eprintln!("{tried} documents");
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // A key that comes to the format is tried, too.
    let untried: Vec<String> = properties(&schema)
        .into_iter()
        .filter(|key| !seen.contains(key))
        .collect();
    assert_eq!(untried, Vec::<String>::new());
}

/// All keys that the schema has.
fn properties(schema: &Value) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    match schema {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                keys.extend(properties.keys().cloned());
            }
            keys.extend(map.values().flat_map(properties));
        }
        Value::Array(items) => keys.extend(items.iter().flat_map(properties)),
        _ => {}
    }
    keys
}
