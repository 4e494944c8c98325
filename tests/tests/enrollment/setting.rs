//! A served tenant whose accounts are registered and not enrolled.

use jiff::Timestamp;
use regex::Regex;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use simulator::TokenRequest;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStderr, Command, Stdio};
use tests::{Run, SimulatedTenant, World, world};
use tokio::runtime::Runtime;

pub(crate) const MANAGE: &str = "sp:my-personal-access-tokens:manage";
pub(crate) const ISSUER: &str = ".steersman/secrets/audit01/issuer";

pub(crate) struct Setting {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
    pub(crate) port: u16,
    runtime: Runtime,
}

impl Setting {
    /// The guide, applied, with its account registered.
    pub(crate) fn guide() -> Self {
        let setting = Self::invited();
        setting.register("audit01");
        setting
    }

    /// The guide, applied: its account is invited.
    pub(crate) fn invited() -> Self {
        let setting = Self::with(|world| world.example("guide"));
        let _ = setting
            .world
            .steersman("apply guide --auto-approve")
            .exits(0);
        setting
    }

    /// So many accounts `robot01`, `robot02`, … in the folder `accounts`, all registered.
    pub(crate) fn many(count: usize) -> Self {
        let setting = Self::with(|world| {
            let accounts: Vec<String> = (1..=count)
                .map(|number| {
                    format!(
                        "  - {{id: SA-{number:03}, name: robot{number:02}, email: robot{number:02}@example.com, purpose: Test, \
                         tokens: [{{name: report, scopes: [sp:search:read], expires: 90d, rotate: {{before: 14d}}}}]}}\n"
                    )
                })
                .collect();
            let accounts = accounts.concat();
            world.write(
                "accounts/steersman.yaml",
                format!(
                    "steersman: v1\nsources:\n  - name: Service Accounts\n    owner: jane.doe\n    identityProfile: {{name: Service Accounts, mappings: {{uid: name, email: e-mail, lastname: name, firstname: name}}, invite: true}}\n\
                     stores:\n  local: {{directory: .steersman/secrets}}\n\
                     defaults:\n  issuer: {{store: local, key: \"{{account}}/issuer\"}}\n  token: {{deliver: {{store: local, key: \"{{account}}/{{token}}\"}}}}\n\
                     serviceAccounts:\n{accounts}"
                ),
            );
        });
        let _ = setting
            .world
            .steersman("apply accounts --auto-approve")
            .exits(0);
        for number in 1..=count {
            setting.register(&format!("robot{number:02}"));
        }
        setting
    }

    fn with(files: impl FnOnce(&World)) -> Self {
        let mut world = world!();
        files(&world);
        let tenant = SimulatedTenant::start();
        world.set(tenant.variables());
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        Self {
            world,
            tenant,
            port,
            runtime: Runtime::new().unwrap(),
        }
    }

    fn register(&self, name: &str) {
        let simulator = self.tenant.simulator();
        simulator.with_tenant(|tenant| tenant.register_person(name).unwrap());
    }

    /// A token that a person has made, as id and secret.
    pub(crate) fn mint(
        &self,
        who: &str,
        scope: &str,
        expires: Option<Timestamp>,
    ) -> (String, String) {
        let simulator = self.tenant.simulator();
        simulator.with_tenant(|tenant| {
            let request = TokenRequest {
                name: format!("by hand {}", tenant.now()),
                scopes: vec![scope.to_owned()],
                expires,
                ..TokenRequest::default()
            };
            let minted = tenant
                .mint_personal_access_token_as_owner(who, request)
                .unwrap();
            (minted.id, minted.secret.expose_secret().to_owned())
        })
    }

