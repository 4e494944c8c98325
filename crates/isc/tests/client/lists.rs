//! Reading lists, whole and not.

use crate::answers::error;
use crate::scripted::{DATE, Reply, Request, Scripted};
use model::{Collection, IncompleteReason, LiveAccount, TenantRead as _, Wanted, WantedSource};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// So many accounts, as ISC lists them.
fn accounts_page(request: &Request, total: usize) -> Vec<Value> {
    let number = |name| request.query(name).unwrap().parse::<usize>().unwrap();
    let end = total.min(number("offset") + number("limit"));
    (number("offset")..end)
        .map(|index| {
            json!({
                "id": format!("a{index:04}"), "nativeIdentity": format!("SA-{index:04}"),
                "name": format!("n{index}"), "attributes": {}, "uncorrelated": true,
            })
        })
        .collect()
}

async fn accounts(
    script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
) -> (Collection<Vec<LiveAccount>>, Vec<Request>) {
    let server = Scripted::tenant(script).await;
    let read = server.reader().accounts(&"s1".into()).await.unwrap();
    (read, server.requests())
}

#[tokio::test]
async fn all_pages_are_read() {
    for (total, pages) in [(0, 1), (1, 1), (250, 1), (251, 2), (500, 2), (1_003, 5)] {
        let (read, requests) = accounts(move |request, _| {
            Reply::json(200, accounts_page(request, total)).with("X-Total-Count", total.to_string())
        })
        .await;
        assert_eq!(read.complete().unwrap().len(), total);
        assert_eq!(requests.len(), pages, "{total}");
        for request in requests {
            assert_eq!(request.query("sorters").as_deref(), Some("id"));
            assert_eq!(request.query("limit").as_deref(), Some("250"));
            let filters = request.query("filters");
            assert_eq!(filters.as_deref(), Some("sourceId eq \"s1\""));
        }
    }
}

#[tokio::test]
async fn pages_without_a_total_are_read_one_after_the_other() {
    let (read, requests) =
        accounts(|request, _| Reply::json(200, accounts_page(request, 600))).await;
    assert_eq!(read.complete().unwrap().len(), 600);
    // The last one is empty, and shows that the one before it was.
    assert_eq!(requests.len(), 4);
}

#[tokio::test]
async fn smaller_pages_without_a_total_are_not_taken_for_all() {
    let (read, _) = accounts(|request, _| {
        let mut rows = accounts_page(request, 600);
        rows.truncate(100);
        Reply::json(200, rows)
    })
    .await;
    assert_eq!(
        read.complete().unwrap_err().reason,
        IncompleteReason::ShortPage
    );
}

#[tokio::test]
async fn lists_that_are_not_whole_are_said_to_be_so() {
    /// Spoils a page by its number: other rows, or another answer.
    type Spoil = fn(&mut Vec<Value>, usize) -> Option<Reply>;
    let table: [(&str, Spoil, IncompleteReason); 6] = [
        (
            "a page in the middle is forbidden",
            |_, page| (page == 1).then(|| error(403, "no")),
            IncompleteReason::Forbidden,
        ),
        (
            "a page does not come",
            |_, page| (page == 2).then(|| error(503, "no")),
            IncompleteReason::RetriesUsedUp,
        ),
        (
            "a page is short",
            |rows, page| {
                rows.truncate(if page == 1 { 100 } else { 250 });
                None
            },
            IncompleteReason::ShortPage,
        ),
        (
            "the last page lacks rows",
            |rows, page| {
                rows.truncate(if page == 2 { 100 } else { 250 });
                None
            },
            IncompleteReason::TotalMismatch,
        ),
        (
            "a row comes twice",
            |rows, page| {
                if page == 1 {
                    rows[0]["id"] = json!("a0249");
                }
                None
            },
            IncompleteReason::TotalMismatch,
        ),
        (
            "a row has no id",
            |rows, page| {
                if page == 2 {
                    rows[5] = json!({"name": "x"});
                }
                None
            },
            IncompleteReason::UndecodableRow,
        ),
    ];
    for (what, spoil, reason) in table {
        let (read, _) = accounts(move |request, _| {
            let offset: usize = request.query("offset").unwrap().parse().unwrap();
            let mut rows = accounts_page(request, 700);
            spoil(&mut rows, offset / 250)
                .unwrap_or_else(|| Reply::json(200, rows).with("X-Total-Count", "700"))
        })
        .await;
        let why = read.complete().expect_err(what);
        assert_eq!(why.reason, reason, "{what}: {why}");
        assert!(!read.found().is_empty(), "{what}");
    }
}

