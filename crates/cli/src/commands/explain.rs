//! `steersman explain`: explains a diagnostic code, a word of a plan, a guard, or a key.

mod addresses;
mod keys;
mod reasons;
mod state_texts;
mod states;
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
use states::State;
use std::str::FromStr;
use steps::StepReason;

/// Explain a diagnostic code, a word or address of a plan, or a key
///
/// Example: `steersman explain SM0201`
///
/// Takes states (`enrolled`, `retiring`, `"not asked"`), the reasons of a plan's steps and
/// `blocked` entries (`issuerSeen`, `stillUsed`),
/// guards (`deleteTokens`), addresses (`token/SA-001/monthly-report`) and keys of the files
/// (`serviceAccounts.tokens.rotate`, also with names of accounts and tokens in it).
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code, state, reason, guard, address or key; default: list all
    #[arg(value_name = "CODE|WORD|ADDRESS|KEY")]
    code: Option<Explained>,
}

/// What is explained.
#[derive(Clone, Debug)]
enum Explained {
    /// A code of a diagnostic.
    Code(Code),
    /// A word of a state.
    State(State),
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
    /// Several meanings of one word.
    Several(Vec<Self>),
}

impl FromStr for Explained {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = match text.parse() {
            Ok(code) => return Ok(Self::Code(code)),
            Err(unknown) => unknown,
        };
        let guards = GUARDS.iter();
        let guard = guards
            .filter(|guard| guard.name.eq_ignore_ascii_case(text))
            .map(Self::Guard);
        let key = Key::find(text);
        // One word can have several meanings.
        let mut found: Vec<Self> = State::find(text)
            .into_iter()
            .map(Self::State)
            .chain(Why::from_str(text).ok().map(Self::Why))
            .chain(StepReason::find(text).map(Self::Step))
            .chain(guard)
            .collect();
        if let (Ok(key), false) = (&key, text.contains('/')) {
            found.push(Self::Key(Box::new(key.clone())));
        }
        if found.is_empty()
            && let Some(address) = addresses::find(text)
        {
            return address.map(Self::Address);
        }
        if found.is_empty() {
            let ending = Key::ending(text).into_iter();
            found.extend(ending.map(|key| Self::Key(Box::new(key))));
        }
        match (found.pop(), key) {
            (Some(last), _) if found.is_empty() => Ok(last),
            (Some(last), _) => {
                found.push(last);
                Ok(Self::Several(found))
            }
            (None, Err(why)) if text.contains('.') => Err(why),
            (None, _) => Err(match meant(text) {
                Some(word) => format!("nothing is called so; did you mean `{word}`?"),
                None => format!(
                    "{unknown}; it is also no state such as `retiring`, no reason such as `stillUsed`, no guard such as `deleteTokens`, no address such as `levels/SA-001` and no key such as `serviceAccounts.tokens`"
                ),
            }),
        }
    }
}

impl Explained {
    /// The explanation.
    fn text(&self) -> String {
        match self {
            Self::Code(code) => explain(*code),
            Self::State(state) => state.text(),
            Self::Why(why) => why.text(),
            Self::Step(reason) => reason.text(),
            Self::Guard(guard) => of_guard(guard),
            Self::Address(address) => addresses::text(address),
            Self::Key(key) => key.text(),
            Self::Several(all) => {
                let texts: Vec<String> = all.iter().map(Self::text).collect();
                let texts: Vec<&str> = texts.iter().map(|text| text.trim_end()).collect();
                texts.join("\n\n---\n\n")
            }
        }
    }
}

impl Explain {
    pub(crate) fn run(&self, output: &mut Output) -> Exit {
        if let Some(explained) = &self.code {
            output.explanation(&explained.text());
        } else {
            let codes = Code::ALL
                .iter()
                .map(|code| format!("{code}  {}", code.title()));
            let reasons = Why::all().map(|why| format!("{}  {}", why.word(), why.title()));
            let steps =
                StepReason::all().map(|reason| format!("{}  {}", reason.word(), reason.title()));
            let guards = GUARDS
                .iter()
                .map(|guard| format!("{}  guard: {}", guard.name, guard.about));
            let states = State::all().map(|state| format!("{}  {}", state.word(), state.title()));
            let lines: Vec<String> = codes
                .chain(states)
                .chain(reasons)
                .chain(steps)
                .chain(guards)
                .collect();
            output.explanation(&lines.join("\n"));
        }
        Exit::Done
    }
}

/// The word that can be explained and is most like this one.
fn meant(text: &str) -> Option<String> {
    let words: Vec<String> = State::all()
        .map(|state| state.word())
        .chain(Why::all().map(Why::word))
        .chain(StepReason::all().map(StepReason::word))
        .chain(GUARDS.iter().map(|guard| guard.name.to_owned()))
        .chain(Key::names())
        .collect();
    catalog::did_you_mean(text, words.iter().map(String::as_str)).map(str::to_owned)
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
