//! `steersman schema`.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::Args;

/// Print the JSON Schema of the spec, for editors
#[derive(Debug, Args)]
pub(crate) struct Schema {}

impl Schema {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let Self {} = self;
        let text = serde_json::to_string_pretty(&spec::json_schema()).map_err(|error| {
            Failure::Internal {
                message: "cannot write the schema".to_owned(),
                source: Box::new(error),
            }
        })?;
        output.data(&text);
        Ok(Exit::Done)
    }
}
