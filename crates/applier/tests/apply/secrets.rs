//! No secret is in anything but its store, however a run goes.

use crate::fake::{Fault, every_refusal, unknown};
use crate::plans::{With, mint, new_token, plan, replace, step};
use crate::world::{World, local, place};
use model::{Operation, TokenChange};

/// What every secret of the fake tenant has in it.
const MARK: &str = "s3cr3t";

type Arrange = fn(&World);

fn obstruct(world: &World) {
    let path = world.path("secrets/report");
    let act = move |_: &mut crate::fake::State| fs_err::create_dir(path).unwrap();
    world.tenant.on("mint_token", Fault::meanwhile(act));
}

#[tokio::test]
async fn no_secret_is_told_or_kept_outside_its_store() {
    let cases: [(&str, Arrange); 9] = [
        ("all is well", |_| {}),
        ("minting is refused", |world| {
            world
                .tenant
                .on("mint_token", Fault::Before(every_refusal().remove(3)));
        }),
        ("the answer is lost", |world| {
            world.tenant.on("mint_token", Fault::After(unknown()));
        }),
        ("the answer and the revocation are lost", |world| {
            world.tenant.on("mint_token", Fault::After(unknown()));
            world.tenant.always("revoke_token", unknown());
        }),
        ("delivery fails", obstruct),
        ("delivery and revocation fail", |world| {
            obstruct(world);
            world
                .tenant
                .always("revoke_token", every_refusal().remove(1));
        }),
        ("renaming back fails", |world| {
            obstruct(world);
            world.tenant.on("update_token", Fault::Pass);
            world
                .tenant
                .always("update_token", every_refusal().remove(1));
        }),
        ("reading back fails", |world| {
            world.tenant.on("tokens_of", Fault::Pass);
            world.tenant.always("tokens_of", every_refusal().remove(4));
        }),
        ("the issuer is broken", |world| {
            fs_err::write(world.path("secrets/issuer"), format!("{MARK}, not JSON")).unwrap();
        }),
    ];
    for (what, arrange) in cases {
        let world = World::new();
        let issuer = world.enroll("audit01", "issuer").await;
        let old = {
            let mut state = world.tenant.state();
            state
                .add_token("audit01", "old", &["sp:report:read"])
                .fingerprint()
        };
        let mut forgetful = new_token("forgotten", &issuer);
        forgetful.deliver = place("forgetful", "forgotten");
        let update = Operation::UpdateToken {
            token: "pat-old".into(),
            issuer: issuer.clone(),
            change: TokenChange {
                scopes: Some([].into()),
                expires: None,
            },
        };
        arrange(&world);
        let outcome = world
            .apply(&plan(vec![
                mint(new_token("report", &issuer)),
                mint(forgetful).after(&["token/SA-001/report"]),
                replace(
                    "pat-old",
                    Some("old~retiring-20260302"),
                    new_token("old", &issuer),
                )
                .against(old.clone()),
                step("token/SA-001/other", update).against(old),
            ]))
            .await;
        let journal = world.journal();
        for (place, text) in [
            ("outcome", format!("{outcome:#?}")),
            ("outcome as JSON", serde_json::to_string(&outcome).unwrap()),
            ("events", format!("{:#?}", world.events.all())),
            ("journal", world.journal_text()),
            (
                "open journal",
                format!("{journal:#?} {:#?}", journal.unfinished()),
            ),
            ("stores", format!("{:#?}", world.stores)),
            (
                "options",
                format!("{:#?} {:#?}", world.options, world.cancel),
            ),
            (
                "documents",
                format!("{:#?}", world.stores.get(&local("report")).await),
            ),
        ] {
            assert!(
                !text.contains(MARK),
                "{what}: a secret in the {place}:\n{text}"
            );
        }
        assert!(!world.events.all().is_empty());
    }
}
