//! `steersman explain`: explains a diagnostic code, a word of a plan, a guard, or a key.

mod addresses;
mod keys;
mod reasons;
mod steps;

use crate::exit_code::Exit;
use crate::output::Output;
use clap::Args;
use keys::Key;
use model::Address;
use planner::{GUARDS, GuardInfo};
use reasons::Why;
use render::diagnostics::explain;
use spec::Code;
use std::str::FromStr;
use steps::StepReason;

/// Explain a diagnostic code, a word or address of a plan, or a key
///
/// Example: `steersman explain SM0201`
///
/// Takes the reasons of a plan's steps and `blocked` entries (`issuerSeen`, `stillUsed`),
/// guards (`deleteTokens`), addresses (`token/SA-001/monthly-report`) and keys of the files
/// (`serviceAccounts.tokens.rotate`, also with names of accounts and tokens in it).
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code, reason, guard, address or key; default: list all
    #[arg(value_name = "CODE|WORD|ADDRESS|KEY")]
    code: Option<Explained>,
}

/// What is explained.
#[derive(Clone, Debug)]
enum Explained {
    /// A code of a diagnostic.
    Code(Code),
    /// A reason for which something is blocked.
    Why(Why),
    /// A reason of a step.
    Step(StepReason),
    /// A guard.
    Guard(&'static GuardInfo),
    /// An object of a plan.
    Address(Address),
    /// A key of the files.
    Key(Box<Key>),
}

impl FromStr for Explained {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let guard = GUARDS
            .iter()
            .find(|guard| guard.name.eq_ignore_ascii_case(text));
        let unknown = match text.parse() {
            Ok(code) => return Ok(Self::Code(code)),
            Err(unknown) => unknown,
        };
        if let Ok(why) = Why::from_str(text) {
            Ok(Self::Why(why))
        } else if let Some(reason) = StepReason::find(text) {
            Ok(Self::Step(reason))
        } else if let Some(guard) = guard {
            Ok(Self::Guard(guard))
        } else if let Some(address) = addresses::find(text) {
            address.map(Self::Address)
        } else {
            match Key::find(text) {
                Ok(key) => Ok(Self::Key(Box::new(key))),
                Err(why) if text.contains('.') => Err(why),
                Err(_) => Err(format!(
                    "{unknown}; it is also no reason such as `stillUsed`, no guard such as `deleteTokens`, no address such as `levels/SA-001` and no key such as `serviceAccounts.tokens`"
                )),
            }
        }
    }
}

impl Explain {
    pub(crate) fn run(&self, output: &mut Output) -> Exit {
        match &self.code {
            Some(Explained::Code(code)) => output.data(&explain(*code)),
            Some(Explained::Why(why)) => output.data(&why.text()),
            Some(Explained::Step(reason)) => output.data(&reason.text()),
            Some(Explained::Guard(guard)) => output.data(&of_guard(guard)),
            Some(Explained::Address(address)) => output.data(&addresses::text(address)),
            Some(Explained::Key(key)) => output.data(&key.text()),
            None => {
                let codes = Code::ALL
                    .iter()
                    .map(|code| format!("{code}  {}", code.title()));
                let reasons = Why::all().map(|why| format!("{}  {}", why.word(), why.title()));
                let steps = StepReason::all()
                    .map(|reason| format!("{}  {}", reason.word(), reason.title()));
                let guards = GUARDS
                    .iter()
                    .map(|guard| format!("{}  guard: {}", guard.name, guard.about));
                let lines: Vec<String> = codes.chain(reasons).chain(steps).chain(guards).collect();
                output.data(&lines.join("\n"));
            }
        }
        Exit::Done
    }
}

/// What a guard counts, what it lets through, and how it is lifted.
fn of_guard(guard: &GuardInfo) -> String {
    format!(
        "{}: a guard, which refuses a whole plan before the first write\n\nCounts: {}\nLets through: {}\nLifted by: {}",
        guard.name,
        guard.about,
        guard.default,
        guard.lifted()
    )
}
