//! Diagnostics of files with secrets in any style of writing.

use tests::world;

const SECRET: &str = "supersecretsupersecret12";

#[test]
fn security_s10_no_diagnostic_shows_a_secret_in_any_style() {
    let world = world!();
    world.example("guide");
    for text in [
        format!(r#"{{"clientId":"abcabc","clientSecret":"{SECRET}"}}"#),
        format!(r#"{{"clientSecret" : "{SECRET}"}}"#),
        format!("{{\n\"clientSecret\":\n\"{SECRET}\"}}"),
        format!("tenant: {{clientSecret:{SECRET}}}"),
        format!("tenant: {{'client_secret':'{SECRET}'}}"),
        format!("SAIL_CLIENT_SECRET={SECRET}"),
        format!("export SAIL_CLIENT_SECRET={SECRET}"),
        format!("steersman: v1\naccess_token: {SECRET}"),
        format!("steersman: v1\ntoken: {SECRET}"),
        format!("steersman: v1\n? password\n: {SECRET}"),
    ] {
        world.write("tenants/prod.yaml", &text);
        for words in [
            "validate guide tenants/prod.yaml --mock-variables",
            "validate guide tenants/prod.yaml --mock-variables --format json",
            "validate guide tenants/prod.yaml --mock-variables --format github",
            "plan guide tenants/prod.yaml --simulate",
        ] {
            let run = world.steersman(words);
            assert_ne!(run.code, 0, "{text}");
            let said = format!("{}{}", run.stdout, run.stderr);
            assert!(!said.contains(SECRET), "{words}: {text}\n{said}");
        }
    }
}

/// A link in the place of a file of the spec, to the document of a store.
#[cfg(unix)]
#[test]
fn security_s10_no_diagnostic_shows_the_document_behind_a_link() {
    let world = world!();
    world.example("guide");
    let document = format!(r#"{{"clientId":"abcabc","clientSecret":"{SECRET}"}}"#);
    world.write(".steersman/secrets/audit01/issuer", document);
    std::fs::create_dir(world.path("tenants")).unwrap();
    let link = world.path("tenants/prod.yaml");
    std::os::unix::fs::symlink("../.steersman/secrets/audit01/issuer", link).unwrap();
    for command in ["validate", "plan"] {
        let run = world.steersman(&format!("{command} guide tenants/prod.yaml"));
        assert_ne!(run.code, 0, "{}", run.shown());
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(!said.contains(SECRET), "{said}");
    }
}
