//! The tenant, the files and the stores of a history.

use crate::declared::{Declared, issuer_file};
use crate::model::Model;
use crate::random::Random;
use crate::view::View;
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use simulator::{ClockMode, Config, TokenRequest};
use std::collections::BTreeMap;
use tests::scale::{self, Stage};
use tests::{Run, SimulatedTenant, World, world};

const ACCOUNTS: usize = 2;

/// A store of files whose programs fail where a file says so.
const STORE: &str = r#"file="secrets/other/$2"
[ -e "tools/fail-$1" ] && { echo "the store is down" >&2; exit 9; }
case "$1" in
get) [ -e "$file" ] || exit 3; cat "$file" ;;
put) mkdir -p "${file%/*}"; cat > "$file"; [ -e tools/fail-after-put ] && { echo "timed out" >&2; exit 9; } ;;
delete) rm -f "$file" ;;
esac
exit 0
"#;

pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
    pub(crate) declared: Declared,
    /// The identity of each account.
    pub(crate) owners: Vec<String>,
    pub(crate) model: Model,
    pub(crate) log: Vec<String>,
    pub(crate) counts: BTreeMap<String, usize>,
}

impl Site {
    /// The files that a seed begins with, and accounts that were just enrolled.
    pub(crate) fn begin(seed: u64) -> Self {
        let config = Config {
            clock: ClockMode::Manual,
            start_at: Some("2026-01-01T12:00:00Z".parse().unwrap()),
            ..Config::default()
        };
        let (tenant, issuers) = scale::tenant(ACCOUNTS, Stage::Ready, config);
        let view = View::of(&tenant);
        let owners: Vec<String> = issuers
            .iter()
            .map(|issuer| view.tokens[&issuer.client_id].owner.clone())
            .collect();
        tenant.simulator().with_tenant(|state| {
            for (id, token) in &view.tokens {
                if owners.contains(&token.owner) {
                    state.revoke_token_out_of_band(id).unwrap();
                }
            }
        });
        let mut world = world!();
        world.set(tenant.variables());
        world.set([("STEERSMAN_ALLOW_COMMANDS".to_owned(), "1".to_owned())]);
        world.set([("STEERSMAN_RETRIES".to_owned(), "1".to_owned())]);
        world.write("tools/store.sh", STORE);
        let declared = Declared::beginning(ACCOUNTS, &mut Random::of(seed, u64::MAX / 2));
        let mut site = Self {
            world,
            tenant,
            declared,
            owners,
            model: Model::default(),
            log: Vec::new(),
            counts: BTreeMap::new(),
        };
        site.write_files();
        for account in 0..ACCOUNTS {
            site.enroll(account);
        }
        let files = site.declared.texts().map(|(_, text)| text).concat();
        site.note(&files);
        site
    }

    pub(crate) fn note(&mut self, text: &str) {
        self.log.push(text.to_owned());
    }

    pub(crate) fn count(&mut self, what: impl Into<String>) {
        *self.counts.entry(what.into()).or_default() += 1;
    }

    pub(crate) fn write_files(&self) {
        for (path, text) in self.declared.texts() {
            self.world.write(path, text);
        }
    }

    pub(crate) fn pass(&self, time: SignedDuration) {
        self.tenant.simulator().advance(time).unwrap();
    }

    /// Runs the program.
    pub(crate) fn run(&mut self, words: &[String]) -> Run {
        self.count("runs");
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.note(&format!("  $ steersman {}", words.join(" ")));
        self.world.steersman_words(&words)
    }

    /// The account's person makes an issuer and stores it.
    pub(crate) fn enroll(&mut self, account: usize) {
        let name = format!("issuer-{}", self.log.len());
        let scopes = ["sp:my-personal-access-tokens:manage"];
        let Some((id, secret)) = self.mint(account, &name, &scopes) else {
            return;
        };
        let document = json!({"clientId": id, "clientSecret": secret});
        let place = issuer_file(account);
        self.write_secret(&place, &document.to_string());
        // Whatever a hand had put there is gone.
        self.model.foreign.remove(&place);
        self.note(&format!("  {account} is enrolled with {name}"));
    }

    /// The account's person makes a token; none where ISC allows no more.
    pub(crate) fn mint(
        &self,
        account: usize,
        name: &str,
        scopes: &[&str],
    ) -> Option<(String, String)> {
        let request = TokenRequest {
            name: name.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            access_token_validity_seconds: None,
            expires: None,
            never_expires: true,
        };
        let owner = &self.owners[account];
        let minted = self
            .tenant
            .simulator()
            .with_tenant(|state| state.mint_personal_access_token_as_owner(owner, request))
            .ok()?;
        Some((minted.id, minted.secret.expose_secret().to_owned()))
    }

    pub(crate) fn write_secret(&self, file: &str, text: &str) {
        self.world.write(file, text);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(self.world.path(file), mode).unwrap();
        }
    }

    /// The texts of all files of the stores, by path.
    pub(crate) fn documents(&self) -> BTreeMap<String, String> {
        let root = self.world.folder().to_owned();
        let files = self.world.everything_written();
        files
            .into_iter()
            .filter_map(|(path, text)| {
                let path = path.strip_prefix(&root).ok()?.to_str()?.to_owned();
                path.starts_with("secrets/").then_some((path, text))
            })
            .collect()
    }
}

/// The client id and the secret of a document.
pub(crate) fn credential(text: &str) -> Option<(String, String)> {
    let document: Value = serde_json::from_str(text).ok()?;
    let text = |key: &str| document[key].as_str().map(str::to_owned);
    Some((text("clientId")?, text("clientSecret")?))
}
