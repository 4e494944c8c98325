//! `validate --fix`: files that are corrected, shown, or left as they are.

use crate::case::Case;

/// The example with five mistakes, one of which decides access.
fn wrong() -> Case {
    let case = Case::new("guide");
    for (right, wrong) in [
        ("owner: jane.doe", "ownr: jane.doe"),
        ("invite: true", "invite: yes"),
        ("expires: 90d", "expires: 90 days"),
        ("userLevels: [REPORT_ADMIN]", "userLevels: REPORT_ADMIN"),
        ("sp:search:read", "sp:serach:read"),
    ] {
        let path = "guide/steersman.yaml";
        assert!(case.world.read(path).contains(right), "{right}");
        case.world.replace(path, right, wrong);
    }
    case
}

#[test]
fn spec_3_what_is_fixed_is_valid_and_named() {
    let case = wrong();
    let before = case.world.read("guide/steersman.yaml");
    let shown = case.world.steersman("validate guide").exits(1);
    assert!(
        shown.stderr.contains(
            "`steersman validate --fix guide` fixes at least 4 problems, and 1 more with --unsafe-fixes"
        ),
        "{}",
        shown.shown()
    );
    let diff = case.world.steersman("validate guide --diff").exits(2);
    assert!(
        diff.stdout.contains("+    owner: jane.doe"),
        "{}",
        diff.shown()
    );
    assert_eq!(case.world.read("guide/steersman.yaml"), before);
    let fixed = case.world.steersman("validate guide --fix").exits(1);
    for line in [
        "SM0201: \"ownr\" becomes \"owner\"",
        "SM0202: \"yes\" becomes \"true\"",
        "SM0205: \"90 days\" becomes \"90d\"",
        "4 problems fixed in 1 file",
        "unknown scope `sp:serach:read`",
    ] {
        assert!(fixed.stderr.contains(line), "{line}: {}", fixed.shown());
    }
    let all = case
        .world
        .steersman("validate guide --fix --unsafe-fixes")
        .exits(0);
    assert!(all.stdout.starts_with("valid:"), "{}", all.shown());
    let again = case.world.steersman("validate guide --diff").exits(0);
    assert_eq!(again.stdout, "");
}

/// A fix can show what another mistake hid: the number before is the least.
#[test]
fn at_least_as_many_are_fixed_as_was_said() {
    let case = Case::new("guide");
    let path = "guide/steersman.yaml";
    // The value of a key that is misspelled is checked once the key is right.
    case.world
        .replace(path, "    identityProfile:", "    identityProfil:");
    case.world.replace(path, "invite: true", "invite: yes");
    let before = case.world.steersman("validate guide").exits(1);
    assert!(
        before
            .stderr
            .contains("`steersman validate --fix guide` fixes at least 1 problem\n"),
        "{}",
        before.shown()
    );
    let fixed = case.world.steersman("validate guide --fix").exits(0);
    assert!(
        fixed.stderr.contains("2 problems fixed in 1 file"),
        "{}",
        fixed.shown()
    );
}

#[test]
fn names_of_what_decides_access_or_destination_need_unsafe_fixes() {
    for (right, wrong) in [
        ("store: local", "store: locla"),
        ("unmanaged: keep", "unmanaged: kep"),
        // Decomposed: the account has this name already.
        ("name: audit01", "name: audite\u{301}01"),
    ] {
        let case = Case::new("guide");
        let path = "guide/steersman.yaml";
        let text = case.world.read(path);
        if text.contains(right) {
            case.world.write(path, text.replacen(right, wrong, 1));
        } else {
            let text = text.replacen(
                "owner: jane.doe",
                &format!("owner: jane.doe\n    {wrong}"),
                1,
            );
            case.world.write(path, text);
        }
        let before = case.world.read(path);
        let _ = case.world.steersman("validate guide --fix");
        assert_eq!(case.world.read(path), before, "{wrong}");
        let diff = case.world.steersman("validate guide --diff --unsafe-fixes");
        assert!(!diff.stdout.is_empty(), "{wrong}: {}", diff.shown());
    }
}

#[test]
fn all_levels_that_no_token_needs_go_together() {
    for (levels, left) in [
        (
            "[ORG_ADMIN, SOURCE_ADMIN, HELPDESK]",
            "    userLevels: []\n",
        ),
        (
            "\n      - ORG_ADMIN\n      - SOURCE_ADMIN\n      - HELPDESK",
            "    userLevels: []\n",
        ),
        // A comment may say why.
        (
            "\n      - ORG_ADMIN # why\n      - HELPDESK",
            "      - ORG_ADMIN # why\n      - HELPDESK\n",
        ),
    ] {
        let case = Case::new("guide");
        let path = "guide/steersman.yaml";
        case.world.replace(path, "[REPORT_ADMIN]", levels);
        let text = case.world.read(path);
        let tokens = text.find("    tokens:").unwrap();
        let rest = "    tokens: [{name: own, calls: [GET /public-identities/v1], expires: 90d, deliver: {store: local, key: audit01/own}}]\n";
        case.world.write(path, format!("{}{rest}", &text[..tokens]));
        let _ = case.world.steersman("validate guide --fix --unsafe-fixes");
        let fixed = case.world.read(path);
        assert!(fixed.contains(left), "{levels}: {fixed}");
        let _ = case.world.steersman("validate guide").exits(0);
    }
}