    /// Where the browser comes back to.
    pub(crate) fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}/steersman", self.port)
    }

    /// Creates an OAuth client, and lets the program use it.
    pub(crate) fn configure_client(&mut self, more: &Value) -> Value {
        let client = self.client(more);
        let text = |name: &str| client[name].as_str().unwrap().to_owned();
        self.world.set([
            ("STEERSMAN_ENROLL_CLIENT_ID".to_owned(), text("id")),
            (
                "STEERSMAN_ENROLL_REDIRECT_URI".to_owned(),
                self.redirect_uri(),
            ),
        ]);
        client
    }

    /// Creates an OAuth client: a public one for signing in, with `more` instead.
    pub(crate) fn client(&self, more: &Value) -> Value {
        let mut body = json!({
            "name": "enroll", "description": "", "type": "PUBLIC", "accessType": "OFFLINE",
            "enabled": true, "grantTypes": ["AUTHORIZATION_CODE"], "scope": [MANAGE],
            "accessTokenValiditySeconds": 750, "redirectUris": [self.redirect_uri()],
        });
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        let simulator = self.tenant.simulator();
        let admin = simulator.admin_credentials();
        let token = self
            .tenant
            .sign_in(&admin.client_id, admin.client_secret.expose_secret());
        self.runtime.block_on(async {
            let url = format!("{}/oauth-clients/v1", simulator.base_url());
            let request = tests::client().post(url).bearer_auth(token).json(&body);
            let response = request.send().await.unwrap();
            response.error_for_status().unwrap().json().await.unwrap()
        })
    }

    /// Opens an address as a browser does, and returns the status and the page at its end.
    pub(crate) fn open(&self, url: &str) -> (u16, String) {
        self.runtime.block_on(async {
            let response = tests::client().get(url).send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        })
    }

    /// Runs the program with a text on standard input.
    pub(crate) fn given(&self, words: &str, text: &str) -> Run {
        let words: Vec<&str> = words.split_whitespace().collect();
        let mut child = self
            .world
            .command()
            .args(&words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may have ended without reading it.
        let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
        self.world.ended(&words, &child.wait_with_output().unwrap())
    }

    /// Starts the program, whose links are then opened.
    pub(crate) fn start(&self, words: &str) -> Enrolling<'_> {
        Enrolling::of(self, self.world.command(), words)
    }

    /// The names of the tokens of the tenant's people, without the administrator's.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let all = self.tenant.get("/personal-access-tokens/v1");
        let mut names: Vec<String> = all
            .as_array()
            .unwrap()
            .iter()
            .filter(|token| token["owner"]["name"] != "Jane Doe")
            .map(|token| token["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }
}

/// A run that waits for people to sign in.
pub(crate) struct Enrolling<'s> {
    setting: &'s Setting,
    pub(crate) child: Child,
    stderr: BufReader<ChildStderr>,
    heard: String,
    words: String,
}

impl<'s> Enrolling<'s> {
    fn of(setting: &'s Setting, mut command: Command, words: &str) -> Self {
        let mut child = command
            .args(words.split_whitespace())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self {
            setting,
            child,
            stderr,
            heard: String::new(),
            words: words.to_owned(),
        }
    }

    /// The next link that it prints.
    pub(crate) fn link(&mut self) -> String {
        loop {
            let mut line = String::new();
            let read = self.stderr.read_line(&mut line).unwrap();
            assert!(read > 0, "it has ended:\n{}", self.heard);
            self.heard.push_str(&line);
            if let Some(link) = line.strip_prefix("  http") {
                return format!("http{}", link.trim_end());
            }
        }
    }

    /// Opens the next link and signs in.
    pub(crate) fn sign_in(&mut self, who: &str) -> (u16, String) {
        let link = self.link();
        self.setting.open(&format!("{link}&as={who}"))
    }

    /// Waits for its end.
    pub(crate) fn ended(mut self) -> Run {
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.stderr, &mut rest).unwrap();
        self.heard.push_str(&rest);
        let mut output = self.child.wait_with_output().unwrap();
        output.stderr = self.heard.into_bytes();
        let words: Vec<&str> = self.words.split_whitespace().collect();
        self.setting.world.ended(&words, &output)
    }
}

/// What a run shows, without what differs from run to run.
pub(crate) fn shown(setting: &Setting, run: &Run) -> String {
    let text = run.shown().replace(&setting.port.to_string(), "[PORT]");
    let random = Regex::new(r"(state|code_challenge)=[A-Za-z0-9_-]{43}").unwrap();
    random.replace_all(&text, "$1=[RANDOM]").into_owned()
}
