//! User levels, by lists of holders and by account.

use crate::answers::error;
use crate::scripted::{Reply, Request, Scripted};
use crate::tenant::Tenant;
use model::{
    Collection, IncompleteReason, Live, TenantRead as _, UserLevel, Wanted, WantedAccount,
    WantedSource,
};
use serde_json::{Value, json};
use simulator::{Fault, RequestFilter};
use std::collections::{BTreeMap, BTreeSet};

const ACCOUNTS: usize = 20;
/// What an account of a scripted tenant holds, by its number.
const HELD: fn(usize) -> &'static [&'static str] = |index| match index % 3 {
    0 => &["REPORT_ADMIN"],
    1 => &["REPORT_ADMIN", "own"],
    _ => &[],
};

/// A reading list of so many accounts, each expected to hold `levels`.
fn wanted(
    source: &str,
    accounts: usize,
    levels: impl Fn(usize) -> &'static [&'static str],
) -> Wanted {
    let mut wanted = Wanted {
        known_levels: ["HELPDESK", "ORG_ADMIN", "REPORT_ADMIN"]
            .map(Into::into)
            .into(),
        ..Wanted::default()
    };
    let managed = WantedSource {
        managed: true,
        undeclared_levels: false,
        uid: None,
    };
    wanted.sources.insert(source.into(), managed);
    for index in 0..accounts {
        let id = format!("BULK-{index:06}");
        let account = WantedAccount {
            source: source.into(),
            native_identity: Some(id.as_str().into()),
            name: format!("bulk{index:06}").into(),
            previously: model::Previously::default(),
            status: model::WantedStatus::No,
            levels: Some(levels(index).iter().map(|level| (*level).into()).collect()),
        };
        wanted.accounts.insert(id.into(), account);
    }
    wanted
}

/// The levels that were read, by account.
fn levels(live: &Live, source: &str) -> BTreeMap<String, Collection<BTreeSet<UserLevel>>> {
    let source = live.sources[source].complete().unwrap().as_ref().unwrap();
    source
        .accounts
        .complete()
        .unwrap()
        .iter()
        .filter_map(|account| {
            let levels = live.levels.get(account.identity.as_ref()?)?;
            Some((account.name.to_string(), levels.clone()))
        })
        .collect()
}

fn held(levels: &[&str]) -> Collection<BTreeSet<UserLevel>> {
    Collection::Complete(levels.iter().map(|level| (*level).into()).collect())
}

/// What a level's path asks for: the level, and the page's offset.
fn level_of(request: &Request) -> &str {
    request.path().split('/').nth(4).unwrap()
}

/// Answers as a tenant does in which account n holds `HELD(n)`.
fn answer(request: &Request) -> Reply {
    let rows: Vec<Value> = match request.path() {
        "/sources/v1" => vec![json!({"id": "s1", "name": "S", "type": "DelimitedFile"})],
        "/accounts/v1" => (0..ACCOUNTS)
            .map(|index| {
                json!({
                    "id": format!("a{index:03}"), "nativeIdentity": format!("BULK-{index:06}"),
                    "name": format!("bulk{index:06}"), "identityId": format!("i{index}"),
                })
            })
            .collect(),
        "/authorization/v1/custom-user-levels" => {
            vec![
                json!({"id": "own", "name": "Own"}),
                json!({"id": "draft", "status": "DRAFT"}),
            ]
        }
        "/authorization/v1/user-levels/get-identity-count" => {
            let asked: Vec<String> = serde_json::from_str(&request.body).unwrap();
            let rows = asked.iter().map(|level| {
                let holders = (0..ACCOUNTS).filter(|index| HELD(*index).contains(&level.as_str()));
                json!({"id": level, "count": holders.count()})
            });
            rows.collect()
        }
        path if path.starts_with("/authorization/v1/user-levels/") => (0..ACCOUNTS)
            .filter(|index| HELD(*index).contains(&level_of(request)))
            .map(|index| json!({"id": format!("i{index}")}))
            .collect(),
        path => {
            let Some(identity) = path.strip_prefix("/auth-users/v1/i") else {
                return Reply::json(200, json!([]));
            };
            let index = identity.parse().unwrap();
            return Reply::json(200, json!({"capabilities": HELD(index)}));
        }
    };
    let total = rows.len().to_string();
    Reply::json(200, rows).with("X-Total-Count", total)
}

