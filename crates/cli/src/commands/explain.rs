//! `steersman explain`: explains a diagnostic code.

use crate::exit_code::Exit;
use crate::output::Output;
use clap::Args;
use render::diagnostics::explain;
use spec::Code;

/// Explain a diagnostic code: meaning, reason, and fix
///
/// Example: `steersman explain SM0201`
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code to explain, for example SM0201; default: list all codes
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
