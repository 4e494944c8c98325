//! The guide's example, applied and enrolled, with a record.

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulator::{RequestFilter, TokenRequest};
use tests::{SimulatedTenant, World, world};

pub(crate) const SOURCE: &str = "Service Accounts";

pub(crate) struct Setting {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
}

impl Setting {
    /// A tenant that agrees with the files, and its record.
    pub(crate) fn new() -> Self {
        let mut world = world!();
        world.example("guide");
        let tenant = SimulatedTenant::start();
        world.set(tenant.variables());
        let setting = Self { world, tenant };
        setting.apply();
        setting.enroll();
        setting.apply();
        setting
    }

    pub(crate) fn apply(&self) {
        let apply = "apply guide --auto-approve --record record.json";
        let _ = self.world.steersman(apply).exits(0);
    }

    fn enroll(&self) {
        let minted = self.tenant.simulator().with_tenant(|tenant| {
            let _ = tenant.register_person("audit01").unwrap();
            let request = TokenRequest {
                name: "issuer".to_owned(),
                scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                ..TokenRequest::default()
            };
            tenant.mint_personal_access_token_as_owner("audit01", request)
        });
        let minted = minted.unwrap();
        let secret = minted.secret.expose_secret().to_owned();
        let document = json!({"clientId": minted.id, "clientSecret": secret});
        let path = ".steersman/secrets/audit01/issuer";
        self.world.write(path, document.to_string());
    }

    /// Compares, and answers the report.
    #[track_caller]
    pub(crate) fn drift(&self, words: &str, code: i32) -> Value {
        let words = format!("drift guide --out json=drift.json {words}");
        let _ = self.world.steersman(&words).exits(code);
        let report = self.json("drift.json");
        assert_eq!(report["exitCode"], code);
        report
    }

    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.world.read(path)).unwrap()
    }

    /// How many requests were sent so far.
    pub(crate) fn requests(&self) -> usize {
        let all = RequestFilter::default();
        self.tenant.simulator().requests(&all).len()
    }

    /// Changes the purpose of the account's row, as if by an import of others.
    pub(crate) fn put_row(&self, id: &str, name: &str, purpose: &str) {
        let attributes = json!({
            "id": id,
            "name": name,
            "e-mail": "iam-automation@example.com",
            "purpose": purpose,
        });
        let attributes = attributes.as_object().unwrap().clone();
        self.tenant.simulator().with_tenant(|tenant| {
            let _ = tenant.put_account_out_of_band(SOURCE, attributes).unwrap();
            tenant.aggregate_out_of_band(SOURCE).unwrap();
        });
    }

    pub(crate) fn identity(&self) -> String {
        let simulator = self.tenant.simulator();
        simulator
            .with_tenant(|tenant| tenant.find_person("audit01"))
            .unwrap()
    }

    /// The id of the first object of a list that has this name.
    pub(crate) fn id_of(&self, path: &str, name: &str) -> String {
        let all = self.tenant.get(path);
        let all = all.as_array().unwrap().iter();
        let mut named = all.filter(|one| one["name"] == name);
        named.next().unwrap()["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn token(&self) -> String {
        let path = format!("/personal-access-tokens/v1?owner-id={}", self.identity());
        self.id_of(&path, "monthly-report")
    }
}

/// The drifts, as `address field kind cause`.
pub(crate) fn drifts(report: &Value) -> Vec<String> {
    let drifts = report["drifts"].as_array().unwrap().iter();
    drifts
        .map(|drift| {
            let text = |key: &str| drift[key].as_str().unwrap_or("-").to_owned();
            format!(
                "{} {} {} {}",
                text("address"),
                text("field"),
                text("kind"),
                text("cause")
            )
        })
        .collect()
}
