//! `--color`: whether the output is colored.

use anstream::ColorChoice;
use clap::ValueEnum;

/// When the output is colored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Coloring {
    /// On a terminal, without `NO_COLOR` and `TERM=dumb`
    #[default]
    Auto,
    /// Always, in files and pipes too
    Always,
    /// Never
    Never,
}

impl Coloring {
    /// What the command line asks for, before it is parsed: what is wrong with it is
    /// printed, too.
    pub(crate) fn asked(words: impl Iterator<Item = String>) -> Self {
        const FLAG: &str = "--color";
        let mut words = words.take_while(|word| word != "--");
        let mut last = Self::Auto;
        while let Some(word) = words.next() {
            let value = match word.strip_prefix(FLAG) {
                Some("") => words.next(),
                Some(rest) => rest.strip_prefix('=').map(str::to_owned),
                None => continue,
            };
            // What is none of the values is an error of the command line.
            if let Some(asked) = value.and_then(|value| Self::from_str(&value, false).ok()) {
                last = asked;
            }
        }
        last
    }

    /// Makes it the choice of every stream that is opened from now on.
    pub(crate) fn apply(self) {
        let choice = match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}

#[cfg(test)]
mod tests {
    use super::Coloring;

    #[test]
    fn the_last_word_counts_before_the_command_line_is_parsed() {
        for (words, expected) in [
            ("plan", Coloring::Auto),
            ("plan --color=never", Coloring::Never),
            ("--color always plan", Coloring::Always),
            ("plan --color=never --color always", Coloring::Always),
            ("plan --color=blue", Coloring::Auto),
            ("plan --color", Coloring::Auto),
            ("plan -- --color=never", Coloring::Auto),
            ("plan --colors=never", Coloring::Auto),
        ] {
            let words = words.split(' ').map(str::to_owned);
            assert_eq!(Coloring::asked(words), expected);
        }
    }
}
