//! Line wrapping: breaks colored text between words.

use super::tone::{Tone, paint};

/// Lines of prose are not longer than this, however wide the terminal is.
const LONGEST: usize = 120;
/// A space at which a line is not broken. Texts of a view do not have it.
pub(super) const NO_BREAK: char = '\u{a0}';
/// Continuation lines have at least this much room.
const LEAST_ROOM: usize = 20;

/// A line with an indentation for what does not fit.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Stands at the beginning and is never broken.
    lead: Vec<(Tone, String)>,
    body: Vec<(Tone, String)>,
    whole: bool,
}

impl Line {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds to what stands at the beginning.
    pub(super) fn lead(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.lead.push((tone, text.into()));
        self
    }

    /// Adds to the text.
    pub(super) fn text(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.body.push((tone, text.into()));
        self
    }

    /// Adds pieces to the text.
    pub(super) fn texts(mut self, pieces: Vec<(Tone, String)>) -> Self {
        self.body.extend(pieces);
        self
    }

    /// Keeps the line in one piece, for what is copied and pasted.
    pub(super) fn whole(mut self) -> Self {
        self.whole = true;
        self
    }

    /// Writes the line, broken to the width, with a line break at its end.
    pub(super) fn write(&self, text: &mut String, width: usize) {
        let width = width.min(LONGEST);
        let lead: usize = self.lead.iter().map(|(_, text)| length(text)).sum();
        let hang = lead.min(width.saturating_sub(LEAST_ROOM));
        let mut out = Painter::default();
        for (tone, piece) in &self.lead {
            out.put(*tone, piece);
        }
        if self.whole {
            for (tone, piece) in &self.body {
                out.put(*tone, piece);
            }
            out.end_line();
            text.push_str(&out.done);
            return;
        }
        let mut column = lead;
        let mut begun = false;
        for word in words(&self.body) {
            let needed: usize = word.iter().map(|(_, text)| length(text)).sum();
            let gap = usize::from(begun);
            if begun && column + gap + needed > width {
                out.end_line();
                out.put(Tone::Plain, &" ".repeat(hang));
                column = hang;
            } else if begun {
                // A space between words of one color keeps it.
                let tone = word.first().map_or(Tone::Plain, |(tone, _)| *tone);
                out.put(if out.tone == tone { tone } else { Tone::Plain }, " ");
                column += gap;
            }
            for (tone, piece) in &word {
                out.put(*tone, piece);
            }
            column += needed;
            begun = true;
        }
        out.end_line();
        text.push_str(&out.done);
    }
}

/// How many columns a text takes; wide characters count as one.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

/// The text in pieces that are not broken: what stands between spaces. Of
/// several spaces one is where the line may break, and the others stay.
fn words(pieces: &[(Tone, String)]) -> Vec<Vec<(Tone, String)>> {
    let mut words: Vec<Vec<(Tone, String)>> = Vec::new();
    let mut spaces = 0_usize;
    for (tone, piece) in pieces {
        let mut rest = piece.as_str();
        while !rest.is_empty() {
            let word = rest.trim_start_matches(' ');
            spaces += rest.len() - word.len();
            let end = word.find(' ').unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            rest = after;
            if word.is_empty() {
                continue;
            }
            let text = " ".repeat(spaces.saturating_sub(1)) + word;
            match words.last_mut() {
                Some(last) if spaces == 0 => last.push((*tone, text)),
                _ => words.push(vec![(*tone, text)]),
            }
            spaces = 0;
        }
    }
    words
}

/// Puts pieces of the same tone together, so that colors are switched once.
#[derive(Default)]
struct Painter {
    done: String,
    tone: Tone,
    waiting: String,
}

impl Painter {
    fn put(&mut self, tone: Tone, text: &str) {
        if tone != self.tone {
            self.flush();
            self.tone = tone;
        }
        self.waiting.push_str(&text.replace(NO_BREAK, " "));
    }

    fn end_line(&mut self) {
        self.flush();
        self.done.truncate(self.done.trim_end_matches(' ').len());
        self.done.push('\n');
    }

    fn flush(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.waiting);
        self.done.push_str(&paint(self.tone, &text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(line: &Line, width: usize) -> String {
        let mut text = String::new();
        line.write(&mut text, width);
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn lines_are_broken_between_words_and_hang() {
        let line = Line::new()
            .lead(Tone::Good, "  + ")
            .lead(Tone::Plain, "a ")
            .text(Tone::Plain, "one two ")
            .text(Tone::Bad, "[-three-]")
            .text(Tone::Good, "{+four+}")
            .text(Tone::Plain, " five");
        assert_eq!(written(&line, 40), "  + a one two [-three-]{+four+} five\n");
        assert_eq!(
            written(&line, 26),
            "  + a one two\n      [-three-]{+four+}\n      five\n"
        );
        assert_eq!(
            written(&line.whole(), 26),
            "  + a one two [-three-]{+four+} five\n"
        );
    }

    #[test]
    fn spaces_are_kept() {
        let line = Line::new()
            .text(Tone::Plain, "a  b")
            .text(Tone::Plain, " → ")
            .text(Tone::Plain, "a b, ")
            .text(Tone::Plain, "c");
        assert_eq!(written(&line, 40), "a  b → a b, c\n");
    }

    #[test]
    fn a_word_longer_than_the_line_stays_whole() {
        let line = Line::new().text(Tone::Plain, "a-very-long-word-without-any-spaces x");
        assert_eq!(
            written(&line, 25),
            "a-very-long-word-without-any-spaces\nx\n"
        );
    }
}
