//! Labels mark the right bytes, whatever precedes them.

use spec::{Code, Options, SourceFile, load};

/// The text of the main label of the first problem of a kind, with its line and
/// column.
#[track_caller]
fn marked(code: Code, text: &str) -> (String, usize, usize) {
    let loaded = load(
        vec![SourceFile {
            path: "a.yaml".into(),
            bytes: text.as_bytes().to_vec(),
        }],
        &Options::default(),
    );
    let diagnostic = loaded
        .diagnostics
        .iter()
        .find(|diagnostic| diagnostic.code == code)
        .unwrap_or_else(|| &loaded.diagnostics[0]);
    assert_eq!(diagnostic.code, code, "{:#?}", loaded.diagnostics);
    let label = &diagnostic.labels[0];
    (
        text[label.span.start..label.span.end].to_owned(),
        label.line,
        label.column,
    )
}

#[test]
fn spans_are_exact() {
    use Code::{
        DuplicateKey, Duration, EmailForm, Syntax, UnknownKey, UnknownPlaceholder, UnsafeText,
        UnsetVariable, WrongType, YamlFeature,
    };
    for (code, text, expected, line, column) in [
        (UnknownKey, "steersman: v1\nnope: 1\n", "nope", 2, 1),
        // Multi-byte text before it, in the same line and in others.
        (
            UnknownKey,
            "# é💧\nsteersman: v1\ntenant: {clientId: \"💧é\", nope: 1}\n",
            "nope",
            3,
            26,
        ),
        // A byte order mark, and CR LF.
        (
            UnknownKey,
            "\u{feff}nope: 1\r\nsteersman: v1\r\n",
            "nope",
            1,
            1,
        ),
        (UnknownKey, "steersman: v1\r\n\r\nnope: 1\r\n", "nope", 3, 1),
        (WrongType, "steersman: v1\r\nsources: é\r\n", "é", 2, 10),
        // Quotes belong to what is marked.
        (WrongType, "steersman: v1\nsources: \"é\"\n", "\"é\"", 2, 10),
        (WrongType, "steersman: v1\nsources:\n", "sources", 2, 1),
        (
            WrongType,
            "steersman: v1\nsources: {a: 1}\n",
            "sources",
            2,
            1,
        ),
        (
            DuplicateKey,
            "steersman: v1\ntenant: {'clientId': é, clientId: b}\n",
            "clientId",
            2,
            25,
        ),
        (
            Duration,
            "steersman: v1\npolicy:\n  maxTokenLifetime: é90\n",
            "é90",
            3,
            21,
        ),
        // A variable within a text, quoted or not.
        (
            UnsetVariable,
            "steersman: v1\ntenant: {baseUrl: \"é${NOPE_1}/${NOPE_2}\"}\n",
            "${NOPE_1}",
            2,
            21,
        ),
        (
            UnsetVariable,
            "steersman: v1\ntenant:\n  baseUrl: >-\n    é\n    ${NOPE_1}\n",
            "${NOPE_1}",
            5,
            5,
        ),
        (
            YamlFeature,
            "steersman: v1\ntenant: &é {clientId: a}\n",
            "&é",
            2,
            9,
        ),
        (YamlFeature, "steersman: v1\ntenant: {<<: a}\n", "<<", 2, 10),
        (
            UnknownPlaceholder,
            "steersman: v1\nstores: {s: {directory: d}}\ndefaults: {issuer: {store: s, key: \"é{acount}\"}}\n",
            "{acount}",
            3,
            38,
        ),
        (Syntax, "steersman: v1\nname: é: b\n", ":", 2, 8),
        // Block scalars end where their text does.
        (
            UnsafeText,
            "steersman: v1\nsources: [{name: S, owner: j}]\nserviceAccounts:\n- id: a\n  name: b\n  email: a@example.com\n  purpose: |\n    é\n    f\n\n# end\n",
            "é\n    f",
            8,
            5,
        ),
        (
            EmailForm,
            "steersman: v1\nsources: [{name: S, owner: j}]\nserviceAccounts:\n- {id: ü, name: é, email: ö, purpose: p}\n",
            "ö",
            4,
            27,
        ),
    ] {
        assert_eq!(
            marked(code, text),
            (expected.to_owned(), line, column),
            "{text}"
        );
    }
}

#[test]
fn a_bare_variable_in_a_flow_mapping_gets_the_right_advice() {
    for text in [
        "steersman: v1\ntenant: {baseUrl: ${A}}\n",
        "steersman: v1\ntenant: {baseUrl: ${A}, clientId: a}\n",
        "steersman: v1\nserviceAccounts: [{id: ${A}}]\n",
        "steersman: v1\nserviceAccounts:\n  - {id: a, userLevels: [${A}]}\n",
    ] {
        let loaded = load(
            vec![SourceFile {
                path: "a.yaml".into(),
                bytes: text.into(),
            }],
            &Options::default(),
        );
        assert_eq!(loaded.diagnostics.len(), 1, "{:#?}", loaded.diagnostics);
        let diagnostic = &loaded.diagnostics[0];
        assert_eq!(diagnostic.code, Code::Syntax);
        let help = diagnostic.help.as_deref().unwrap_or_default();
        assert!(
            help.contains("list: `\"${NAME}\"`"),
            "{text}{diagnostic:#?}"
        );
    }
}

#[test]
fn values_of_variables_are_never_shown() {
    let loaded = load(
        vec![SourceFile {
            path: "a.yaml".into(),
            bytes: b"steersman: v1\npolicy: {maxTokenLifetime: \"${A}\", limits: {deleteTokens: \"${A}\"}, unmanagedTokens: \"${A}\"}\nsources: ${A}\n".to_vec(),
        }],
        &Options {
            variables: spec::Variables::new([("A", "hunter2")]),
            ..Options::default()
        },
    );
    assert_eq!(loaded.diagnostics.len(), 4);
    let shown = format!("{:?}", loaded.diagnostics);
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn secrets_that_are_written_out_are_masked_in_the_texts() {
    let secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let loaded = load(
        vec![SourceFile {
            path: "a.yaml".into(),
            bytes: format!(
                "steersman: v1\ntenant:\n  clientId: \"{secret}\"\n  clientSecret: hunter2\nsources: {secret}\npolicy: {{limits: {{deleteTokens: {secret}}}}}\n"
            )
            .into_bytes(),
        }],
        &Options::default(),
    );
    let text = loaded.sources.text("a.yaml".into()).unwrap();
    assert!(
        !text.contains(secret) && !text.contains("hunter2"),
        "{text}"
    );
    let shown = format!("{:?}", loaded.diagnostics);
    assert!(
        !shown.contains(secret) && !shown.contains("hunter2"),
        "{shown}"
    );
}