#[test]
fn a_level_of_a_profile_that_another_account_needs_stays() {
    let case = Case::new("guide");
    case.world.write(
        "profile/a.yaml",
        "steersman: v1
sources: [{name: S, owner: jane.doe}]
stores: {local: {directory: .steersman/secrets}}
defaults:
  issuer: {store: local, key: \"{account}/issuer\"}
  token: {expires: never, deliver: {store: local, key: \"{account}/{token}\"}}
profiles: {shared: {userLevels: [SOURCE_ADMIN]}}
serviceAccounts:
  - {id: A, name: a, email: a@example.com, purpose: p, profile: shared, tokens: [{name: t, calls: [GET /public-identities/v1]}]}
  - {id: B, name: b, email: b@example.com, purpose: p, profile: shared, tokens: [{name: t, scopes: [idn:sources:manage]}]}
",
    );
    let run = case.world.steersman("validate profile").exits(0);
    assert!(run.stderr.contains("SM0604"), "{}", run.shown());
    let before = case.world.read("profile/a.yaml");
    let _ = case
        .world
        .steersman("validate profile --fix --unsafe-fixes")
        .exits(0);
    assert_eq!(case.world.read("profile/a.yaml"), before);
}

#[test]
fn a_difference_shows_no_secret_and_a_file_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let secret = "0123456789abcdef".repeat(4);
    let case = Case::new("guide");
    let path = "guide/steersman.yaml";
    let text = case.world.read(path).replacen(
        "steersman: v1",
        &format!(
            "steersman: v1\ntenant: {{baseUrl: 'https://acme.api.identitynow.com', clientId: x, clientSecret: {secret}}}"
        ),
        1,
    );
    let text = text.replacen("owner: jane.doe", "ownr:   jane.doe", 1);
    case.world.write(path, text);
    for words in [
        "validate guide --diff",
        "validate guide --diff --unsafe-fixes",
        "fmt guide --diff",
    ] {
        let run = case.world.steersman(words).exits(2);
        assert!(!run.stdout.contains(&secret), "{}", run.shown());
        assert!(!run.stderr.contains(&secret), "{}", run.shown());
    }
    let file = case.world.path(path);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let _ = case.world.steersman("fmt guide").exits(0);
    let _ = case.world.steersman("validate guide --fix");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn what_cannot_be_fixed_together_is_refused() {
    let case = wrong();
    let before = case.world.read("guide/steersman.yaml");
    for words in [
        "validate guide --fix --diff",
        "validate guide --unsafe-fixes",
    ] {
        let _ = case.world.steersman(words).exits(64);
    }
    assert_eq!(case.world.read("guide/steersman.yaml"), before);
}

#[test]
fn spec_10_sarif_has_all_problems_and_each_format_says_how_many_it_leaves_out() {
    let case = Case::new("guide");
    let wrong = "  - {id: A, name: a, email: a@example.com, purpose: p, colour: red}\n";
    case.world.write(
        "many/a.yaml",
        format!(
            "steersman: v1\nsources: [{{name: S, owner: jane.doe}}]\nserviceAccounts:\n{}",
            wrong.repeat(1_500)
        ),
    );
    for (format, expected) in [
        ("text", "more problems are not shown"),
        ("github", "more problems are not shown"),
        ("gitlab", "more problems are not shown"),
        ("junit", "more problems are not shown"),
        ("json", "\"omitted\": "),
    ] {
        let run = case
            .world
            .steersman(&format!("validate many --format {format}"))
            .exits(1);
        let text = format!("{}{}", run.stdout, run.stderr);
        let is_said = text.contains(expected) || text.contains("were not checked");
        assert!(is_said, "{format}");
    }
    let run = case
        .world
        .steersman("validate many --format sarif")
        .exits(1);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let results = document["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 2_500, "{}", results.len());
}

#[test]
fn spec_8_the_schema_is_written_where_the_files_name_it() {
    let case = Case::new("guide");
    let run = case.world.steersman("schema --output guide").exits(0);
    assert!(
        run.stderr
            .contains("wrote guide/schemas/steersman.schema.json"),
        "{}",
        run.shown()
    );
    let _ = case
        .world
        .steersman("schema plan --output new/plan.schema.json")
        .exits(0);
    let text = case.world.read("new/plan.schema.json");
    let _: serde_json::Value = serde_json::from_str(&text).unwrap();
    let _ = case.world.steersman("validate guide").exits(0);
}
