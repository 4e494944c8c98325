//! `steersman explain`.

use crate::exit_code::Exit;
use crate::output::Output;
use clap::Args;
use render::diagnostics::explain;
use spec::Code;

/// Tell what the code of a problem means, why it matters, and how to mend it
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code, such as SM0201; without one, all codes are listed
    code: Option<Code>,
}

impl Explain {
    pub(crate) fn run(&self, output: &mut Output) -> Exit {
        if let Some(code) = self.code {
            output.data(&explain(code));
        } else {
            let lines: Vec<String> = Code::ALL
                .iter()
                .map(|code| format!("{code}  {}", code.title()))
                .collect();
            output.data(&lines.join("\n"));
        }
        Exit::Done
    }
}
