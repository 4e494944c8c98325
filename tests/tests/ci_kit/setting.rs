//! A repository of service accounts with a remote, and the tenant that it is for.

use crate::machine::{CURL, Done, GH, Machine, release};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use simulator::TokenRequest;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use tests::{Run, SimulatedTenant, World, world};

/// A key pair of age, for these tests only.
pub(crate) const IDENTITY: &str =
    "AGE-SECRET-KEY-1KLMA4T3SZS88G3JZG5TTSP9GDMAFMWFYRZL5YKCQ4EWJKKMRQZ8S86UM4Z";
const RECIPIENT: &str = "age1q9hg48megrs4dg275k24u4xw2z5mhz0ulkeh7rc4gr33377epqeqmwhcp6";

pub(crate) struct Setting {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
    pub(crate) machine: Machine,
    /// What `init` said.
    pub(crate) init: Run,
}

impl Setting {
    /// A repository as `init --ci SYSTEM` writes it, with an age store, pushed to its
    /// remote; none where this machine cannot run the scripts.
    pub(crate) fn new(system: &str) -> Option<Self> {
        let mut world = world!();
        let machine = Machine::new(&world.path("machine"))?;
        machine.program("gh", GH);
        machine.program("curl", CURL);
        release(&machine);
        let tenant = SimulatedTenant::start();
        world.set(tenant.variables());
        world.set([(
            "STEERSMAN_VAR_AGE_IDENTITY_FILE".to_owned(),
            world.path("identity").display().to_string(),
        )]);
        world.write("identity", format!("{IDENTITY}\n"));
        // Git's address of the remote, as a CI system has it.
        let remote = world.path("remote.git").display().to_string();
        world.write(
            "machine/.gitconfig",
            format!(
                "[url \"file://{remote}\"]\n  insteadOf = https://git.example.com/accounts.git\n"
            ),
        );
        let init = world
            .steersman(&format!("init repository --ci {system}"))
            .exits(0);
        world.replace(
            "repository/accounts/steersman.yaml",
            "local: {directory: .steersman/secrets}",
            &format!(
                "local: {{age: {{directory: secrets, recipients: [{RECIPIENT}], identityFile: \"${{AGE_IDENTITY_FILE}}\"}}}}"
            ),
        );
        // The port of the tenant, which would be part of the keys, differs from run to run.
        for key in ["issuer", "{token}"] {
            world.replace(
                "repository/accounts/steersman.yaml",
                &format!("{{tenant}}/{{account}}/{key}"),
                &format!("{{account}}/{key}"),
            );
        }
        let setting = Self {
            world,
            tenant,
            machine,
            init,
        };
        let _ = setting
            .git("git init --quiet --bare --initial-branch=main ../remote.git && git init --quiet --initial-branch=main . && git remote add origin \"file://$PWD/../remote.git\" && git add --all && git -c user.name=a -c user.email=a@example.com commit --quiet -m first && git push --quiet origin main")
            .exits(0);
        Some(setting)
    }

    pub(crate) fn repository(&self) -> PathBuf {
        self.world.path("repository")
    }

    /// Commands in the repository.
    pub(crate) fn git(&self, commands: &str) -> Done {
        self.machine.bash(commands, &self.repository(), [])
    }

    /// Commits and pushes everything.
    pub(crate) fn push(&self) {
        let _ = self
            .git("git add --all && git -c user.name=a -c user.email=a@example.com commit --quiet -m more && git -c user.name=a -c user.email=a@example.com pull --quiet --rebase origin main && git push --quiet origin main")
            .exits(0);
    }

    /// The account holder of audit01 registers and enrolls, and an operator commits the
    /// issuer token.
    pub(crate) fn enroll(&self) {
        let simulator = self.tenant.simulator();
        let (id, secret) = simulator.with_tenant(|tenant| {
            tenant.register_person("audit01").unwrap();
            let request = TokenRequest {
                name: "by hand".to_owned(),
                scopes: vec!["sp:my-personal-access-tokens:manage".to_owned()],
                ..TokenRequest::default()
            };
            let minted = tenant
                .mint_personal_access_token_as_owner("audit01", request)
                .unwrap();
            (minted.id, minted.secret.expose_secret().to_owned())
        });
        let mut command = self.world.command();
        let mut child = command
            .current_dir(self.repository())
            .args("enroll audit01 accounts tenants/prod.yaml --paste".split(' '))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        write!(child.stdin.take().unwrap(), "{id}\n{secret}\n").unwrap();
        let output = child.wait_with_output().unwrap();
        let _ = self.world.ended(&["enroll"], &output).exits(0);
        self.push();
    }

    pub(crate) fn days_later(&self, days: i64) {
        let later = SignedDuration::from_hours(24 * days);
        self.tenant.simulator().advance(later).unwrap();
    }

    /// The value of one of the tenant's variables.
    pub(crate) fn sail(&self, name: &str) -> String {
        let variables = self.tenant.variables();
        let found = variables.into_iter().find(|(found, _)| found == name);
        found.unwrap().1
    }

    /// A file of the remote's branch main.
    pub(crate) fn remote(&self, path: &str) -> Done {
        self.git(&format!("git --git-dir ../remote.git show 'main:{path}'"))
    }
}
