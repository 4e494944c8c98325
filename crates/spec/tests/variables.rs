//! Variables over whole files: where values come from, what is unset, how much they may become.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking"
)]

use spec::{Code, Diagnostic, Loaded, Options, SourceFile, Variables, load};

const SPEC: &str = "\
steersman: v1
sources:
  - name: Service Accounts
    owner: jane.doe
stores:
  local: {directory: secrets}
defaults:
  issuer: {store: local, key: '{account}/issuer'}
  token: {expires: 30d, deliver: {store: local, key: '{account}/{token}'}}
serviceAccounts:
  - id: SA-001
    name: audit01
    email: iam@example.com
    purpose: Monthly audit report
    tokens:
      - {name: one, scopes: [sp:scopes:default], rotate: never}
      - {name: two, scopes: [sp:scopes:default], rotate: never}
";

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.into(),
        bytes: text.as_bytes().to_vec(),
    }
}

fn loaded(text: &str, variables: Variables) -> Loaded {
    let options = Options {
        variables,
        ..Options::default()
    };
    load(vec![file("a.yaml", text)], &options)
}

fn purpose(loaded: &Loaded) -> &str {
    let spec = loaded.spec.as_ref().expect("a spec");
    let row = spec.accounts.values().next().unwrap().row.as_ref();
    row.unwrap().purpose.as_str()
}

#[track_caller]
fn only(loaded: &Loaded) -> &Diagnostic {
    match loaded.diagnostics.as_slice() {
        [one] => one,
        several => panic!("{several:#?}"),
    }
}

#[test]
fn spec_5_each_way_to_give_a_value_wins_over_the_next() {
    let text = SPEC.replace("Monthly", "${WHAT}") + "variables: {WHAT: declared}\n";
    let environment = [("STEERSMAN_VAR_WHAT", "environment"), ("WHAT", "bare")];
    let mut options = Options::default();
    let check = |options: &Options, expected: &str| {
        let found = load(vec![file("a.yaml", &text)], options);
        assert_eq!(purpose(&found), format!("{expected} audit report"));
    };
    check(&options, "declared");
    options.variables = Variables::default().environment(environment);
    check(&options, "environment");
    options.variable_files = vec![file("1", "WHAT: one"), file("2", "WHAT: two\nOTHER: 3\n")];
    check(&options, "two");
    options.variables = Variables::new([("WHAT", "given")]).environment(environment);
    check(&options, "given");
}

#[test]
fn security_h1c_files_cannot_read_the_environment() {
    let text = SPEC.replace("Monthly", "${SAIL_CLIENT_SECRET}");
    let environment = [("SAIL_CLIENT_SECRET", "canary")];
    let found = loaded(&text, Variables::default().environment(environment));
    let unset = only(&found);
    assert_eq!(unset.code, Code::UnsetVariable);
    let help = unset.help.as_deref().unwrap();
    assert!(help.contains("STEERSMAN_VAR_SAIL_CLIENT_SECRET"), "{help}");
    assert!(!format!("{found:?}").contains("canary"));
    // Nor name it as the value of another variable.
    let text = SPEC.replace("Monthly", "${X}") + "variables: {X: '${SAIL_CLIENT_SECRET}'}\n";
    let found = loaded(&text, Variables::default().environment(environment));
    assert!(found.diagnostics[0].code == Code::VariableEntry || found.spec.is_none());
}

#[test]
fn the_fields_of_the_tenant_may_name_any_variable_as_their_whole_value() {
    let environment = [
        ("ACME_URL", "https://acme.api.identitynow.com\n"),
        ("ACME_ID", "id\r\n"),
        ("ACME_SECRET", " secret\n"),
    ];
    let tenant = "tenant: {baseUrl: '${ACME_URL}', clientId: '${ACME_ID}', clientSecret: '${ACME_SECRET}'}\n";
    let variables = Variables::default().environment(environment);
    let found = loaded(&format!("{SPEC}{tenant}"), variables.clone());
    let tenant = found.spec.unwrap().tenant;
    // tenants_13: a line break at the end is not part of a value.
    assert_eq!(
        tenant.base_url.as_deref(),
        Some("https://acme.api.identitynow.com")
    );
    assert_eq!(tenant.client_id.as_deref(), Some("id"));
    assert_eq!(tenant.declared_at.as_deref(), Some("a.yaml:18:19"));
    let part = format!("{SPEC}tenant: {{baseUrl: 'https://x${{ACME_ID}}.example'}}\n");
    assert_eq!(
        only(&loaded(&part, variables)).code,
        Code::UnsetVariable,
        "a name that is looked up could carry a secret"
    );
}

#[test]
fn a_simulated_tenant_needs_no_values() {
    let text = format!(
        "{SPEC}tenant: {{baseUrl: '${{URL}}', clientId: '${{ID}}', clientSecret: '${{SECRET}}'}}\n"
    );
    let unset = loaded(&text, Variables::default());
    assert_eq!(unset.diagnostics.len(), 3);
    let options = Options {
        without_tenant: true,
        ..Options::default()
    };
    let found = load(vec![file("a.yaml", &text)], &options);
    assert_eq!(found.diagnostics, []);
}