/// Reads a scripted tenant, spoilt so, and answers what was read and how many
/// accounts were asked for one by one.
async fn read(
    wanted: &Wanted,
    spoil: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
) -> (Live, Vec<Request>) {
    let server =
        Scripted::tenant(move |request, _| spoil(request).unwrap_or_else(|| answer(request))).await;
    let live = server.reader().survey(wanted).await.unwrap();
    (live, server.requests())
}

fn one_by_one(requests: &[Request]) -> usize {
    let paths = requests.iter().map(Request::path);
    paths.filter(|path| path.starts_with("/auth-users")).count()
}

#[tokio::test]
async fn lists_of_holders_say_what_the_accounts_say() {
    let wanted = wanted("S", ACCOUNTS, HELD);
    let (by_holders, requests) = read(&wanted, |_| None).await;
    assert_eq!(one_by_one(&requests), 0);
    // Sign-in, source, schema, profiles, accounts; own levels, counts, two lists.
    assert_eq!(by_holders.requests, 5 + 2 + 2);
    assert_eq!(
        by_holders.custom_levels,
        Collection::Complete(BTreeSet::new())
    );
    let counted: Vec<&Request> = requests
        .iter()
        .filter(|request| request.path().ends_with("/get-identity-count"))
        .collect();
    let asked: Vec<String> = serde_json::from_str(&counted[0].body).unwrap();
    assert_eq!(
        asked,
        ["HELPDESK", "ORG_ADMIN", "REPORT_ADMIN", "draft", "own"]
    );
    for request in requests
        .iter()
        .filter(|request| request.path().starts_with("/authorization"))
    {
        assert_eq!(request.header("x-sailpoint-experimental"), Some("true"));
    }

    let mut without_lists = wanted.clone();
    without_lists.known_levels.clear();
    let (by_account, requests) = read(&without_lists, |_| None).await;
    assert_eq!(one_by_one(&requests), ACCOUNTS);
    assert_eq!(by_holders.levels, by_account.levels);
    assert_eq!(by_holders.levels.len(), ACCOUNTS);
    let levels = levels(&by_holders, "S");
    assert_eq!(levels["bulk000001"], held(&["REPORT_ADMIN", "own"]));
    assert_eq!(levels["bulk000002"], held(&[]));
}

#[tokio::test]
async fn a_difference_is_looked_at_again_at_the_account() {
    // The lists have not heard of it yet.
    let lagging = |request: &Request| {
        (request.path() == "/auth-users/v1/i2")
            .then(|| Reply::json(200, json!({"capabilities": ["HELPDESK"]})))
    };
    let expected = |index| match index {
        2 => &["HELPDESK"] as &[_],
        3 => &["REPORT_ADMIN", "HELPDESK"],
        _ => HELD(index),
    };
    let (live, requests) = read(&wanted("S", ACCOUNTS, expected), lagging).await;
    assert_eq!(one_by_one(&requests), 2);
    let levels = levels(&live, "S");
    assert_eq!(levels["bulk000002"], held(&["HELPDESK"]));
    assert_eq!(levels["bulk000003"], held(&["REPORT_ADMIN"]));
    assert_eq!(levels["bulk000004"], held(&["REPORT_ADMIN", "own"]));
}

