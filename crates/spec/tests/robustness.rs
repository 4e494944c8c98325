//! Properties over any bytes: no panic, no hang, places within the files.

use proptest::prelude::*;
use spec::{Code, Loaded, Options, Severity, SourceFile, Variables, load};

fn read(files: Vec<Vec<u8>>, mocked: bool) -> Loaded {
    let variables = Variables::new([("A", "a"), ("EMPTY", "")]);
    let files = files
        .into_iter()
        .enumerate()
        .map(|(index, bytes)| SourceFile {
            path: format!("{index}.yaml").into(),
            bytes,
        })
        .collect();
    load(
        files,
        &Options {
            variables: if mocked {
                variables.mocked()
            } else {
                variables
            },
            ..Options::default()
        },
    )
}

/// What holds of every answer.
fn check(loaded: &Loaded) -> Result<(), TestCaseError> {
    let (errors, _) = loaded.counts();
    prop_assert_eq!(loaded.spec.is_some(), errors == 0 && loaded.omitted == 0);
    for diagnostic in &loaded.diagnostics {
        prop_assert!(!diagnostic.message.is_empty());
        prop_assert!(!diagnostic.labels.is_empty(), "{:?}", diagnostic);
        for label in &diagnostic.labels {
            prop_assert!(label.span.start <= label.span.end);
            let text = loaded.sources.text(&label.file);
            prop_assert!(text.is_some());
            let place = (label.line, label.column);
            prop_assert!(place >= (1, 1) && place <= (label.end_line, label.end_column));
            let span = label.span.start..label.span.end;
            prop_assert!(loaded.sources.excerpt(&label.file, span, 1).is_some());
        }
    }
    Ok(())
}

/// Pieces that specs are made of, right and wrong, to be put together at random.
const PIECES: &[&str] = &[
    "steersman: v1\n",
    "tenant:",
    "variables:",
    "sources:",
    "stores:",
    "defaults:",
    "policy:",
    "serviceAccounts:",
    "\n",
    "  ",
    "    ",
    "- ",
    "name: ",
    "id: ",
    "email: ",
    "purpose: ",
    "userLevels: ",
    "tokens: ",
    "scopes: ",
    "calls: ",
    "expires: ",
    "rotate: ",
    "deliver: ",
    "issuer: ",
    "previously: ",
    "managed: ",
    "attributes: ",
    "identityProfile: ",
    "mappings: ",
    "command: ",
    "directory: ",
    "limits: ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "'",
    "\"",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "---\n",
    "# c\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "é",
    "💧",
    "${A}",
    "${",
    "$${",
    "${B:-c}",
    "${EMPTY}",
    "{account}",
    "{key}",
    "90d",
    "never",
    "true",
    "null",
    "~",
    "10%",
    "-1",
    "99999999999999999999",
    "a@example.com",
    "sp:search:read",
    "ORG_ADMIN",
    "POST /search/v1",
    "GET /sources/v1/{id}",
    "..",
    "/",
    "\\",
    "\0",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&read(vec![bytes], false))?;
    }

    #[test]
    fn any_text_is_answered(text in "\\PC*") {
        check(&read(vec![text.into_bytes()], false))?;
    }

    #[test]
    fn any_pieces_of_specs_are_answered(
        files in proptest::collection::vec(
            proptest::collection::vec(proptest::sample::select(PIECES), 0..60),
            1..4,
        ),
        mocked: bool,
    ) {
        let files = files
            .into_iter()
            .map(|pieces| format!("steersman: v1\n{}", pieces.concat()).into_bytes())
            .collect();
        check(&read(files, mocked))?;
    }

    #[test]
    fn a_spec_with_a_byte_changed_is_answered(at in 0..TWELVE.len(), byte: u8) {
        let mut bytes = TWELVE.as_bytes().to_vec();
        bytes[at] = byte;
        check(&read(vec![bytes], false))?;
    }
}

const TWELVE: &str = include_str!("twelve/accounts.yaml");

#[test]
fn bombs_are_refused_at_once() {
    let mut laughs = "steersman: v1\na: &a [x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in ('b'..='k').zip('a'..='j') {
        let ten = [format!("*{before}").as_str(); 8].join(", ");
        laughs = [&laughs, &format!("{name}: &{name} [{ten}]\n")]
            .map(String::as_str)
            .concat();
    }
    let nested = format!("steersman: v1\na: {}", "[".repeat(100_000));
    let indented: Vec<String> = (0..2_000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    let indented = indented.concat();
    let wide = format!("steersman: v1\nsources: [{}]\n", "{}, ".repeat(100_000));
    let keys: Vec<String> = (0..100_000).map(|key| format!("k{key}: 1\n")).collect();
    let keys = keys.concat();
    let references = format!("steersman: v1\na: \"{}\"\n", "${B}".repeat(100_000));
    let duplicates = "a: 1\n".repeat(100_000);
    for (name, text) in [
        ("laughs", laughs),
        ("nested", nested),
        ("indented", indented),
        ("wide", wide),
        ("keys", keys),
        ("references", references),
        ("duplicates", duplicates),
    ] {
        let loaded = read(vec![text.into_bytes()], false);
        assert!(loaded.spec.is_none(), "{name}");
        assert!(loaded.diagnostics.len() <= 1_000, "{name}");
    }
}

#[test]
fn an_error_after_a_thousand_warnings_is_told() {
    let account = |number: usize, email: &str| {
        format!(
            "  - {{id: a{number}, name: n{number}, email: {email}, purpose: p, tokens: [{{name: t, scopes: [sp:report:manage, sp:report:read]}}]}}\n"
        )
    };
    let mut text = "steersman: v1\nsources: [{name: S, owner: j}]\nstores: {s: {directory: s}}\ndefaults: {issuer: {store: s, key: \"{account}/i\"}, token: {rotate: {before: 14d}, deliver: {store: s, key: \"{account}/{token}\"}}}\nserviceAccounts:\n".to_owned();
    for number in 0..1_000 {
        text.push_str(&account(number, "a@example.com"));
    }
    text.push_str(&account(1_000, "nobody"));
    text.push_str(&account(1_001, "nobody either"));
    let file = SourceFile {
        path: "a.yaml".into(),
        bytes: text.into_bytes(),
    };
    let loaded = load(vec![file], &Options::default());
    assert!(loaded.spec.is_none());
    assert_eq!(loaded.counts(), (2, 998));
    assert_eq!(loaded.omitted, 4);
    let errors: Vec<Code> = loaded
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| found.code)
        .collect();
    assert_eq!(errors, [Code::EmailForm, Code::EmailForm]);
}

#[test]
fn a_token_that_is_declared_again_keeps_its_name() {
    let token = "{name: \"t\u{200b}u\", scopes: [sp:report:read]}";
    let text = format!(
        "steersman: v1\nserviceAccounts:\n  - {{id: a, name: n, email: a@example.com, purpose: p, tokens: [{token}, {token}]}}\n"
    );
    let file = SourceFile {
        path: "a.yaml".into(),
        bytes: text.into_bytes(),
    };
    let loaded = load(vec![file], &Options::default());
    let hidden: Vec<&str> = loaded
        .diagnostics
        .iter()
        .filter(|found| found.code == Code::HiddenCharacter)
        .filter_map(|found| found.help.as_deref())
        .collect();
    assert_eq!(hidden, ["type `tu` instead"]);
    let again = loaded.diagnostics.iter();
    assert_eq!(
        again
            .filter(|found| found.code == Code::DuplicateToken)
            .count(),
        1
    );
}
