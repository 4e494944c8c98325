//! Notations of bytes by number.

/// How a program writes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// `7333`, `73 33`, `73:33`, `0x73, 0x33`, `\x73`: in the order of the bytes.
    Hex,
    /// `3373`: words, the last byte first.
    HexWords,
    /// `163 063`; of words `031563`.
    Octal { bytes: usize },
    /// `115, 51`; of words `13171`.
    Decimal { bytes: usize },
    /// `01110011`.
    Binary,
    /// `s 3 c r \n`.
    Characters,
}

pub(super) const NOTATIONS: [Notation; 12] = [
    Notation::Hex,
    Notation::HexWords,
    Notation::Octal { bytes: 1 },
    Notation::Octal { bytes: 2 },
    Notation::Octal { bytes: 4 },
    Notation::Octal { bytes: 8 },
    Notation::Decimal { bytes: 1 },
    Notation::Decimal { bytes: 2 },
    Notation::Decimal { bytes: 4 },
    Notation::Decimal { bytes: 8 },
    Notation::Binary,
    Notation::Characters,
];

impl Notation {
    /// Whether a text may be a number of any notation.
    pub(super) fn is_number(text: &[u8]) -> bool {
        text.len() == 1
            || text
                .iter()
                .all(|byte| byte.is_ascii_hexdigit() || b"x\\".contains(byte))
    }

    /// Whether all numbers of a line have as many digits.
    pub(super) fn has_one_width(self) -> bool {
        match self {
            Self::Hex | Self::HexWords | Self::Octal { .. } | Self::Binary => true,
            Self::Decimal { .. } | Self::Characters => false,
        }
    }

    /// Adds the bytes of a number. Returns whether it is one in this notation; if it is
    /// none, nothing is added.
    pub(super) fn read(self, number: &[u8], bytes: &mut Vec<u8>) -> bool {
        let begin = bytes.len();
        let complete = self.try_read(number, bytes);
        if !complete {
            bytes.truncate(begin);
        }
        complete
    }

    fn try_read(self, number: &[u8], bytes: &mut Vec<u8>) -> bool {
        match self {
            // Longer ones are a text in hex, which is found as such.
            Self::Hex => number.len() <= 32 && pairs(without_prefix(number), bytes),
            Self::HexWords => {
                let begin = bytes.len();
                let complete = matches!(number.len(), 2..=16) && pairs(number, bytes);
                bytes[begin..].reverse();
                complete
            }
            Self::Octal { bytes: count } => {
                number.len() == (8 * count).div_ceil(3) && word(number, 8, count, bytes)
            }
            Self::Decimal { bytes: count } => {
                let longest = [0, 3, 5, 0, 10, 0, 0, 0, 20];
                number.len() <= longest[count] && word(number, 10, count, bytes)
            }
            Self::Binary => number.len() == 8 && word(number, 2, 1, bytes),
            Self::Characters => {
                let byte = match number {
                    [character] => Some(*character),
                    [b'\\', b'n'] => Some(b'\n'),
                    [b'\\', b't'] => Some(b'\t'),
                    [b'\\', b'r'] => Some(b'\r'),
                    [b'\\', b'0'] => Some(0),
                    [_, _, _] => return word(number, 8, 1, bytes),
                    _ => None,
                };
                bytes.extend(byte);
                byte.is_some()
            }
        }
    }
}

fn without_prefix(number: &[u8]) -> &[u8] {
    [b"0x".as_slice(), b"\\x", b"x"]
        .into_iter()
        .find_map(|prefix| number.strip_prefix(prefix))
        .unwrap_or(number)
}

/// Adds the bytes of hex digits, two each.
fn pairs(digits: &[u8], bytes: &mut Vec<u8>) -> bool {
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty() && pairs.iter().all(|pair| word(pair, 16, 1, bytes))
}

/// Adds a number as a word of so many bytes, the last one first.
fn word(digits: &[u8], radix: u32, count: usize, bytes: &mut Vec<u8>) -> bool {
    let number = digits.iter().try_fold(0_u64, |number, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        number
            .checked_mul(u64::from(radix))?
            .checked_add(u64::from(digit))
    });
    let Some(number) = number else {
        return false;
    };
    let all = number.to_le_bytes();
    bytes.extend(&all[..count]);
    all[count..].iter().all(|byte| *byte == 0)
}
