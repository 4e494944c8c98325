//! The guide's account, enrolled by a person.

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use simulator::{Config, FaultRule, Faults, TokenRequest};
use tests::{Run, SimulatedTenant, World, world};

pub(crate) const FILE: &str = "guide/steersman.yaml";
pub(crate) const ISSUER: &str = ".steersman/secrets/audit01/issuer";
pub(crate) const REPORT: &str = ".steersman/secrets/audit01/monthly-report";
pub(crate) const MANAGE: &str = "sp:my-personal-access-tokens:manage";

/// A tenant, and a folder with the guide's files.
pub(crate) struct Setting {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
}

/// A live token of the account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Token {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) is_issuer: bool,
}

impl Setting {
    /// The account is registered; a person has put its issuer token into the store.
    /// `issuer` are further keys of the declared issuer.
    pub(crate) fn enrolled(issuer: &str) -> Self {
        let mut world = world!();
        world.example("guide");
        world.replace(
            FILE,
            "key: audit01/issuer",
            &format!("key: audit01/issuer{issuer}"),
        );
        let tenant = SimulatedTenant::with(Config::default());
        world.set(tenant.variables());
        world.set([("STEERSMAN_RETRIES".to_owned(), "1".to_owned())]);
        let setting = Self { world, tenant };
        let _ = setting.apply().exits(0);
        let minted = setting.tenant.simulator().with_tenant(|tenant| {
            tenant.register_person("audit01").unwrap();
            let request = TokenRequest {
                name: "pasted".to_owned(),
                scopes: vec![MANAGE.to_owned()],
                ..TokenRequest::default()
            };
            tenant
                .mint_personal_access_token_as_owner("audit01", request)
                .unwrap()
        });
        let document =
            json!({"clientId": minted.id, "clientSecret": minted.secret.expose_secret()});
        setting.write_issuer(&document);
        setting
    }

    /// The same, and everything declared exists.
    pub(crate) fn settled(issuer: &str) -> Self {
        let setting = Self::enrolled(issuer);
        let _ = setting.apply().exits(0);
        setting.is_settled();
        setting
    }

    pub(crate) fn apply(&self) -> Run {
        self.world.steersman("apply guide --auto-approve")
    }

    pub(crate) fn plan(&self) -> Value {
        let _ = self.world.steersman("plan guide --out json=plan.json");
        self.document("plan.json")
    }

    pub(crate) fn document(&self, path: &str) -> Value {
        serde_json::from_str(&self.world.read(path)).unwrap()
    }

    pub(crate) fn write_issuer(&self, document: &Value) {
        use std::os::unix::fs::PermissionsExt as _;
        self.world.write(ISSUER, document.to_string());
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(self.world.path(ISSUER), private).unwrap();
    }

    /// As if a person had put the issuer token into the store that is there.
    pub(crate) fn enroll_again(&self) {
        let mut document = self.document(ISSUER);
        document.as_object_mut().unwrap().remove("replaces");
        self.write_issuer(&document);
    }

    /// The issuer token in the store works; its id.
    #[track_caller]
    pub(crate) fn working_issuer(&self) -> String {
        let document = self.document(ISSUER);
        let text = |key: &str| document[key].as_str().unwrap().to_owned();
        let (id, secret) = (text("clientId"), text("clientSecret"));
        assert!(!self.tenant.sign_in(&id, &secret).is_empty());
        id
    }

    /// The live tokens of the account, sorted.
    pub(crate) fn tokens(&self) -> Vec<Token> {
        let all = self.tenant.get("/personal-access-tokens/v1");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let own = all.as_array().unwrap().iter();
        let own = own.filter(|token| token["owner"]["name"] == "audit01");
        let token = |token: &Value| Token {
            name: text(&token["name"]),
            id: text(&token["id"]),
            is_issuer: token["scope"]
                .as_array()
                .is_some_and(|scopes| scopes.contains(&MANAGE.into())),
        };
        let mut tokens: Vec<Token> = own.map(token).collect();
        tokens.sort();
        tokens
    }

    /// The ids of the live tokens that may create tokens.
    pub(crate) fn issuers(&self) -> Vec<String> {
        let tokens = self.tokens().into_iter();
        tokens
            .filter(|token| token.is_issuer)
            .map(|token| token.id)
            .collect()
    }

    /// The plan is empty, and the store holds the only living issuer token, which works.
    #[track_caller]
    pub(crate) fn is_settled(&self) {
        let _ = self
            .world
            .steersman("plan guide --detailed-exitcode")
            .exits(0);
        let stored = self.working_issuer();
        assert_eq!(self.issuers(), [stored], "{:?}", self.tokens());
    }

    pub(crate) fn faults(&self, rules: impl IntoIterator<Item = FaultRule>) {
        self.tenant.simulator().set_faults(Faults {
            rules: rules.into_iter().collect(),
            seed: 1,
        });
    }
}
