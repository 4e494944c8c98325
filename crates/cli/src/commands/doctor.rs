//! `steersman doctor`: checks whether a credential, from here, can do what the spec needs.

mod caller;
mod list;
mod network;
mod permissions;
mod rate;
mod stores;
mod surroundings;

use crate::answers::Format;
use crate::arguments::{CommandArguments, SpecArguments, TenantArguments};
use crate::credentials;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::loading::load_spec;
use crate::output::Output;
use crate::redaction::redactor;
use crate::session::Session;
use crate::simulated::Simulated;
use crate::terminal_size;
use clap::{Args, ValueEnum};
use isc::BaseUrl;
use list::List;
use model::{Credential, Spec, TenantSettings};
use planner::{Access, Held, access};
use render::doctor::{
    AccessDocument, CheckName, DoctorDocument, Purpose, access_text, doctor_text,
};
use render::redact_json;
use render::terminal::Layout;

/// Check credentials, network and stores for this spec; read-only
///
/// Example: `steersman doctor accounts --for plan`
///
/// Checks the variables, the network, the token with its owner and expiry, its scopes and
/// user levels, and the stores. A check that rests on a failed one is not made. Exits with
/// the code of the worst check: 8 the tenant was not reached, 6 a scope, a user level or a
/// credential is missing, 1 another error.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    commands: CommandArguments,
    /// What the credential is to be used for: plan, or plan and apply
    #[arg(long = "for", value_enum, value_name = "PURPOSE", default_value_t = Use::Apply)]
    purpose: Use,
    /// Print the least scopes and user levels that the spec needs; offline
    ///
    /// Example: `steersman doctor accounts --access`
    ///
    /// They are worked out from the calls that a plan and an apply of this spec can make.
    #[arg(long)]
    access: bool,
    /// Output format
    ///
    /// Example: `--format json`
    ///
    /// `steersman schema doctor` has the schema of JSON.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
}

/// What a credential is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Use {
    /// To plan
    Plan,
    /// To plan and apply
    Apply,
}

impl From<Use> for Purpose {
    fn from(purpose: Use) -> Self {
        match purpose {
            Use::Plan => Self::Plan,
            Use::Apply => Self::Apply,
        }
    }
}

