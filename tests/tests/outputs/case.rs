//! A tenant in some state, and the plan for it in all formats.

use regex::Regex;
use simulator::TokenRequest;
use std::sync::LazyLock;
use tests::{Run, SimulatedTenant, World, world};

/// A folder with a spec, and a tenant for it.
pub(crate) struct Case {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
    pub(crate) spec: &'static str,
}

/// A plan in all formats.
pub(crate) struct Outputs {
    pub(crate) run: Run,
    pub(crate) text: String,
    pub(crate) json: String,
    pub(crate) markdown: String,
    pub(crate) html: String,
}

impl Case {
    /// One of the examples, and a tenant that has seen nothing of it.
    pub(crate) fn new(spec: &'static str) -> Self {
        let mut world = world!();
        world.example(spec);
        let tenant = SimulatedTenant::start();
        world.set(tenant.variables());
        Self {
            world,
            tenant,
            spec,
        }
    }

    /// The example as it is declared, as far as steersman can do it alone.
    pub(crate) fn applied(spec: &'static str) -> Self {
        let case = Self::new(spec);
        case.apply();
        case
    }

    /// The guide with all that is declared, the token too.
    pub(crate) fn complete() -> Self {
        let case = Self::new("guide");
        case.world.replace(
            "guide/steersman.yaml",
            "        expires: 90d\n",
            "        expires: 90d\n        rotate: {before: 14d, overlap: 24h}\n",
        );
        case.apply();
        let issuer = case.tenant.simulator().with_tenant(|tenant| {
            tenant.register_person("audit01").unwrap();
            let request = TokenRequest {
                name: "issuer".to_owned(),
                scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                ..TokenRequest::default()
            };
            tenant
                .mint_personal_access_token_as_owner("audit01", request)
                .unwrap()
        });
        case.world.write(
            ".steersman/secrets/audit01/issuer",
            serde_json::json!({
                "clientId": issuer.id,
                "clientSecret": secrecy::ExposeSecret::expose_secret(&issuer.secret),
                "replaces": "enrolled",
            })
            .to_string(),
        );
        case.apply();
        case
    }

    fn apply(&self) {
        let words = format!("apply {} --auto-approve", self.spec);
        let _ = self.world.steersman(&words).exits(0);
    }

    /// Takes accounts out of a file of the team.
    pub(crate) fn remove_accounts(&self, file: &str, ids: &[&str]) {
        let text = self.world.read(file);
        let mut parts = text.split("\n  - id: ");
        let mut kept = parts.next().unwrap().to_owned();
        for part in parts {
            if !ids.iter().any(|id| part.starts_with(id)) {
                kept.push_str("\n  - id: ");
                kept.push_str(part);
            }
        }
        assert_ne!(kept, text, "nothing was removed");
        self.world.write(file, kept);
    }

    /// Plans with these further words, and sees that the exit code is the same
    /// without any output file.
    pub(crate) fn plan(&self, words: &str, code: i32) -> Outputs {
        let plan = format!("plan {} {words}", self.spec);
        let _ = self.world.steersman(&plan).exits(code);
        let formats = ["text", "json", "markdown", "html"];
        let outs = formats.map(|format| format!("--out {format}=out/plan.{format}"));
        std::fs::create_dir_all(self.world.path("out")).unwrap();
        let run = self
            .world
            .steersman(&format!("{plan} {}", outs.join(" ")))
            .exits(code);
        let left: Vec<_> = std::fs::read_dir(self.world.path("out"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left.len(), formats.len(), "{left:?}");
        let read = |format: &str| self.world.read(&format!("out/plan.{format}"));
        Outputs {
            text: read("text"),
            json: read("json"),
            markdown: read("markdown"),
            html: read("html"),
            run,
        }
    }
}

impl Outputs {
    /// The document.
    pub(crate) fn document(&self) -> serde_json::Value {
        serde_json::from_str(&self.json).unwrap()
    }

    /// What is between `<body>` and the script, which is the same for all plans.
    pub(crate) fn body(&self) -> &str {
        let body = self.html.split_once("<body>\n").unwrap().1;
        body.split_once("</main>").unwrap().0
    }

    /// A text of this plan without what differs from run to run, and from one
    /// way of reading a tenant to another.
    pub(crate) fn redacted(&self, text: &str) -> String {
        redacted(&self.run, text)
    }
}

/// A text that a run has written, without what differs from run to run.
pub(crate) fn redacted(run: &Run, text: &str) -> String {
    let text = run.redacted(text);
    REPLACED.iter().fold(text, |text, (pattern, by)| {
        pattern.replace_all(&text, *by).into_owned()
    })
}

static REPLACED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\b\d+ requests? to read", "[N] requests to read"),
        (r#""readRequests": \d+"#, r#""readRequests": "[N]""#),
        (r"(from spec (?:<code>)?)[0-9a-f]{12}", "$1[DIGEST]"),
        (r#""version": "\d+\.\d+\.\d+""#, r#""version": "[VERSION]""#),
        (r"by steersman \d+\.\d+\.\d+", "by steersman [VERSION]"),
    ]
    .map(|(pattern, by)| (Regex::new(pattern).unwrap(), by))
    .into()
});