#[tokio::test]
async fn lists_that_are_not_to_be_had_or_not_whole_are_not_believed() {
    type Spoil = fn(&Request) -> Option<Reply>;
    fn spoilt(request: &Request, path: &str, reply: impl Fn() -> Reply) -> Option<Reply> {
        request.path().ends_with(path).then(reply)
    }
    const COUNTS: &str = "/get-identity-count";
    const HOLDERS: &str = "/REPORT_ADMIN/identities";
    let table: [(&str, Spoil); 12] = [
        ("own levels are forbidden", |request| {
            spoilt(request, "/custom-user-levels", || error(403, "no"))
        }),
        ("own levels are not there", |request| {
            spoilt(request, "/custom-user-levels", || error(404, "no"))
        }),
        ("an own level is not understood", |request| {
            spoilt(request, "/custom-user-levels", || {
                Reply::json(200, json!([{"name": "x"}]))
            })
        }),
        ("counts are forbidden", |request| {
            spoilt(request, COUNTS, || error(403, "no"))
        }),
        ("counts are refused", |request| {
            spoilt(request, COUNTS, || error(400, "unknown level"))
        }),
        ("a count is missing", |request| {
            spoilt(request, COUNTS, || {
                Reply::json(200, json!([{"id": "REPORT_ADMIN", "count": 14}]))
            })
        }),
        ("a level that nobody knows is held", |request| {
            spoilt(request, COUNTS, || {
                let rows = ["HELPDESK", "ORG_ADMIN", "REPORT_ADMIN", "draft", "own"]
                    .map(|level| json!({"id": level, "count": 1}));
                Reply::json(200, rows.to_vec()).with("X-Total-Count", "6")
            })
        }),
        ("counts are no counts", |request| {
            spoilt(request, COUNTS, || {
                Reply::json(200, json!([{"id": "own", "count": "x"}]))
            })
        }),
        ("holders are forbidden", |request| {
            spoilt(request, HOLDERS, || error(403, "no"))
        }),
        ("holders are not there", |request| {
            spoilt(request, HOLDERS, || error(404, "no"))
        }),
        ("holders are fewer than stated", |request| {
            spoilt(request, HOLDERS, || {
                Reply::json(200, json!([{"id": "i0"}])).with("X-Total-Count", "14")
            })
        }),
        ("holders are fewer than counted", |request| {
            spoilt(request, HOLDERS, || Reply::json(200, json!([{"id": "i0"}])))
        }),
    ];
    for (what, spoil) in table {
        let (live, requests) = read(&wanted("S", ACCOUNTS, HELD), spoil).await;
        assert_eq!(one_by_one(&requests), ACCOUNTS, "{what}");
        let levels = levels(&live, "S");
        for index in 0..ACCOUNTS {
            let name = format!("bulk{index:06}");
            assert_eq!(levels[&name], held(HELD(index)), "{what}: {name}");
        }
    }
}

#[tokio::test]
async fn lists_that_never_come_are_not_followed_by_as_many_questions() {
    let (live, requests) = read(&wanted("S", ACCOUNTS, HELD), |request| {
        let holders = request.path().ends_with("/identities");
        holders.then(|| error(503, "maintenance"))
    })
    .await;
    assert_eq!(one_by_one(&requests), 0);
    assert_eq!(live.levels.len(), ACCOUNTS);
    for levels in live.levels.values() {
        let why = levels.complete().unwrap_err();
        assert_eq!(why.reason, IncompleteReason::RetriesUsedUp);
        assert!(why.detail.contains("maintenance"), "{why}");
    }
}

#[tokio::test]
async fn levels_of_single_accounts_may_be_missing() {
    let few = wanted("S", 3, HELD);
    for (status, reason) in [
        (403, IncompleteReason::Forbidden),
        (404, IncompleteReason::Refused),
        (503, IncompleteReason::RetriesUsedUp),
    ] {
        let (live, _) = read(&few, move |request| {
            (request.path() == "/auth-users/v1/i1").then(|| error(status, "no"))
        })
        .await;
        let levels = levels(&live, "S");
        assert_eq!(levels["bulk000001"].complete().unwrap_err().reason, reason);
        assert_eq!(levels["bulk000000"], held(HELD(0)));
        assert_eq!(levels["bulk000002"], held(HELD(2)));
    }
}