#[tokio::test]
async fn security_low_a_wrong_total_does_not_make_a_reading_last_for_ever() {
    let (read, requests) = accounts(|request, _| {
        let mut rows = accounts_page(request, 600);
        rows.truncate(if request.query("offset").as_deref() == Some("0") {
            250
        } else {
            1
        });
        Reply::json(200, rows).with("X-Total-Count", "9999999")
    })
    .await;
    let why = read.complete().unwrap_err();
    assert_eq!(why.reason, IncompleteReason::ShortPage);
    assert_eq!(
        why.detail,
        "3 pages have fewer than 250 rows, so 39996 more pages were not read"
    );
    assert!(requests.len() < 60, "{}", requests.len());
}

#[tokio::test]
async fn security_low_a_row_of_very_many_values_is_not_kept() {
    let server = Scripted::tenant(|_, _| {
        let body = format!(r#"[{{"id": "a", "x": [{}0]}}]"#, "0,".repeat(300_000));
        Reply::text(200, "application/json", body)
    })
    .await;
    let error = server.reader().accounts(&"s1".into()).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("more than 200000 values"), "{text}");
}

#[tokio::test]
async fn a_reading_goes_on_without_what_is_forbidden() {
    let server = Scripted::tenant(|request, _| match request.path() {
        "/sources/v1" => Reply::json(
            200,
            json!([{"id": "s1", "name": "S", "type": "DelimitedFile", "owner": null}]),
        )
        .with("X-Total-Count", "1"),
        "/accounts/v1" => Reply::json(200, json!([])).with("X-Total-Count", "0"),
        _ => error(403, "no right"),
    })
    .await;
    let mut wanted = Wanted {
        tokens: true,
        unknown_levels: BTreeSet::from(["acme".into()]),
        ..Wanted::default()
    };
    let source = WantedSource {
        managed: true,
        undeclared_levels: false,
        uid: None,
    };
    wanted.sources.insert("S".into(), source);
    let live = server.reader().survey(&wanted).await.unwrap();
    let source = live.sources["S"].complete().unwrap().as_ref().unwrap();
    assert!(source.accounts.complete().is_ok());
    let forbidden = [
        source.schema.complete().unwrap_err(),
        source.profile.complete().unwrap_err(),
        live.tokens.complete().unwrap_err(),
        live.custom_levels.complete().unwrap_err(),
    ];
    for why in forbidden {
        assert_eq!(why.reason, IncompleteReason::Forbidden);
        assert!(why.detail.contains("no right (tracking id t-1)"), "{why}");
    }
    let schema = source.schema.complete().unwrap_err();
    assert!(schema.detail.contains("of the source \"S\""), "{schema}");
    assert_eq!(live.caller.identity, Some("i-jane".into()));
    assert_eq!(live.observed_at.as_second(), 1_700_000_000, "{DATE}");
    assert_eq!(live.requests, 7);
    let experimental: Vec<String> = server
        .requests()
        .iter()
        .filter(|request| request.header("x-sailpoint-experimental") == Some("true"))
        .map(|request| request.path().to_owned())
        .collect();
    assert_eq!(experimental, ["/authorization/v1/custom-user-levels"]);
}
