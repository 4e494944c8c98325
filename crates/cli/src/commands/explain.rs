//! `steersman explain`: explains a diagnostic code, or why something is blocked.

mod reasons;

use crate::exit_code::Exit;
use crate::output::Output;
use clap::Args;
use reasons::Why;
use render::diagnostics::explain;
use spec::Code;
use std::str::FromStr;

/// Explain a diagnostic code, or why a plan blocks something
///
/// Example: `steersman explain SM0201`
///
/// Takes the words of a plan's `blocked` entries, too: `steersman explain stillUsed`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code or reason, for example SM0201 or stillUsed; default: list all
    code: Option<Explained>,
}

/// What is explained.
#[derive(Clone, Copy, Debug)]
enum Explained {
    /// A code of a diagnostic.
    Code(Code),
    /// A reason for which something is blocked.
    Why(Why),
}

impl FromStr for Explained {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text.parse(), text.parse()) {
            (Ok(code), _) => Ok(Self::Code(code)),
            (_, Ok(why)) => Ok(Self::Why(why)),
            (Err(unknown), Err(_)) => Err(format!(
                "{unknown}; it is no reason such as `stillUsed` either"
            )),
        }
    }
}

impl Explain {
    pub(crate) fn run(&self, output: &mut Output) -> Exit {
        match self.code {
            Some(Explained::Code(code)) => output.data(&explain(code)),
            Some(Explained::Why(why)) => output.data(&why.text()),
            None => {
                let codes = Code::ALL
                    .iter()
                    .map(|code| format!("{code}  {}", code.title()));
                let reasons = Why::all().map(|why| format!("{}  {}", why.word(), why.title()));
                let lines: Vec<String> = codes.chain(reasons).collect();
                output.data(&lines.join("\n"));
            }
        }
        Exit::Done
    }
}
