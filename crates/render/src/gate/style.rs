//! Recognizes the color sequences that steersman's own renderers emit.

/// The length in bytes of a color sequence at the beginning of a text: `ESC [`,
/// numbers with semicolons, `m`. Only numbers that the renderers emit count: a text
/// that conceals itself or is black on black is none of theirs.
pub(super) fn length(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let end = codes.find(|character: char| !(character.is_ascii_digit() || character == ';'))?;
    let (codes, rest) = codes.split_at(end);
    (rest.starts_with('m') && is_ours(codes)).then_some(2 + end + 1)
}

fn is_ours(codes: &str) -> bool {
    let mut codes = codes.split(';');
    while let Some(code) = codes.next() {
        let known = match code {
            // The tables name one of the first sixteen colors by its number.
            "38" => {
                codes.next() == Some("5")
                    && codes
                        .next()
                        .and_then(|color| color.parse::<u8>().ok())
                        .is_some_and(|color| (1..=15).contains(&color))
            }
            "" | "0" | "1" | "2" | "3" | "4" | "22" | "23" | "24" | "39" => true,
            other => other
                .parse::<u8>()
                .is_ok_and(|color| (31..=37).contains(&color) || (91..=97).contains(&color)),
        };
        if !known {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn only_colors_of_the_renderers_pass() {
        for (text, expected) in [
            ("\u{1b}[31mred", Some(5)),
            ("\u{1b}[m", Some(3)),
            ("\u{1b}[0m", Some(4)),
            ("\u{1b}[38;5;10m", Some(10)),
            ("\u{1b}[36;1m", Some(7)),
            // Concealed, black, a background, another color space, reversed.
            ("\u{1b}[8m", None),
            ("\u{1b}[30m", None),
            ("\u{1b}[41m", None),
            ("\u{1b}[38;5;0m", None),
            ("\u{1b}[38;2;0;0;0m", None),
            ("\u{1b}[7m", None),
            // Other sequences.
            ("\u{1b}[2J", None),
            ("\u{1b}[1A", None),
            ("\u{1b}]52;c;eA==\u{7}", None),
            ("\u{1b}[31", None),
            ("[31m", None),
        ] {
            assert_eq!(length(text), expected, "{text:?}");
        }
    }
}
