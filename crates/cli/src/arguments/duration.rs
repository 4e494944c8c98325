//! Durations on the command line, such as 90m, 26h or 8d.

use jiff::SignedDuration;

/// A duration with a unit; days are 24 hours.
pub(crate) fn duration(text: &str) -> Result<SignedDuration, String> {
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
