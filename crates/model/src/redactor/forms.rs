//! Forms of a secret: plain, hex and base64, of the secret as it is and escaped.

use std::borrow::Cow;

/// The shortest secret that is redacted, in bytes.
pub(super) const SHORTEST: usize = 6;

/// How many bytes of a form find it.
pub(super) const KEY: usize = 6;

/// The first bytes of a form.
pub(super) type Key = [u8; KEY];

/// A form that a program can print a secret in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    escape: Escape,
    code: Code,
}

/// How the secret is escaped before it is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    None,
    /// As in a JSON string.
    Json,
    /// As in a URL, with `%2F` or `%2f`.
    Url {
        upper: bool,
    },
    /// As in a form of a web page: a space is a plus sign.
    Plus,
}

/// How the escaped secret is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Text,
    Hex {
        upper: bool,
    },
    /// Base64 of a longer text, in which the secret begins `offset` bytes after a
    /// multiple of three.
    Base64 {
        url_safe: bool,
        offset: usize,
    },
}

const ESCAPES: [Escape; 5] = [
    Escape::None,
    Escape::Json,
    Escape::Url { upper: true },
    Escape::Url { upper: false },
    Escape::Plus,
];

impl Form {
    /// The secret as it is.
    pub(super) const PLAIN: Self = Self {
        escape: Escape::None,
        code: Code::Text,
    };

    /// The bytes of a secret in this form.
    pub(super) fn of(self, secret: &str) -> Cow<'_, [u8]> {
        let escaped = escape(secret, self.escape);
        match self.code {
            Code::Text => escaped,
            Code::Hex { upper } => Cow::Owned(hex(&escaped, upper)),
            Code::Base64 { url_safe, offset } => Cow::Owned(base64(&escaped, url_safe, offset)),
        }
    }

    /// Whether the characters before and after the form hold bits of the secret, too.
    /// In base64 they also hold bits of what stands beside it, so they are no part of
    /// the form.
    pub(super) fn edges(self, secret: &str) -> (bool, bool) {
        match self.code {
            Code::Text | Code::Hex { .. } => (false, false),
            Code::Base64 {
                url_safe: _,
                offset,
            } => {
                let length = escape(secret, self.escape).len();
                (offset > 0, !(offset + length).is_multiple_of(3))
            }
        }
    }

    /// Whether it is looked for where white space was removed from a text. A short
    /// plain secret is not: words in a row would be taken for it.
    pub(super) fn survives_joining(self, secret: &str) -> bool {
        self.code != Code::Text || secret.len() >= 2 * SHORTEST
    }
}

/// The forms of a secret, each with its key.
pub(super) fn all(secret: &str) -> Vec<(Key, Form)> {
    let mut forms = Vec::new();
    let mut seen: Vec<Cow<'_, [u8]>> = Vec::new();
    for kind in ESCAPES {
        let escaped = escape(secret, kind);
        if seen.contains(&escaped) {
            continue;
        }
        seen.push(escaped);
        let mut codes = vec![
            Code::Text,
            Code::Hex { upper: false },
            Code::Hex { upper: true },
        ];
        for offset in 0..3 {
            for url_safe in [false, true] {
                codes.push(Code::Base64 { url_safe, offset });
            }
        }
        let mut distinct: Vec<Vec<u8>> = Vec::new();
        for code in codes {
            let form = Form { escape: kind, code };
            let bytes = form.of(secret).into_owned();
            if distinct.contains(&bytes) {
                continue;
            }
            forms.extend(key(&bytes).map(|key| (key, form)));
            distinct.push(bytes);
        }
    }
    forms
}

/// The key of a form.
pub(super) fn key(form: &[u8]) -> Option<Key> {
    form.first_chunk().copied()
}

fn escape(secret: &str, kind: Escape) -> Cow<'_, [u8]> {
    match kind {
        Escape::None => Cow::Borrowed(secret.as_bytes()),
        Escape::Json => {
            let quoted = serde_json::to_vec(secret).unwrap_or_default();
            let inner = quoted.get(1..quoted.len().saturating_sub(1));
            Cow::Owned(inner.unwrap_or_default().to_vec())
        }
        Escape::Url { upper } => {
            let mut escaped = Vec::with_capacity(3 * secret.len());
            for byte in secret.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    escaped.push(byte);
                } else {
                    escaped.push(b'%');
                    escaped.extend(hex(&[byte], upper));
                }
            }
            Cow::Owned(escaped)
        }
        Escape::Plus => Cow::Owned(secret.replace(' ', "+").into_bytes()),
    }
}

fn hex(bytes: &[u8], upper: bool) -> Vec<u8> {
    let digits = if upper {
        b"0123456789ABCDEF"
    } else {
        b"0123456789abcdef"
    };
    bytes
        .iter()
        .flat_map(|byte| {
            [
                digits[usize::from(byte >> 4)],
                digits[usize::from(byte & 15)],
            ]
        })
        .collect()
}

/// The characters that only the secret decides, whatever stands before and after it.
fn base64(bytes: &[u8], url_safe: bool, offset: usize) -> Vec<u8> {
    const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let alphabet = if url_safe { URL_SAFE } else { STANDARD };
    let mut encoded = Vec::with_capacity(bytes.len() * 4 / 3 + 4);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in std::iter::repeat_n(&0, offset).chain(bytes) {
        bits = (bits << 8) | u32::from(*byte);
        count += 8;
        while count >= 6 {
            count -= 6;
            encoded.push(alphabet[(bits >> count) as usize & 63]);
        }
    }
    // The first characters have bits of what stands before.
    let unsure = (offset * 8).div_ceil(6);
    encoded.split_off(unsure.min(encoded.len()))
}

#[cfg(test)]
mod tests {
    use super::{base64, hex};

    #[test]
    fn codes_are_the_known_ones() {
        assert_eq!(hex(b"\x00\xafz", false), b"00af7a");
        assert_eq!(hex(b"\x00\xafz", true), b"00AF7A");
        assert_eq!(base64(b"foobar", false, 0), b"Zm9vYmFy");
        assert_eq!(base64(b"fooba", false, 0), b"Zm9vYm");
        assert_eq!(base64(b"\xfb\xff\xfe", false, 0), b"+//+");
        assert_eq!(base64(b"\xfb\xff\xfe", true, 0), b"-__-");
        // `xfoobar` is `eGZvb2Jhcg==`, `xyfoobar` is `eHlmb29iYXI=`.
        assert_eq!(base64(b"foobar", false, 1), b"Zvb2Jhc");
        assert_eq!(base64(b"foobar", false, 2), b"mb29iYX");
    }
}
