//! An account that left the files: what its identity still holds, in every output.

use crate::case::Case;
use simulator::TokenRequest;

/// The team's spec, as it is declared, without an account that has a token and a level.
fn left() -> Case {
    let case = Case::applied("team");
    case.tenant.simulator().with_tenant(|tenant| {
        tenant.register_person("hr-leaver-check").unwrap();
        let request = TokenRequest {
            name: "by-hand".to_owned(),
            scopes: vec!["idn:accounts:read".to_owned()],
            ..TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner("hr-leaver-check", request)
            .unwrap();
    });
    case.remove_accounts("team/people.yaml", &["SA-404"]);
    case
}

const HOLDS: &str = "holds the user level HELPDESK and the token by-hand";
const REMEDY: &str = "to keep an account that left the files, declare it again; to remove it, follow docs/remove-account.md";

/// A text in one line, and without the marks of a format.
fn plain(text: &str) -> String {
    let text = text
        .replace(['`', '\\'], "")
        .replace("<code>", "")
        .replace("</code>", "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_account_that_left_is_shown_with_its_name_and_its_access() {
    let case = left();
    let plan = case.plan("--detailed-exitcode", 0);
    for text in [&plan.text, &plan.markdown, &plan.html] {
        let text = plain(text);
        assert!(text.contains("hr-leaver-check: unmanaged, kept"), "{text}");
        assert!(text.contains(HOLDS), "{text}");
        assert!(text.contains(REMEDY), "{text}");
    }
    let one = &plan.document()["unmanaged"][0];
    assert_eq!(one["address"], "account/SA-404");
    assert_eq!(one["name"], "hr-leaver-check");
    assert_eq!(one["holds"]["userLevels"], serde_json::json!(["HELPDESK"]));
    assert_eq!(one["holds"]["tokens"][0]["name"], "by-hand");
    assert_eq!(one["remedy"], REMEDY);

    let status = case.world.steersman("status team").exits(0);
    let text = plain(&status.stdout);
    assert!(
        text.contains("SA-404 hr-leaver-check: unmanaged, kept"),
        "{text}"
    );
    assert!(text.contains(HOLDS) && text.contains(REMEDY), "{text}");
    let json = case.world.steersman("status team --format json").exits(0);
    let status: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(status["unmanaged"], plan.document()["unmanaged"]);

    let words = "drift team --out json=d.json --out markdown=d.md --out html=d.html";
    let drift = case.world.steersman(words).exits(0);
    for text in [
        drift.stdout.clone(),
        case.world.read("d.md"),
        case.world.read("d.html"),
    ] {
        let text = plain(&text);
        assert!(text.contains("hr-leaver-check"), "{text}");
        assert!(text.contains(HOLDS) && text.contains(REMEDY), "{text}");
    }
    let document: serde_json::Value = serde_json::from_str(&case.world.read("d.json")).unwrap();
    assert_eq!(document["unmanaged"][0]["holds"], one["holds"]);

    let report = case.world.steersman("report team --format json").exits(0);
    let document: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    let accounts = document["accounts"].as_array().unwrap();
    let account = accounts
        .iter()
        .find(|one| one["account"] == "SA-404")
        .unwrap();
    assert_eq!(account["management"], "unmanaged");
    assert_eq!(account["userLevels"], serde_json::json!(["HELPDESK"]));
    assert_eq!(account["tokens"][0]["name"], "by-hand");
}

#[test]
fn what_was_not_read_is_called_not_read_and_costs_no_request() {
    let declared = Case::applied("guide");
    let requests = |case: &Case| case.plan("", 0).document()["estimate"]["readRequests"].clone();
    let before = requests(&declared);
    declared.tenant.simulator().with_tenant(|tenant| {
        tenant
            .put_account_out_of_band(
                "Service Accounts",
                serde_json::json!({
                    "id": "SA-109", "name": "byhand01", "e-mail": "x@example.com", "purpose": "p"
                })
                .as_object()
                .unwrap()
                .clone(),
            )
            .unwrap();
    });
    let plan = declared.plan("", 0);
    assert_eq!(plan.document()["estimate"]["readRequests"], before);
    let one = &plan.document()["unmanaged"][0];
    assert_eq!(one["name"], "byhand01");
    let text = plain(&plan.text);
    assert!(
        text.contains("account SA-109 byhand01: unmanaged, kept; "),
        "{text}"
    );
}
