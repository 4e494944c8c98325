//! Binary entry point of `steersman`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
