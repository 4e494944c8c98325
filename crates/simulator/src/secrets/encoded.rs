//! Base64 in a text: what is in it is masked, and encoded again.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{
    GeneralPurpose, GeneralPurposeConfig, STANDARD as PADDED, URL_SAFE, URL_SAFE_NO_PAD,
};

use super::masked::MASKED;

/// Shorter texts encode nothing that is long enough for a secret.
const SHORTEST: usize = 11;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Texts in base64 in which `mask` finds something, where they are, and what replaces them.
pub(super) fn masked<'a>(
    bytes: &'a [u8],
    mask: &'a dyn Fn(&[u8]) -> Option<Vec<u8>>,
) -> impl Iterator<Item = (Range<usize>, Vec<u8>)> + 'a {
    runs(bytes, is_digit).into_iter().flat_map(move |run| {
        // Its beginning is that of the run, or of a segment of a path: then what is around the
        // secret stays.
        let whole = masked_run(bytes, run.clone(), mask).map(|masked| vec![masked]);
        let exact = whole.unwrap_or_else(|| {
            let segments = runs(&bytes[run.clone()], |byte| byte != b'/' && is_digit(byte));
            segments
                .into_iter()
                .filter_map(|part| {
                    masked_run(bytes, run.start + part.start..run.start + part.end, mask)
                })
                .collect()
        });
        if !exact.is_empty() {
            return exact;
        }
        // Elsewhere it is found at one of the places at which four digits can begin.
        let is_within = (1..4).any(|from| {
            let part = bytes.get(run.start + from..run.end).unwrap_or_default();
            decoded(part).is_some_and(|plain| mask(&plain).is_some())
        });
        if is_within {
            let end = run.end + padding(bytes, run.end);
            vec![(run.start..end, MASKED.into())]
        } else {
            Vec::new()
        }
    })
}

/// A text from its first digit on, masked and encoded as it was.
fn masked_run(
    bytes: &[u8],
    run: Range<usize>,
    mask: &dyn Fn(&[u8]) -> Option<Vec<u8>>,
) -> Option<(Range<usize>, Vec<u8>)> {
    let digits = &bytes[run.clone()];
    let masked = mask(&decoded(digits)?)?;
    let padding = padding(bytes, run.end);
    let is_for_addresses = digits.iter().any(|byte| b"-_".contains(byte));
    // One that needed no padding may be of either kind.
    let is_padded = padding > 0 || (digits.len().is_multiple_of(4) && !is_for_addresses);
    let again = match (is_for_addresses, is_padded) {
        (true, true) => URL_SAFE.encode(masked),
        (true, false) => URL_SAFE_NO_PAD.encode(masked),
        (false, true) => PADDED.encode(masked),
        (false, false) => base64::engine::general_purpose::STANDARD_NO_PAD.encode(masked),
    };
    Some((run.start..run.end + padding, again.into_bytes()))
}

/// How many signs fill up the last four digits.
fn padding(bytes: &[u8], end: usize) -> usize {
    let behind = bytes.get(end..).unwrap_or_default().iter().take(2);
    behind.take_while(|byte| **byte == b'=').count()
}

fn decoded(digits: &[u8]) -> Option<Vec<u8>> {
    // One digit alone means nothing.
    let length = digits.len() - usize::from(digits.len() % 4 == 1);
    if length < SHORTEST {
        return None;
    }
    let standard: Vec<u8> = digits[..length]
        .iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => *byte,
        })
        .collect();
    LENIENT.decode(standard).ok()
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// Where bytes of a kind are together, and enough of them.
fn runs(bytes: &[u8], is_one: impl Fn(u8) -> bool) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut begun = None;
    for at in 0..=bytes.len() {
        let goes_on = bytes.get(at).is_some_and(|byte| is_one(*byte));
        match (begun, goes_on) {
            (None, true) => begun = Some(at),
            (Some(start), false) => {
                if at - start >= SHORTEST {
                    runs.push(start..at);
                }
                begun = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    runs
}
