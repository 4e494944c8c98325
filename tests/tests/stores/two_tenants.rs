//! Two tenants from one folder: with the same files, stores, journal and lock.

use secrecy::ExposeSecret;
use serde_json::Value;
use simulator::TokenRequest;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use tests::{Run, SimulatedTenant, World, world};

/// How many tokens were created by hand.
static MINTED: AtomicUsize = AtomicUsize::new(0);

const MANAGE: &str = "sp:my-personal-access-tokens:manage";
const PROGRAMS: [(&str, &str); 7] = [
    ("vault", include_str!("programs/vault.sh")),
    ("aws", include_str!("programs/aws.sh")),
    ("kubectl", include_str!("programs/kubectl.sh")),
    ("gh", include_str!("programs/gh.sh")),
    ("gcloud", include_str!("programs/gcloud.sh")),
    ("az", include_str!("programs/az.sh")),
    ("op", include_str!("programs/op.sh")),
];

/// A key pair of age, for these tests only.
const IDENTITY: &str = "AGE-SECRET-KEY-1KLMA4T3SZS88G3JZG5TTSP9GDMAFMWFYRZL5YKCQ4EWJKKMRQZ8S86UM4Z";
const RECIPIENT: &str = "age1q9hg48megrs4dg275k24u4xw2z5mhz0ulkeh7rc4gr33377epqeqmwhcp6";

/// Every kind of store that holds issuer tokens.
const STORES: [(&str, &str); 9] = [
    ("directory", "{directory: secrets}"),
    (
        "age",
        "{age: {directory: secrets, identityFile: age.key, recipients: [RECIPIENT]}}",
    ),
    (
        "command",
        "{command: {put: [sh, own.sh, put, '{key}'], get: [sh, own.sh, get, '{key}'], delete: [sh, own.sh, delete, '{key}'], notFound: {exitCodes: [2]}}}",
    ),
    ("vault", "{vault: {mount: secret, env: [STAND_IN]}}"),
    (
        "awsSecretsManager",
        "{awsSecretsManager: {region: eu-central-1, env: [STAND_IN]}}",
    ),
    (
        "kubernetesSecret",
        "{kubernetesSecret: {namespace: ci, env: [STAND_IN]}}",
    ),
    ("gcloud", "{gcloud: {project: acme, env: [STAND_IN]}}"),
    (
        "azureKeyVault",
        "{azureKeyVault: {vault: acme, env: [STAND_IN]}}",
    ),
    ("onePassword", "{onePassword: {vault: CI, env: [STAND_IN]}}"),
];

const OWN: &str = r#"f="own/$(printf %s "$2" | tr / %)"; mkdir -p own
case "$1" in
put) cat > "$f" ;;
get) test -f "$f" || exit 2; cat "$f" ;;
delete) rm -f "$f" ;;
esac
"#;

/// A folder that two tenants are served from.
struct Folder {
    world: World,
    tenants: [SimulatedTenant; 2],
}

impl Folder {
    /// `keys` is what the keys of both secrets begin with.
    fn new(store: &str, keys: &str) -> Self {
        let mut world = world!();
        for (name, script) in PROGRAMS {
            let path = format!("bin/{name}");
            world.write(&path, script);
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(world.path(&path), mode).unwrap();
        }
        std::fs::create_dir(world.path("state")).unwrap();
        let text = |path: &str| world.path(path).display().to_string();
        let path = format!("{}:/usr/bin:/bin", text("bin"));
        let state = text("state");
        let mut store = store.to_owned();
        if store.contains("RECIPIENT") {
            store = store.replace("RECIPIENT", RECIPIENT);
            world.write("age.key", format!("{IDENTITY}\n"));
            let mode = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(world.path("age.key"), mode).unwrap();
        }
        world.write("own.sh", OWN);
        world.set([
            ("PATH".to_owned(), path),
            ("STAND_IN".to_owned(), state),
            ("COLUMNS".to_owned(), "1000".to_owned()),
            ("STEERSMAN_ALLOW_COMMANDS".to_owned(), "1".to_owned()),
        ]);
        let folder = Self {
            world,
            tenants: [SimulatedTenant::start(), SimulatedTenant::start()],
        };
        folder.files(&store, keys, keys);
        folder
    }

