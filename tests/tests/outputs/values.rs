//! Values of variables, which may be secrets, in what `validate` and `plan` say.

use crate::case::Case;

/// A spec in which each variable stands where a check compares or repeats its text.
const SPEC: &str = r#"steersman: v1
sources:
  - {name: "${SOURCE}", owner: jane.doe}
  - {name: "${SOURCE}", owner: jane.doe}
stores:
  "local": {directory: "${FOLDER}/secrets"}
  "other": {directory: "${FOLDER}/secrets/../secrets"}
defaults:
  issuer: {store: local, key: "{account}/issuer"}
  token: {expires: "${LIFE}", deliver: {store: "${STORE}", key: "{account}/{token}"}}
policy: {limits: {deleteTokens: "${LIFE}"}}
serviceAccounts:
  - id: "${ID}"
    source: "${SOURCE}"
    name: "x${SHORT}"
    email: "${MAIL}"
    purpose: p
    userLevels: ["${LEVEL}"]
    tokens:
      - {name: "${TOKEN}", scopes: ["${SCOPE}"]}
      - {name: "${TOKEN}", scopes: ["${SCOPE}", sp:scopes:all]}
  - id: "${ID}"
    source: "${SOURCE}x"
    name: "X${SHORT}"
    email: a@example.com
    purpose: "${ODD}"
    attributes: {"team": "${MAIL}"}
    tokens:
      - {name: t, calls: ["${CALL}"]}
      - {name: u, scopes: "${SCOPE}", deliver: {store: local, key: "${UP}"}}
"#;

const VALUES: [(&str, &str); 13] = [
    ("SOURCE", "hid-source-7q"),
    ("FOLDER", "hid-folder-7q"),
    ("LIFE", "hid-life-7q"),
    ("STORE", "hid-store-7q"),
    ("ID", "hid-id-7q"),
    ("SHORT", "7q"),
    ("MAIL", "hid-mail-7q"),
    ("LEVEL", "HID_LEVEL_7Q"),
    ("TOKEN", "hid-token-7q"),
    ("SCOPE", "hid:scope:7q"),
    ("ODD", "=hid\u{202e}odd7q"),
    ("CALL", "GET /hid-call-7q"),
    ("UP", "../hid-up-7q"),
];

fn is_shown(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("hid-") || text.contains("hid_") || text.contains("7q") || text.contains("hid:")
}

#[test]
fn no_format_shows_the_value_that_was_given_for_a_variable() {
    let case = Case::new("guide");
    case.world.write("hidden/a.yaml", SPEC);
    let lines =
        VALUES.map(|(name, value)| format!("{name}: {value:?}\n").replace("\\u{202e}", "\\u202e"));
    case.world.write("hidden.vars", lines.concat());
    let given = VALUES
        .iter()
        .map(|(name, value)| format!("--var={name}={value}"));
    let by_words: Vec<String> = given.collect();
    let by_file = vec!["--var-file=hidden.vars".to_owned()];
    let environment: Vec<(String, String)> = VALUES
        .iter()
        .map(|(name, value)| (format!("STEERSMAN_VAR_{name}"), (*value).to_owned()))
        .collect();
    for (way, arguments) in [
        ("words", by_words),
        ("file", by_file),
        ("environment", Vec::new()),
    ] {
        for command in [
            vec!["validate", "hidden"],
            vec!["validate", "hidden", "--format", "json"],
            vec!["validate", "hidden", "--format", "sarif"],
            vec!["validate", "hidden", "--format", "github"],
            vec!["validate", "hidden", "--format", "gitlab"],
            vec!["validate", "hidden", "--format", "junit"],
            vec!["validate", "hidden", "--diff", "--unsafe-fixes"],
            vec!["plan", "hidden"],
        ] {
            let mut run = case.world.command();
            run.args(&command).args(&arguments);
            if way == "environment" {
                run.envs(environment.iter().cloned());
            }
            let output = run.output().unwrap();
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text);
            let shown: Vec<&str> = text.lines().filter(|line| is_shown(line)).collect();
            assert!(shown.is_empty(), "{way} {command:?}: {shown:#?}");
            // The checks were made, and say which variable it is.
            if command.contains(&"json") {
                for name in ["SOURCE", "ID", "LEVEL", "TOKEN", "SCOPE", "STORE"] {
                    assert!(text.contains(&format!("${{{name}}}")), "{name}: {text}");
                }
            }
        }
    }
}

/// A file of assignments is no YAML mapping, and is not repeated.
#[test]
fn a_file_of_variables_in_another_form_is_not_repeated() {
    let case = Case::new("guide");
    for (text, expected) in [
        ("PASS=hid-pass-7q\nOTHER=hid-7q\n", "`NAME: value`"),
        ("PASS=hid-pass-7q: x\n", "not the name of a variable"),
        ("- hid-pass-7q\n", "must be a mapping"),
        ("PASS: [hid-pass-7q]\n", "must be a text"),
        ("PASS: hid-pass-7q\nPASS: hid-other-7q\n", "set twice"),
        ("PASS: \"hid-pass-7q\n", "invalid YAML"),
    ] {
        case.world.write("hidden.vars", text);
        for format in ["text", "json", "sarif", "github", "gitlab", "junit"] {
            let words = format!("validate guide --var-file=hidden.vars --format {format}");
            let run = case.world.steersman(&words).exits(1);
            assert!(!is_shown(&run.stdout), "{}", run.shown());
            assert!(!is_shown(&run.stderr), "{}", run.shown());
            if format == "text" {
                assert!(run.stderr.contains(expected), "{}", run.shown());
            }
        }
    }
}
