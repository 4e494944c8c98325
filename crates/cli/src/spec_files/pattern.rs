//! One line of ignore rules, matched as Git does: without an automaton, within a budget.
//!
//! The lines come from whoever proposes the files. Compiled together, a few of them can
//! take more memory than all files of a spec; as they are, they take their own length.

/// A rule: a pattern, and what it does where it matches.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The pattern between slashes.
    segments: Vec<Box<[u8]>>,
    /// Whether it begins at the folder of its file; else it is of a name at any depth.
    anchored: bool,
    only_folders: bool,
    /// Whether it takes back what a line before it leaves out.
    pub(super) takes_back: bool,
}

/// The segment that stands for any number of folders.
const ANY: &[u8] = b"**";

impl Rule {
    /// The rule of a line. Like for Git, a comment and a line that is no pattern are none.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let line = without_spaces_at_end(line.as_bytes());
        if line.starts_with(b"#") {
            return None;
        }
        let (takes_back, line) = match line.strip_prefix(b"!") {
            Some(line) => (true, line),
            None => (false, line),
        };
        let (only_folders, line) = match line.strip_suffix(b"/") {
            Some(line) => (true, line),
            None => (false, line),
        };
        let begins = line.strip_prefix(b"/");
        let mut segments = segments(begins.unwrap_or(line))?;
        if segments.iter().all(|segment| segment.is_empty()) {
            return None;
        }
        // A slash between brackets counts, as it does for Git.
        let anchored = begins.is_some() || line.contains(&b'/');
        if anchored && segments.last().is_some_and(|last| **last == *ANY) {
            // What is below the folder, and not the folder itself.
            segments.push(b"*".as_slice().into());
        }
        Some(Self {
            segments,
            anchored,
            only_folders,
            takes_back,
        })
    }

    /// Whether it matches a path below the folder of its file. Adds what that costs.
    pub(super) fn matches(&self, path: &str, is_folder: bool, steps: &mut u64) -> bool {
        *steps += 1;
        if self.only_folders && !is_folder {
            return false;
        }
        if !self.anchored {
            let name = path.rsplit('/').next().unwrap_or(path);
            return self
                .segments
                .first()
                .is_some_and(|pattern| name_matches(pattern, name.as_bytes(), steps));
        }
        let names: Vec<&[u8]> = path.split('/').map(str::as_bytes).collect();
        let (mut at, mut name) = (0, 0);
        // Where the last `**` is, and how many names it and all before it take.
        let mut any: Option<(usize, usize)> = None;
        loop {
            *steps += 1;
            match (self.segments.get(at), names.get(name)) {
                (None, None) => return true,
                (Some(segment), _) if **segment == *ANY => {
                    any = Some((at, name));
                    at += 1;
                    continue;
                }
                (Some(segment), Some(text)) if name_matches(segment, text, steps) => {
                    at += 1;
                    name += 1;
                    continue;
                }
                (Some(_), None) => return false,
                (Some(_) | None, Some(_)) => {}
            }
            let Some((segment, taken)) = any else {
                return false;
            };
            any = Some((segment, taken + 1));
            at = segment + 1;
            name = taken + 1;
        }
    }
}

/// The line without spaces at its end, unless a backslash is before them.
fn without_spaces_at_end(mut line: &[u8]) -> &[u8] {
    while let Some(rest) = line.strip_suffix(b" ") {
        let backslashes = rest.iter().rev().take_while(|byte| **byte == b'\\').count();
        if backslashes % 2 == 1 {
            break;
        }
        line = rest;
    }
    line
}

/// The parts of a pattern between its slashes; none where a bracket is not closed, or
/// nothing follows a backslash.
fn segments(pattern: &[u8]) -> Option<Vec<Box<[u8]>>> {
    let mut segments = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(byte) = pattern.get(at) {
        match byte {
            b'/' => {
                segments.push(pattern[start..at].into());
                start = at + 1;
                at += 1;
            }
            b'\\' => {
                if *pattern.get(at + 1)? == b'/' {
                    segments.push(pattern[start..at].into());
                    start = at + 2;
                }
                at += 2;
            }
            b'[' => at += bracket(&pattern[at..], 0)?.length,
            _ => at += 1,
        }
    }
    segments.push(pattern[start..].into());
    Some(segments)
}

