//! Timestamps in the formats of ISC and of HTTP headers.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de};

/// A point in time: text by the official description, a number of milliseconds
/// since 1970 in the answer to an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IscTimestamp(pub(crate) Timestamp);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Millis(i64),
    Text(String),
}

impl<'de> Deserialize<'de> for IscTimestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Written::deserialize(deserializer)? {
            Written::Millis(millis) => Timestamp::from_millisecond(millis),
            Written::Text(text) => text.parse(),
        }
        .map(Self)
        .map_err(|error| de::Error::custom(format_args!("not a point in time: {error}")))
    }
}

/// Writes a point in time as the official examples do: in UTC, with milliseconds.
pub(crate) fn to_isc(timestamp: Timestamp) -> String {
    format!("{timestamp:.3}")
}

/// Parses a date of an HTTP header. HTTP's format is the one of RFC 2822, with GMT
/// as the only zone.
pub(crate) fn from_http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_are_read() {
        for text in [
            "1700000000000",
            r#""2023-11-14T22:13:20Z""#,
            r#""2023-11-14T22:13:20.000Z""#,
            r#""2023-11-14T22:13:20+00:00""#,
            r#""2023-11-14T23:13:20.000+0100""#,
        ] {
            let read: IscTimestamp = serde_json::from_str(text).unwrap();
            assert_eq!(to_isc(read.0), "2023-11-14T22:13:20.000Z", "{text}");
        }
        assert!(serde_json::from_str::<IscTimestamp>(r#""soon""#).is_err());
    }

    #[test]
    fn http_dates_are_read() {
        let date = from_http_date("Tue, 14 Nov 2023 22:13:20 GMT").unwrap();
        assert_eq!(date.as_second(), 1_700_000_000);
        assert_eq!(from_http_date("soon"), None);
    }
}
