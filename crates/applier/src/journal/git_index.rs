//! Git's index: the paths that it lists, also where it is split in two.
//!
//! The form is in Git's `Documentation/gitformat-index.adoc`.

/// What an index says about a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    Yes,
    No,
    /// It does not have this form.
    Unreadable,
}

/// Whether an index lists a path. `base` reads the file beside it that a split index is
/// based on. Hashes have 20 or 32 bytes, and only the repository's settings say which,
/// so both are tried.
pub(super) fn lists(index: &[u8], path: &[u8], base: impl Fn(&str) -> Option<Vec<u8>>) -> Listed {
    for hash in [20, 32] {
        if let Some(paths) = all_paths(index, hash, &base) {
            return if paths.iter().any(|listed| holds(listed, path)) {
                Listed::Yes
            } else {
                Listed::No
            };
        }
    }
    Listed::Unreadable
}

/// Whether an entry is this path, or a folder above it that is not checked out.
fn holds(listed: &[u8], path: &[u8]) -> bool {
    listed == path || listed.ends_with(b"/") && path.starts_with(listed)
}

/// The paths of an index, with those of the one that it is based on.
fn all_paths(
    index: &[u8],
    hash: usize,
    base: impl Fn(&str) -> Option<Vec<u8>>,
) -> Option<Vec<Vec<u8>>> {
    let Index { mut paths, link } = Index::read(index, hash)?;
    let Some(link) = link else { return Some(paths) };
    let (name, bitmaps) = link.split_at_checked(hash)?;
    // Without a base, the index is whole.
    if name.iter().all(|byte| *byte == 0) {
        return Some(paths);
    }
    let name = name.iter().map(|byte| format!("{byte:02x}"));
    let name = name.collect::<Vec<_>>().concat();
    let shared = base(&format!("sharedindex.{name}"))?;
    let shared = Index::read(&shared, hash)?;
    let deleted = if bitmaps.is_empty() {
        Vec::new()
    } else {
        ones(bitmaps)?
    };
    let kept = shared.paths.into_iter().enumerate();
    paths.extend(kept.filter_map(|(at, path)| {
        let gone = deleted.get(at).copied().unwrap_or(false);
        (!gone).then_some(path)
    }));
    Some(paths)
}

/// The bits of a compressed bitmap (EWAH).
pub(super) fn ones(bitmap: &[u8]) -> Option<Vec<bool>> {
    let length = usize::try_from(number(bitmap, 0)?).ok()?;
    let words = usize::try_from(number(bitmap, 4)?).ok()?;
    let word = |at: usize| {
        let bytes = bitmap.get(8 + 8 * at..16 + 8 * at)?.first_chunk()?;
        Some(u64::from_be_bytes(*bytes))
    };
    // The file has fewer entries than bytes.
    if length > MOST_ENTRIES {
        return None;
    }
    let mut bits = Vec::new();
    let mut at = 0;
    while at < words {
        let marker = word(at)?;
        at += 1;
        let run = usize::try_from(marker >> 1 & 0xffff_ffff).ok()?;
        let run = run.checked_mul(64)?.min(length.saturating_sub(bits.len()));
        bits.resize(bits.len() + run, marker & 1 == 1);
        for _ in 0..marker >> 33 {
            let literal = word(at)?;
            at += 1;
            bits.extend((0..64).map(|bit| literal >> bit & 1 == 1));
        }
    }
    bits.truncate(length);
    Some(bits)
}

/// More files than any repository has.
const MOST_ENTRIES: usize = 100_000_000;

fn number(text: &[u8], at: usize) -> Option<u32> {
    let bytes = text.get(at..at.checked_add(4)?)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

/// What is read of an index.
struct Index<'t> {
    /// The paths of its entries. One that only replaces data of the base has none.
    paths: Vec<Vec<u8>>,
    /// The part of a split index that says what it is based on.
    link: Option<&'t [u8]>,
}

impl<'t> Index<'t> {
    /// None where the text does not have this form.
    fn read(text: &'t [u8], hash: usize) -> Option<Self> {
        let (paths, mut at) = paths(text, hash)?;
        let end = text.len().checked_sub(hash)?;
        let mut link = None;
        while at < end {
            let name = text.get(at..at + 4)?;
            let length = usize::try_from(number(text, at + 4)?).ok()?;
            let content = text.get(at + 8..(at + 8).checked_add(length)?)?;
            if name == b"link" {
                link = Some(content);
            }
            at += 8 + length;
        }
        (at == end).then_some(Self { paths, link })
    }
}

/// All paths of an index, and where they end; none where it does not have this form.
fn paths(index: &[u8], hash: usize) -> Option<(Vec<Vec<u8>>, usize)> {
    if index.get(..4)? != b"DIRC" {
        return None;
    }
    let version = number(index, 4)?;
    let mut paths: Vec<Vec<u8>> = Vec::new();
    let mut at = 12;
    for _ in 0..number(index, 8)? {
        let begin = at;
        // Ten numbers about the file, its hash, and flags.
        at += 40 + hash;
        let flags = u16::from_be_bytes(*index.get(at..at + 2)?.first_chunk()?);
        at += 2;
        if flags & 0x4000 != 0 {
            if version < 3 {
                return None;
            }
            at += 2;
        }
        let mut path = Vec::new();
        if version == 4 {
            // The path shares its beginning with the one before.
            let cut = offset(index, &mut at)?;
            let before = paths.last().map_or(&[][..], Vec::as_slice);
            path.extend_from_slice(before.get(..before.len().checked_sub(cut)?)?);
        }
        let rest = index.get(at..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        path.extend_from_slice(&rest[..length]);
        // The flags repeat the length, so that a wrong size of the hash is noticed.
        if path.len().min(0xfff) != usize::from(flags & 0xfff) {
            return None;
        }
        at += length + 1;
        if version < 4 {
            // Entries are padded to a multiple of eight bytes.
            at = begin + (at - begin).next_multiple_of(8);
        }
        paths.push(path);
    }
    Some((paths, at))
}

/// A number of variable length, as in Git's packs.
fn offset(index: &[u8], at: &mut usize) -> Option<usize> {
    let mut number = 0_usize;
    loop {
        let byte = *index.get(*at)?;
        *at += 1;
        number = number.checked_shl(7)? | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(number);
        }
        number = number.checked_add(1)?;
    }
}