/// Whether a pattern without slashes matches a name. Where a `*` has taken too little,
/// only the last one takes more, so this takes at most the product of both lengths.
fn name_matches(pattern: &[u8], name: &[u8], steps: &mut u64) -> bool {
    let (mut at, mut byte) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(found) = name.get(byte) {
        *steps += 1;
        let length = match pattern.get(at) {
            Some(b'*') => {
                star = Some((at + 1, byte));
                at += 1;
                continue;
            }
            Some(b'?') => Some(1),
            Some(b'\\') => (pattern.get(at + 1) == Some(found)).then_some(2),
            Some(b'[') => bracket(&pattern[at..], *found).and_then(|bracket| {
                *steps += u64::try_from(bracket.length).unwrap_or(u64::MAX);
                bracket.matches.then_some(bracket.length)
            }),
            Some(literal) => (literal == found).then_some(1),
            None => None,
        };
        if let Some(length) = length {
            at += length;
            byte += 1;
        } else if let Some((after, taken)) = star {
            star = Some((after, taken + 1));
            at = after;
            byte = taken + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|rest| *rest == b'*')
}

/// A set of characters in brackets.
struct Bracket {
    /// How long it is, with its brackets.
    length: usize,
    /// Whether a character is in it.
    matches: bool,
}

/// Reads the set that a pattern begins with; none where it is not closed.
fn bracket(pattern: &[u8], byte: u8) -> Option<Bracket> {
    let negated = matches!(pattern.get(1), Some(b'!' | b'^'));
    let mut at = 1 + usize::from(negated);
    let mut is_in = false;
    let first = at;
    loop {
        let begin = *pattern.get(at)?;
        if begin == b']' && at > first {
            break;
        }
        if let Some((length, holds)) = named_class(&pattern[at..], byte) {
            is_in |= holds;
            at += length;
            continue;
        }
        let (low, length) = one(&pattern[at..])?;
        at += length;
        let is_range = pattern.get(at) == Some(&b'-') && *pattern.get(at + 1)? != b']';
        let high = if is_range {
            let (high, length) = one(&pattern[at + 1..])?;
            at += 1 + length;
            high
        } else {
            low
        };
        is_in |= (low..=high).contains(&byte);
    }
    Some(Bracket {
        length: at + 1,
        matches: is_in != negated,
    })
}

/// The character that a part of a set begins with, which a backslash can be before.
fn one(part: &[u8]) -> Option<(u8, usize)> {
    match part {
        [b'\\', byte, ..] => Some((*byte, 2)),
        [b'\\'] | [] => None,
        [byte, ..] => Some((*byte, 1)),
    }
}

/// A class such as `[:alpha:]`: its length, and whether a character is of it.
fn named_class(part: &[u8], byte: u8) -> Option<(usize, bool)> {
    let name = part.strip_prefix(b"[:")?;
    let end = name.windows(2).position(|two| two == b":]")?;
    let holds = match &name[..end] {
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"alpha" => byte.is_ascii_alphabetic(),
        b"blank" => matches!(byte, b' ' | b'\t'),
        b"cntrl" => byte.is_ascii_control(),
        b"digit" => byte.is_ascii_digit(),
        b"graph" => byte.is_ascii_graphic(),
        b"lower" => byte.is_ascii_lowercase(),
        b"print" => byte.is_ascii_graphic() || byte == b' ',
        b"punct" => byte.is_ascii_punctuation(),
        b"space" => byte.is_ascii_whitespace() || byte == 0x0b,
        b"upper" => byte.is_ascii_uppercase(),
        b"xdigit" => byte.is_ascii_hexdigit(),
        _ => return None,
    };
    Some((end + 4, holds))
}

#[cfg(test)]
#[path = "../testing/ignore_patterns.rs"]
mod tests;
