//! Table of single differences and the steps that they lead to.

use super::fixtures::{NOW, applied_tenant, enroll, guide, live_attribute, managed, source_mut};
use super::scenarios::{
    accounts, add_token, audit01, planned, profile, schema, steps, token_mut, token_spec,
};
use jiff::SignedDuration;
use model::{Collection, Live, LiveMapping, Rotation, Spec, UnmanagedTokens};

#[test]
fn each_difference_is_planned_where_it_is() {
    let mut cases: Vec<(&str, Spec, Live, &[&str])> = Vec::new();
    let mut case = |name, change: fn(&mut Spec, &mut Live), expected| {
        let (mut spec, mut live) = (guide(), applied_tenant());
        enroll(&mut live);
        add_token(
            &mut live,
            "monthly-report",
            &["sp:report:read", "sp:search:read"],
        );
        change(&mut spec, &mut live);
        cases.push((name, spec, live, expected));
    };
    case(
        "owner",
        |_, live| source_mut(live).owner = Some("x".into()),
        &["~ source/Service Accounts [owner]"],
    );
    case(
        "description",
        |spec, _| managed(spec).description = Some("New".to_owned()),
        &["~ source/Service Accounts [description]"],
    );
    case(
        "description left out",
        |spec, _| managed(spec).description = None,
        &[],
    );
    case(
        "delete threshold",
        |spec, _| managed(spec).delete_threshold = 20.try_into().ok(),
        &["~ source/Service Accounts [deleteThreshold]"],
    );
    case(
        "delete threshold as it is",
        |spec, _| managed(spec).delete_threshold = 10.try_into().ok(),
        &[],
    );
    case(
        "a further attribute",
        |spec, _| {
            managed(spec).attributes.push(model::AttributeSpec {
                name: "team".into(),
                description: None,
            });
        },
        &["~ schema/Service Accounts [attributes]"],
    );
    case(
        "an attribute too many",
        |_, live| schema(live).attributes.push(live_attribute("location")),
        &["~ schema/Service Accounts [attributes]"],
    );
    case(
        "an attribute too many, with values",
        |_, live| {
            schema(live).attributes.push(live_attribute("location"));
            accounts(live)[0]
                .cells
                .insert("location".into(), "Bonn".to_owned());
        },
        &["~ schema/Service Accounts [attributes] !"],
    );
    case(
        "order of attributes",
        |_, live| schema(live).attributes.reverse(),
        &[],
    );
    case(
        "a cell",
        |_, live| {
            accounts(live)[0]
                .cells
                .insert("purpose".into(), "by hand".to_owned());
        },
        &[
            "~ account/SA-001 [purpose]",
            "> processing/Service Accounts < account/SA-001",
        ],
    );
    case(
        "a cell beyond the declared",
        |_, live| {
            accounts(live)[0]
                .cells
                .insert("costCenter".into(), "4711".to_owned());
        },
        &[],
    );
    case(
        "profile off",
        |_, live| profile(live).enabled = false,
        &[
            "~ profile/Service Accounts [enabled]",
            "> processing/Service Accounts < profile/Service Accounts",
        ],
    );
    case(
        "a mapping",
        |_, live| {
            profile(live)
                .mappings
                .insert("email".into(), LiveMapping::Other("static".to_owned()));
        },
        &[
            "~ profile/Service Accounts [mappings.email]",
            "> processing/Service Accounts < profile/Service Accounts",
        ],
    );
    case(
        "apply changes due",
        |_, live| profile(live).refresh_required = true,
        &["> processing/Service Accounts"],
    );
    case(
        "a level too many",
        |_, live| {
            live.levels.insert(
                "identity-1".into(),
                Collection::Complete(["REPORT_ADMIN".into(), "HELPDESK".into()].into()),
            );
        },
        &["~ levels/SA-001 [userLevels]"],
    );
    case(
        "levels left out",
        |spec, live| {
            audit01(spec).user_levels = None;
            live.levels.clear();
        },
        &[],
    );
    case(
        "no levels",
        |spec, _| audit01(spec).user_levels = Some([].into()),
        &["~ levels/SA-001 [userLevels]"],
    );
    case(
        "a scope too many",
        |_, live| {
            token_mut(live).scopes.insert("sp:x:read".into());
        },
        &["~ token/SA-001/monthly-report [scopes]"],
    );
    case(
        "a token without end",
        |_, live| token_mut(live).expires = None,
        &["~ token/SA-001/monthly-report [expires]"],
    );
    case(
        "an ended token",
        |_, live| token_mut(live).expires = Some(NOW),
        &["± token/SA-001/monthly-report"],
    );
    case(
        "a token whose secret was lost",
        |_, live| {
            live.stores
                .lost_tokens
                .insert("token-monthly-report".into());
        },
        &["± token/SA-001/monthly-report"],
    );
    case(
        "a validity that cannot be patched",
        |spec, _| token_spec(spec).access_token_validity = Some(900),
        &["± token/SA-001/monthly-report"],
    );
    case(
        "rotation",
        |spec, _| {
            token_spec(spec).rotate = Some(Rotation::before(SignedDuration::from_hours(24 * 90)));
        },
        &["± token/SA-001/monthly-report"],
    );
    case(
        "an undeclared token",
        |_, live| add_token(live, "by-hand", &[]),
        &[],
    );
    case(
        "an undeclared token, by policy",
        |spec, live| {
            spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
            add_token(live, "by-hand", &[]);
        },
        &["- token/SA-001/by-hand !"],
    );
    case(
        "a token that retires",
        |_, live| add_token(live, "monthly-report~retiring-20260101-92bd", &[]),
        &[],
    );
    case(
        "a token that has retired",
        |_, live| add_token(live, "monthly-report~retiring-20251231-92bd", &[]),
        &["- token/SA-001/monthly-report~retiring-20251231-92bd !"],
    );
    case(
        "a token of SailPoint's",
        |spec, live| {
            spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
            add_token(live, "workflow", &[]);
            token_mut(live).managed = true;
        },
        &[],
    );
    for (name, spec, live, expected) in cases {
        assert_eq!(steps(&planned(&spec, &live)), expected, "{name}");
    }
}
