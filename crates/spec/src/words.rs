//! Formats durations as the spec format writes them.

use jiff::SignedDuration;

/// A duration as a spec writes it: `90d`, `1d12h`.
pub(crate) fn duration(duration: SignedDuration) -> String {
    let mut rest = duration.as_secs();
    let mut words = String::new();
    for (unit, seconds) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        let count = rest / seconds;
        if count > 0 {
            words.push_str(&count.to_string());
            words.push_str(unit);
            rest %= seconds;
        }
    }
    if words.is_empty() {
        "0s".to_owned()
    } else {
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_they_are_written() {
        for (seconds, expected) in [
            (0, "0s"),
            (15, "15s"),
            (900, "15m"),
            (129_600, "1d12h"),
            (7_776_000, "90d"),
        ] {
            assert_eq!(duration(SignedDuration::from_secs(seconds)), expected);
        }
    }
}