impl Doctor {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        if self.access {
            return self.least(output);
        }
        let mut list = List::default();
        let tried = "reading the files of the spec";
        let spec = match load_spec(&self.spec, &self.tenant, output) {
            Ok((spec, _)) => {
                let accounts = render::counted(spec.accounts.len(), "service account");
                list.ok(CheckName::Files, tried, format!("{accounts} declared"));
                Some(spec)
            }
            Err(failure @ Failure::Usage { .. }) => return Err(failure),
            Err(failure) => {
                surroundings::fail(&mut list, CheckName::Files, tried, &failure);
                None
            }
        };
        let access = spec.as_ref().map(access);
        let tenant = self
            .examine(&mut list, spec.as_ref(), access.as_ref(), output)
            .await?;
        let (checks, exit) = list.finished();
        let access = access.as_ref().map(AccessDocument::from);
        match self.format {
            Format::Text => {
                let layout = Layout::terminal(terminal_size::columns(), false);
                let text = doctor_text(&checks, layout.with_commands(output.completion()));
                output.data(&text);
            }
            Format::Json => {
                let document =
                    DoctorDocument::new(tenant, self.purpose.into(), exit.number(), checks, access);
                output.data(&redact_json(&document.text()?, redactor())?);
            }
        }
        Ok(exit)
    }

    /// Prints the least access, and asks no tenant.
    fn least(&self, output: &mut Output) -> Result<Exit, Failure> {
        let offline = TenantArguments {
            // The fields of `tenant:` need no values.
            simulate: Some(self.tenant.simulate.clone().unwrap_or_default()),
            ..self.tenant.clone()
        };
        let (spec, _) = load_spec(&self.spec, &offline, output)?;
        let document = AccessDocument::from(&access(&spec));
        output.data(&match self.format {
            Format::Text => access_text(&document),
            Format::Json => crate::answers::json(&document)?,
        });
        Ok(Exit::Done)
    }

    /// Makes the checks that need an address. Returns what people call the tenant.
    async fn examine(
        &self,
        list: &mut List,
        spec: Option<&Spec>,
        access: Option<&Access>,
        output: &mut Output,
    ) -> Result<Option<String>, Failure> {
        let Some((session, address, credential)) = self.open(list, spec, output).await? else {
            return Ok(None);
        };
        let tenant = session.tenant_name();
        let reached = network::check(list, &address, &session).await;
        if let (true, Some(credential)) = (reached, &credential) {
            self.ask(list, &session, credential, access).await;
        }
        match spec {
            Some(spec) => {
                let opened = crate::stores::open(spec, &session, self.commands);
                let allowed = self.commands.allow_commands;
                stores::check(list, spec, &opened, allowed).await;
                crate::stores::show_notices(&opened, output);
            }
            None => list.not_checked(
                CheckName::Stores,
                "because the check \"files\" failed",
                None,
            ),
        }
        rate::check(list, &session, self.tenant.rate_share);
        session.close().await?;
        Ok(Some(tenant))
    }

    /// Asks the tenant about the credential.
    async fn ask(
        &self,
        list: &mut List,
        session: &Session,
        credential: &Credential,
        access: Option<&Access>,
    ) {
        let purpose = Purpose::from(self.purpose);
        let needs = access.map(|access| match purpose {
            Purpose::Plan => &access.plan,
            Purpose::Apply => &access.apply,
        });
        let client_id = credential.client_id.as_str();
        let held: Option<Held> = caller::check(list, session, client_id, needs).await;
        match (access, held) {
            (Some(access), Some(held)) => {
                permissions::check(list, session, access, &held, purpose).await;
            }
            (None, Some(_)) => {
                for name in [
                    CheckName::PlanScopes,
                    CheckName::PlanLevels,
                    CheckName::ApplyScopes,
                    CheckName::ApplyLevels,
                    CheckName::Reads,
                    CheckName::Excess,
                ] {
                    list.not_checked(name, "because the check \"files\" failed", None);
                }
            }
            (_, None) => {}
        }
    }

    /// Opens the session, as far as address and credential are given.
    async fn open(
        &self,
        list: &mut List,
        spec: Option<&Spec>,
        output: &mut Output,
    ) -> Result<Option<(Session, BaseUrl, Option<Credential>)>, Failure> {
        let mut arguments = self.tenant.clone();
        // A person waits for the answer.
        arguments.retries = arguments.retries.min(2);
        if let Some(state) = &self.tenant.simulate {
            let state = (!state.as_str().is_empty()).then(|| state.clone());
            let simulated = Simulated::start(state).await?;
            output.talk(&simulated.banner());
            let address = credentials::address(&simulated.base_url())?;
            let credential = simulated.credential();
            let tried = "starting the simulator";
            list.ok(CheckName::Variables, tried, "not used with `--simulate`");
            list.ok(CheckName::Address, tried, "the simulator's");
            list.ok(CheckName::Authorities, tried, "not used with `--simulate`");
            let session = Session::connect(
                address.clone(),
                credential.clone(),
                Some(simulated),
                &arguments,
            )?;
            return Ok(Some((session, address, Some(credential))));
        }
        let nothing = TenantSettings {
            base_url: None,
            declared_at: None,
            client_id: None,
            client_secret: None,
        };
        let settings = spec.map_or(&nothing, |spec| &spec.tenant);
        let (address, credential) = surroundings::check(list, settings);
        let Some(address) = address else {
            if !list.failed(CheckName::Address) {
                list.not_checked(CheckName::Address, "because no address is given", None);
            }
            return Ok(None);
        };
        // Without a credential, the way to the tenant is checked all the same.
        let with = credential.clone().unwrap_or_else(|| Credential {
            client_id: "none".into(),
            client_secret: String::new().into(),
        });
        let tried = "reading the file of `--ca-file`";
        match Session::connect(address.clone(), with, None, &arguments) {
            Ok(session) => {
                let found = match &arguments.ca_file {
                    Some(file) => format!("{file} has certificates"),
                    None => "the system's, because `--ca-file` is not given".to_owned(),
                };
                list.ok(CheckName::Authorities, tried, found);
                Ok(Some((session, address, credential)))
            }
            Err(failure) => {
                surroundings::fail(list, CheckName::Authorities, tried, &failure);
                Ok(None)
            }
        }
    }
}
