//! Resolves the escapes of addresses, JSON and UTF-16 in a text, and knows where each part was.

/// Bytes with their escapes resolved.
#[derive(Debug)]
pub(super) struct Plain {
    pub(super) bytes: Vec<u8>,
    /// Where the bytes from a place on were before: the place, and that before. In their order.
    jumps: Vec<(usize, usize)>,
}

impl Plain {
    /// Resolves one layer of escapes: `%41`, `\u0041`, `\x41`, `\/`, and the zeros between the
    /// letters of UTF-16. `None` if there are none.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let mut plain = Self {
            bytes: Vec::new(),
            jumps: Vec::new(),
        };
        let mut copied = 0;
        let mut at = 0;
        while at < bytes.len() {
            let Some((length, character)) = escape(bytes, at) else {
                at += 1;
                continue;
            };
            plain.bytes.extend_from_slice(&bytes[copied..at]);
            plain.bytes.extend_from_slice(&character);
            at += length;
            copied = at;
            plain.jumps.push((plain.bytes.len(), at));
        }
        if plain.jumps.is_empty() {
            return None;
        }
        plain.bytes.extend_from_slice(&bytes[copied..]);
        Some(plain)
    }

    /// Where the byte at a place was before.
    pub(super) fn before(&self, place: usize) -> usize {
        let passed = self.jumps.partition_point(|(here, _)| *here <= place);
        match passed.checked_sub(1).and_then(|last| self.jumps.get(last)) {
            Some((here, before)) => before + (place - here),
            None => place,
        }
    }
}

/// The length of an escape, and the bytes that it means.
fn escape(bytes: &[u8], at: usize) -> Option<(usize, Vec<u8>)> {
    let digits = |from: usize, count: usize| {
        let digits = std::str::from_utf8(bytes.get(from..from + count)?).ok()?;
        let are_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        are_digits.then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let byte = |number: u32| u8::try_from(number).ok().map(|byte| vec![byte]);
    match bytes[at] {
        b'%' => Some((3, byte(digits(at + 1, 2)?)?)),
        b'\\' => match bytes.get(at + 1)? {
            b'u' => {
                let character = char::from_u32(digits(at + 2, 4)?)?;
                Some((6, character.to_string().into_bytes()))
            }
            b'x' => Some((4, byte(digits(at + 2, 2)?)?)),
            sign @ (b'"' | b'\'' | b'\\' | b'/') => Some((2, vec![*sign])),
            _ => None,
        },
        // Two zeros are no letter of UTF-16.
        0 if at.checked_sub(1).and_then(|before| bytes.get(before)) != Some(&0)
            && bytes.get(at + 1) != Some(&0) =>
        {
            Some((1, Vec::new()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_escape_is_resolved_and_its_place_is_known() {
        let text = br"a%62\u0063\x64\/e";
        let plain = Plain::of(text).unwrap();
        assert_eq!(plain.bytes, b"abcd/e");
        let before: Vec<_> = (0..=6).map(|place| plain.before(place)).collect();
        assert_eq!(before, [0, 1, 4, 10, 14, 16, 17]);
        let wide: Vec<u8> = "abc".bytes().flat_map(|byte| [byte, 0]).collect();
        assert_eq!(Plain::of(&wide).unwrap().bytes, b"abc");
        for plain in [&b"abc %4 %zz \\u12 \\q"[..], b"a\0\0b", b"", b"\\"] {
            assert!(Plain::of(plain).is_none(), "{plain:?}");
        }
    }
}
