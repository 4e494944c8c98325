//! `simulator clock`: reads and moves the simulated clock.

use super::state_argument::StateArgument;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand};
use jiff::SignedDuration;

/// Print or advance the clock of the simulated tenant
#[derive(Debug, Subcommand)]
pub(super) enum Clock {
    Now(Now),
    Advance(Advance),
}

/// Print the time of the simulated tenant
#[derive(Debug, Args)]
pub(super) struct Now {
    #[command(flatten)]
    state: StateArgument,
}

/// Advance the clock, and run what becomes due
///
/// Example: `steersman simulator clock advance 8d --state tenant.json`
#[derive(Debug, Args)]
pub(super) struct Advance {
    /// Duration with its unit, for example 90m, 26h or 8d
    #[arg(value_parser = duration)]
    by: SignedDuration,
    #[command(flatten)]
    state: StateArgument,
}

impl Clock {
    pub(super) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let now = match self {
            Self::Now(Now { state }) => state.change(|tenant| Ok(tenant.now()))?,
            Self::Advance(Advance { by, state }) => state.change(|tenant| {
                tenant.advance_by(*by);
                Ok(tenant.now())
            })?,
        };
        output.data(&format!("{now:.0}"));
        Ok(Exit::Done)
    }
}

/// A duration with a unit; days are 24 hours.
fn duration(text: &str) -> Result<SignedDuration, String> {
    let expected = || format!("`{text}` must be a number and a unit, for example 90m, 26h or 8d");
    let split = text
        .find(|character: char| !character.is_ascii_digit())
        .ok_or_else(expected)?;
    let (number, unit) = text.split_at(split);
    let number: i64 = number.parse().map_err(|_| expected())?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(expected()),
    };
    number
        .checked_mul(seconds)
        .map(SignedDuration::from_secs)
        .ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_have_a_unit() {
        for (text, seconds) in [("90m", 5_400), ("8d", 691_200), ("26h", 93_600), ("1s", 1)] {
            assert_eq!(duration(text).unwrap().as_secs(), seconds);
        }
        for text in ["", "5", "d", "5 d", "5w", "99999999999999999d"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