#[tokio::test]
async fn a_level_that_nobody_declares_is_seen_in_the_simulated_tenant() {
    let tenant = Tenant::start(300).await;
    tenant.running.with_tenant(|state| {
        let give = |state: &mut simulator::Tenant, index: usize, levels: &[&str]| {
            let levels = levels.iter().map(|level| (*level).to_owned()).collect();
            let alias = format!("bulk{index:06}");
            state.set_levels_out_of_band(&alias, levels).unwrap();
        };
        for index in 0..300 {
            give(state, index, &["REPORT_ADMIN"]);
        }
        give(state, 7, &["REPORT_ADMIN", "HELPDESK"]);
        give(state, 8, &[]);
    });
    let wanted = wanted("Bulk", 300, |_| &["REPORT_ADMIN"]);
    let live = tenant.writer.survey(&wanted).await.unwrap();
    let levels = levels(&live, "Bulk");
    assert_eq!(levels["bulk000007"], held(&["HELPDESK", "REPORT_ADMIN"]));
    assert_eq!(levels["bulk000008"], held(&[]));
    assert_eq!(levels["bulk000009"], held(&["REPORT_ADMIN"]));
    let counts = tenant.running.request_counts(&RequestFilter::default());
    assert_eq!(counts["getAuthUserV1"], 2);
    // Two pages of report administrators, and one each of the two other levels.
    assert_eq!(counts["listUserLevelIdentitiesV1"], 4);
}

#[tokio::test]
async fn pages_of_holders_that_move_are_not_believed() {
    let tenant = Tenant::start(300).await;
    tenant.running.with_tenant(|state| {
        for index in 0..300 {
            let alias = format!("bulk{index:06}");
            let levels = vec!["REPORT_ADMIN".to_owned()];
            state.set_levels_out_of_band(&alias, levels).unwrap();
        }
    });
    let wanted = wanted("Bulk", 300, |_| &["REPORT_ADMIN"]);
    for fault in [Fault::ShortPage, Fault::MalformedJson] {
        tenant.faults(fault.clone(), "listUserLevelIdentitiesV1", None);
        tenant.running.clear_requests();
        let live = tenant.writer.survey(&wanted).await.unwrap();
        let counts = tenant.running.request_counts(&RequestFilter::default());
        assert_eq!(counts["getAuthUserV1"], 300, "{fault:?}");
        assert!(
            live.levels
                .values()
                .all(|levels| *levels == held(&["REPORT_ADMIN"]))
        );
    }
}

#[tokio::test]
async fn a_tenant_without_one_of_the_levels_is_asked_for_each() {
    let counts = |request: &Request| request.path().ends_with("/get-identity-count");
    // The tenant does not have the level, and refuses whatever names it.
    let lacking = move |request: &Request| {
        let refused = counts(request) && request.body.contains("HELPDESK");
        refused.then(|| error(404, "no such level"))
    };
    let (live, requests) = read(&wanted("S", ACCOUNTS + 1, HELD), lacking).await;
    assert_eq!(one_by_one(&requests), 0);
    let counted = requests.iter().filter(|request| counts(request)).count();
    assert_eq!(counted, 1 + 5);
    let levels = levels(&live, "S");
    for index in 0..ACCOUNTS {
        assert_eq!(levels[&format!("bulk{index:06}")], held(HELD(index)));
    }

    // For so few accounts it is not worth that.
    let (_, requests) = read(&wanted("S", ACCOUNTS, HELD), lacking).await;
    assert_eq!(one_by_one(&requests), ACCOUNTS);

    // A tenant that counts nothing at all is believed nothing.
    let nothing = move |request: &Request| counts(request).then(|| error(404, "no such thing"));
    let (live, requests) = read(&wanted("S", ACCOUNTS + 1, HELD), nothing).await;
    assert_eq!(one_by_one(&requests), ACCOUNTS);
    assert!(live.levels.values().all(|levels| levels.complete().is_ok()));
}