#[test]
fn spec_2_an_unset_variable_is_one_problem_wherever_it_is_used() {
    for (right, wrong) in [
        ("directory: secrets", "directory: '${X}'"),
        (
            "store: local, key: '{account}/issuer'",
            "store: '${X}', key: '{account}/issuer'",
        ),
        (
            "store: local, key: '{account}/issuer'",
            "store: local, key: '${X}'",
        ),
        (
            "store: local, key: '{account}/{token}'",
            "store: '${X}', key: '{account}/{token}'",
        ),
        (
            "store: local, key: '{account}/{token}'",
            "store: local, key: '${X}'",
        ),
        ("expires: 30d", "expires: '${X}'"),
        ("expires: 30d", "accessTokenValidity: '${X}'"),
        ("expires: 30d", "rotate: {before: '${X}'}"),
        ("owner: jane.doe", "owner: '${X}'"),
        ("- name: Service Accounts", "- name: '${X}'"),
        ("id: SA-001", "id: '${X}'"),
        ("name: audit01", "name: '${X}'"),
        ("email: iam@example.com", "email: '${X}'"),
        (
            "name: one, scopes: [sp:scopes:default]",
            "name: one, scopes: ['${X}']",
        ),
        ("scopes: [sp:scopes:default]", "calls: ['${X}']"),
    ] {
        assert!(SPEC.contains(right), "{right}");
        let found = loaded(&SPEC.replacen(right, wrong, 1), Variables::default());
        assert_eq!(only(&found).code, Code::UnsetVariable, "{wrong}");
    }
    let many = SPEC.replace("Monthly", "${X} ${X}").replace("jane", "${X}");
    let found = loaded(&many, Variables::default());
    let unset = only(&found);
    assert_eq!(unset.message, "variable `X` is not set (used 3 times)");
    assert_eq!(unset.labels[0].line, 4, "the first of them");
}

#[test]
fn an_invalid_reference_in_the_defaults_hides_no_delivery() {
    for wrong in ["key: '${1}'", "key: '${X'"] {
        let text = SPEC.replace("key: '{account}/{token}'", wrong);
        let found = loaded(&text, Variables::default());
        assert_eq!(only(&found).code, Code::MalformedVariable, "{wrong}");
    }
}

#[test]
fn spec_3_no_advice_puts_a_secret_on_a_command_line_or_into_a_file() {
    let text = format!("{SPEC}tenant: {{clientSecret: '${{SECRET}}'}}\n");
    let found = loaded(&text, Variables::default());
    let help = only(&found).help.as_deref().unwrap();
    assert_eq!(help, "set the environment variable `SECRET`");
}

#[test]
fn a_client_secret_in_the_variables_is_written_out() {
    let text = format!("{SPEC}tenant: {{clientSecret: '${{S}}'}}\nvariables: {{S: hunter2}}\n");
    let found = loaded(&text, Variables::default());
    assert_eq!(only(&found).code, Code::LiteralClientSecret);
}

#[test]
fn variables_are_declared_once() {
    let options = Options::default();
    let files = vec![
        file("a.yaml", &format!("{SPEC}variables: {{A: a}}\n")),
        file("b.yaml", "steersman: v1\nvariables: {B: b}\n"),
    ];
    let found = load(files, &options);
    assert_eq!(only(&found).code, Code::SectionTwice);
}

#[test]
fn a_file_of_variables_is_checked_and_its_values_are_not_shown() {
    for (text, code) in [
        ("A: [hunter2]\n", Code::WrongType),
        ("A: hunter2\nA: hunter2\n", Code::DuplicateKey),
        ("A: hunter2\n1: b\n", Code::VariableEntry),
        ("A: hunter2: b\n", Code::Syntax),
        ("- hunter2\n", Code::WrongType),
    ] {
        let options = Options {
            variable_files: vec![file("vars.yaml", text)],
            ..Options::default()
        };
        let found = load(vec![file("a.yaml", SPEC)], &options);
        let problem = only(&found);
        assert_eq!(problem.code, code, "{text}");
        assert_eq!(problem.labels[0].file, "vars.yaml");
        let shown = found.sources.text("vars.yaml".into()).unwrap();
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
    }
}

#[test]
fn security_low_sixteen_megabytes_of_a_variable_are_refused_at_their_place() {
    let variables = Variables::new([("PATH", "x".repeat(4_000))]);
    let bomb = "${PATH}".repeat((16 << 20) / 7);
    let found = loaded(&SPEC.replace("Monthly", &bomb), variables.clone());
    let problem = only(&found);
    assert_eq!(
        (problem.code, problem.labels[0].line),
        (Code::LongExpansion, 14)
    );
    // As many small texts: the file's limit is told once.
    let items = "      - ${PATH}\n".repeat(2_000);
    let found = loaded(&format!("{SPEC}    userLevels:\n{items}"), variables);
    let long: Vec<_> = found
        .diagnostics
        .iter()
        .filter(|found| found.code == Code::LongExpansion)
        .collect();
    assert_eq!(long.len(), 1, "{long:?}");
}
