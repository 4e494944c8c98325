//! The token list as people and programs read it: every state, at several widths.

use crate::terminal::Layout;
use crate::token_list::{Shown, SignIn, TokenListDocument, token_table};
use jiff::{SignedDuration, Timestamp};
use model::{
    Action, Address, DeliveryReport, DeliveryState, Incomplete, IncompleteReason, LiveToken,
    Reason, Redactor, SecretRole, StoreKey,
};
use planner::{ForPeople, ListedToken, Missing, Standing, TokenList};
use std::collections::BTreeMap;

fn now() -> Timestamp {
    Timestamp::from_second(1_767_225_600).unwrap()
}

fn at(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

/// A token that was created, used and expires so many days from now.
fn live(name: &str, created: i64, expires: Option<i64>, used: Option<i64>) -> LiveToken {
    LiveToken {
        id: format!("id-of-{name}").into(),
        name: name.into(),
        owner: "2c9180".into(),
        scopes: ["sp:report:read".into(), "sp:search:read".into()].into(),
        created: at(created),
        expires: expires.map(at),
        last_used: used.map(at),
        access_token_validity: None,
        managed: false,
    }
}

fn row(name: &str, standing: Standing, token: Option<LiveToken>) -> ListedToken {
    ListedToken {
        account: "SA-001".into(),
        account_name: "audit01".into(),
        identity: Some("2c9180".into()),
        is_doubted: false,
        name: Some(name.into()),
        standing,
        scopes: token.as_ref().map(LiveToken::effective_scopes),
        token,
        delivery: None,
        next: None,
        people: ForPeople::default(),
    }
}

fn delivered(name: &str, state: DeliveryState, detail: Option<&str>) -> DeliveryReport {
    DeliveryReport {
        address: Address::Token("SA-001".into(), name.into()),
        role: SecretRole::Token,
        place: StoreKey {
            store: "vault".into(),
            key: format!("acme/audit01/{name}"),
        },
        state,
        detail: detail.map(str::to_owned),
    }
}

/// A token of each state.
fn list() -> TokenList {
    let mut report = row(
        "monthly-report",
        Standing::Declared,
        Some(live("monthly-report", -12, Some(78), Some(-1))),
    );
    report.people = ForPeople {
        purpose: Some("Reports for auditors".to_owned()),
        owners: vec!["audit-team@example.com".to_owned(), "Jane Doe".to_owned()],
    };
    report.delivery = Some(delivered("monthly-report", DeliveryState::Delivered, None));
    let mut due = row(
        "nightly-report",
        Standing::Declared,
        Some(live("nightly-report", -80, Some(10), Some(0))),
    );
    due.delivery = Some(delivered(
        "nightly-report",
        DeliveryState::Stale,
        Some("it is the secret of an earlier token"),
    ));
    due.next = Some((Action::Replace, Reason::DeliveryMissing));
    let mut issuer = row(
        "steersman-issuer",
        Standing::Issuer,
        Some(live("steersman-issuer", -100, Some(-1), None)),
    );
    issuer.scopes = Some([LiveToken::ISSUER_SCOPE.into()].into());
    issuer.delivery = Some(delivered("issuer", DeliveryState::Delivered, None));
    let retiring = row(
        "monthly-report~retiring-20260102-1a2b",
        Standing::Retiring {
            of: "monthly-report".into(),
            until: at(2),
            rolled_back: false,
        },
        Some(live("old", -90, Some(0), Some(-1))),
    );
    let undone = row(
        "weekly-report~retiring-20260102-3c4d",
        Standing::Retiring {
            of: "weekly-report".into(),
            until: at(1),
            rolled_back: true,
        },
        Some(live("undone", -1, Some(89), Some(-1))),
    );
    let mut by_hand = row(
        "by-hand",
        Standing::Undeclared,
        Some(live("by-hand", -400, None, None)),
    );
    by_hand.scopes = Some([LiveToken::ALL_SCOPES.into()].into());
    let workflow = row(
        "workflow",
        Standing::OfSailPoint,
        Some(live("workflow", -3, None, Some(0))),
    );
    let mut planned = row("weekly", Standing::Missing(Missing::Planned), None);
    planned.scopes = Some(["sp:report:read".into()].into());
    planned.next = Some((Action::Create, Reason::NotInTenant));
    let mut blocked = row(
        "issuer",
        Standing::Missing(Missing::Blocked {
            why: "there is no issuer token at vault:acme/backup02/issuer".to_owned(),
            remedy: "run `steersman enroll backup02`".to_owned(),
        }),
        None,
    );
    (blocked.account, blocked.account_name) = ("SA-002".into(), "backup02".into());
    blocked.name = None;
    let mut unread = row(
        "backup",
        Standing::Unread {
            why: "the personal access tokens: not allowed (403)".to_owned(),
        },
        None,
    );
    (unread.account, unread.account_name) = ("SA-002".into(), "backup02".into());
    TokenList {
        at: now(),
        tokens: vec![
            report, due, issuer, retiring, undone, by_hand, workflow, planned, blocked, unread,
        ],
        incomplete: [(
            "the personal access tokens".to_owned(),
            Incomplete::new(IncompleteReason::Forbidden, "not allowed (403)"),
        )]
        .into(),
    }
}

fn checks(list: &TokenList) -> Vec<SignIn> {
    let of = |index| match index {
        0 => SignIn::SignsIn,
        1 => SignIn::Rejected {
            why: "not signed in (401): invalid_client".to_owned(),
        },
        2 => SignIn::AnotherIdentity {
            identity: Some("9f2c".to_owned()),
        },
        _ => SignIn::NothingDelivered,
    };
    (0..list.tokens.len()).map(of).collect()
}

fn columns(width: usize) -> Layout<'static> {
    Layout::terminal(width, false)
}

#[test]
fn every_state_at_several_widths() {
    let redactor = Redactor::default();
    let list = list();
    for width in [60, 80, 120, 200] {
        let text = token_table(&list, &[], Shown::First, columns(width), &redactor);
        let widest = text.lines().take_while(|line| !line.is_empty());
        let widest = widest.map(|line| line.chars().count()).max();
        assert!(widest <= Some(width), "{width}: {widest:?}");
        insta::assert_snapshot!(format!("token_list_{width}"), text);
    }
    let text = token_table(&list, &checks(&list), Shown::First, columns(160), &redactor);
    insta::assert_snapshot!("token_list_checked", text);
}

#[test]
fn a_long_list_is_cut_for_people_only() {
    let mut list = list();
    let first = list.tokens[0].clone();
    list.tokens = vec![first; 250];
    list.incomplete = BTreeMap::new();
    let redactor = Redactor::default();
    let text = token_table(&list, &[], Shown::First, columns(120), &redactor);
    assert!(text.contains("and 150 more; `--all` shows all"), "{text}");
    let text = token_table(&list, &[], Shown::All, columns(120), &redactor);
    assert!(!text.contains("more;"), "{text}");
    let document = TokenListDocument::new(&list, &[], "https://acme");
    assert_eq!(document.tokens.len(), 250);
}

#[test]
fn the_document_is_of_its_schema() {
    let list = list();
    let document = TokenListDocument::new(&list, &checks(&list), "https://acme");
    assert!(!document.complete);
    let value: serde_json::Value = serde_json::from_str(&document.text().unwrap()).unwrap();
    let schema = serde_json::to_value(TokenListDocument::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let read: TokenListDocument = serde_json::from_value(value).unwrap();
    assert_eq!(read, document);
}