    /// Writes the files, with these keys of the issuer token and of the token.
    fn files(&self, store: &str, issuer: &str, token: &str) {
        self.world.write(
            "spec/steersman.yaml",
            format!(
                "steersman: v1
sources:
  - name: Service Accounts
    owner: jane.doe
    identityProfile: {{name: Service Accounts, mappings: {{uid: name, email: e-mail, lastname: name, firstname: name}}, invite: true}}
stores:
  s: {store}
defaults:
  issuer: {{store: s, key: \"{issuer}{{account}}-issuer\", expires: 180d}}
  token: {{expires: 90d, rotate: {{before: 14d}}, deliver: {{store: s, key: \"{token}{{account}}-{{token}}\"}}}}
serviceAccounts:
  - {{id: SA-001, name: audit01, email: a@example.com, purpose: Test, userLevels: [REPORT_ADMIN], tokens: [{{name: report, scopes: [sp:report:read]}}]}}
"
            ),
        );
    }

    fn start(&self, tenant: usize, words: &[&str], input: &str) -> Run {
        let mut child = self
            .world
            .command()
            .args(words)
            .envs(self.tenants[tenant].variables())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may have ended without reading it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        self.world.ended(words, &child.wait_with_output().unwrap())
    }

    /// Runs a command on the files, for one of the tenants.
    #[must_use]
    fn run(&self, tenant: usize, command: &str, more: &str) -> Run {
        let words: Vec<&str> = command
            .split(' ')
            .chain(["spec"])
            .chain(more.split_whitespace())
            .collect();
        self.start(tenant, &words, "")
    }

    fn apply(&self, tenant: usize) {
        let _ = self.run(tenant, "apply", "--auto-approve").exits(0);
    }

    /// Makes the account, registers its holder, and enters a token of theirs.
    fn enroll(&self, tenant: usize) -> Run {
        self.apply(tenant);
        let simulator = self.tenants[tenant].simulator();
        let (id, secret) = simulator.with_tenant(|tenant| {
            // Once is enough.
            let _ = tenant.register_person("audit01");
            let number = MINTED.fetch_add(1, Ordering::Relaxed);
            let request = TokenRequest {
                name: format!("by hand {number}"),
                scopes: vec![MANAGE.to_owned()],
                ..TokenRequest::default()
            };
            let minted = tenant
                .mint_personal_access_token_as_owner("audit01", request)
                .unwrap();
            (minted.id, minted.secret.expose_secret().to_owned())
        });
        let words = ["enroll", "audit01", "spec", "--client-id", &id];
        self.start(tenant, &words, &format!("{secret}\n"))
    }

    /// The whole plan, without the line breaks of a terminal.
    fn plan(&self, tenant: usize) -> String {
        let _ = self.run(tenant, "plan", "--out json=plan.json");
        self.world.read("plan.json")
    }

    fn is_settled(&self, tenant: usize, kind: &str) {
        let run = self.run(tenant, "plan", "--detailed-exitcode");
        assert_eq!(run.code, 0, "{kind}: {}", run.shown());
    }

    /// Each token of a tenant signs in with what its place holds.
    fn signs_in(&self, tenant: usize, kind: &str) -> Vec<String> {
        let run = self.run(tenant, "token list", "--check --format json");
        assert_eq!(run.code, 0, "{kind}: {}", run.shown());
        let list: Value = serde_json::from_str(&run.stdout).unwrap();
        let tokens = list["tokens"].as_array().unwrap().iter();
        let ids = tokens.map(|token| token["id"].to_string());
        ids.collect()
    }

    fn address(&self, tenant: usize) -> String {
        self.tenants[tenant].simulator().base_url()
    }
}

#[test]
fn tokens_4_with_the_tenant_in_its_keys_each_tenant_has_its_own_secrets() {
    for (kind, store) in STORES {
        let folder = Folder::new(store, "{tenant}/");
        for tenant in [0, 1] {
            let _ = folder.enroll(tenant).exits(0);
            folder.apply(tenant);
        }
        let first = folder.signs_in(0, kind);
        // Simulated tenants give out the same ids, so the address alone says whose one is.
        folder.signs_in(1, kind);
        // Whatever becomes of the second, the first one stays as it is.
        let _ = folder
            .run(1, "token rotate", "--token audit01/report --auto-approve")
            .exits(0);
        let _ = folder
            .run(1, "token rollback", "--token audit01/report --auto-approve")
            .exits(0);
        for tenant in [0, 1] {
            folder.is_settled(tenant, kind);
            folder.signs_in(tenant, kind);
        }
        assert_eq!(folder.signs_in(0, kind), first, "{kind}");
        let _ = folder.run(1, "store check", "").exits(0);
    }
}

#[test]
fn tokens_4_without_the_tenant_in_its_keys_the_second_tenant_is_refused() {
    for (kind, store) in STORES {
        let folder = Folder::new(store, "");
        let _ = folder.enroll(0).exits(0);
        folder.apply(0);
        let first = folder.signs_in(0, kind);
        // Neither an enrollment nor an apply of the second uses or overwrites anything.
        let enrolled = folder.enroll(1).exits(1);
        let why = format!("it is for the tenant {}", folder.address(0));
        assert!(
            enrolled.stderr.contains(&why),
            "{kind}: {}",
            enrolled.shown()
        );
        let plan = folder.plan(1);
        assert!(plan.contains(&why), "{kind}: {plan}");
        assert!(plan.contains("{tenant}"), "{kind}: {plan}");
        folder.apply(1);
        let check = folder.run(1, "store check", "").exits(1);
        assert!(
            check.stdout.contains("foreign"),
            "{kind}: {}",
            check.shown()
        );
        folder.is_settled(0, kind);
        assert_eq!(folder.signs_in(0, kind), first, "{kind}");
        // With an issuer token of its own, its tokens still have no place.
        folder.files(&folder.store_as_written(), "{tenant}/", "");
        let _ = folder.enroll(1).exits(0);
        folder.apply(1);
        let plan = folder.plan(1);
        assert!(plan.contains(&why), "{kind}: {plan}");
        for command in ["token rotate", "token rollback", "token revoke"] {
            let _ = folder.run(1, command, "--token audit01/report --auto-approve");
        }
        // A secret of another tenant is not moved, either.
        let moved = folder
            .run(
                1,
                "store move",
                "--from s --from-key {account}-issuer --auto-approve",
            )
            .exits(1);
        assert!(moved.stdout.contains(&why), "{kind}: {}", moved.shown());
        folder.files(&folder.store_as_written(), "", "");
        folder.is_settled(0, kind);
        assert_eq!(folder.signs_in(0, kind), first, "{kind}");
    }
}

impl Folder {
    /// The store of the files.
    fn store_as_written(&self) -> String {
        let text = self.world.read("spec/steersman.yaml");
        let line = text.lines().find_map(|line| line.strip_prefix("  s: "));
        line.unwrap().to_owned()
    }
}

#[test]
fn tokens_4_a_store_that_cannot_be_read_is_not_overwritten_by_another_tenant() {
    let folder = Folder::new("{directory: secrets}", "{tenant}/");
    let path = "spec/steersman.yaml";
    folder.world.replace(
        path,
        "  s: {directory: secrets}",
        "  s: {directory: secrets}\n  out: {githubActionsSecret: {repository: acme/site, env: [STAND_IN]}}",
    );
    folder.world.replace(
        path,
        "deliver: {store: s, key: \"{tenant}/{account}-{token}\"}",
        "deliver: {store: out, key: REPORT}",
    );
    for tenant in [0, 1] {
        let _ = folder.enroll(tenant).exits(0);
    }
    folder.apply(0);
    let before = folder.world.read("state/REPORT");
    folder.apply(1);
    let plan = folder.plan(1);
    let why = format!(
        "the journal says that it is for the tenant {}",
        folder.address(0)
    );
    assert!(plan.contains(&why), "{plan}");
    assert_eq!(folder.world.read("state/REPORT"), before);
    // The same target under another name of the store.
    let text = folder.world.read(path);
    folder.world.write(
        path,
        text.replace("  out: ", "  site: ")
            .replace("store: out", "store: site"),
    );
    folder.apply(1);
    assert!(folder.plan(1).contains(&why), "{}", folder.plan(1));
    assert_eq!(folder.world.read("state/REPORT"), before);
    // Another target under the same name.
    folder
        .world
        .write(path, text.replace("acme/site", "acme/other"));
    let plan = folder.plan(1);
    assert!(!plan.contains(&why), "{plan}");
}

#[test]
fn tokens_4_record_lock_and_journal_of_one_folder_tell_the_tenants_apart() {
    let folder = Folder::new("{directory: secrets}", "{tenant}/");
    for tenant in [0, 1] {
        let _ = folder.enroll(tenant).exits(0);
    }
    let _ = folder
        .run(0, "apply", "--auto-approve --record record.json")
        .exits(0);
    folder.apply(1);
    let before = folder.world.read("record.json");
    let drift = folder.run(1, "drift", "--record record.json");
    assert_ne!(drift.code, 0, "{}", drift.shown());
    assert!(
        drift.stderr.contains(&folder.address(0)),
        "{}",
        drift.shown()
    );
    assert_eq!(folder.world.read("record.json"), before);
    // One run at a time, whichever tenant it is for.
    let lock = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(folder.world.path(".steersman/journal.jsonl.lock"))
        .unwrap();
    lock.lock().unwrap();
    let run = folder.run(1, "apply", "--auto-approve").exits(1);
    assert!(
        run.stderr.contains("another run writes here"),
        "{}",
        run.shown()
    );
    drop(lock);
    // What one tenant's run left in the journal is not finished for the other.
    let journal = folder.world.read(".steersman/journal.jsonl");
    let started = journal
        .lines()
        .rfind(|line| line.contains("\"token\":\"report\"") && line.contains(&folder.address(0)))
        .unwrap();
    let mut line: Value = serde_json::from_str(started).unwrap();
    line["id"] = "killed#1".into();
    line["run"] = "killed".into();
    folder
        .world
        .write(".steersman/journal.jsonl", format!("{journal}{line}\n"));
    for tenant in [1, 0] {
        folder.is_settled(tenant, "directory");
        folder.apply(tenant);
        folder.signs_in(tenant, "directory");
    }
}
