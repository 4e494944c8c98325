//! Line wrapping: breaks colored text between words.

use super::layout::Layout;
use super::tone::{Tone, paint};

/// Lines of prose are not longer than this, however wide the terminal is.
const LONGEST: usize = 120;
/// A space at which a line is not broken. Texts of a view do not have it.
pub(crate) const NO_BREAK: char = '\u{a0}';
/// A space within a command of `steersman`, at which no line is broken, however long the
/// command is: it is there to be copied.
const OF_COMMAND: char = '\u{2007}';
/// How a text names a command of `steersman`.
const COMMAND: &str = "`steersman ";
/// How an address of a page begins.
const ADDRESS: &str = "https://";
/// Continuation lines have at least this much room.
const LEAST_ROOM: usize = 20;

/// A line with an indentation for what does not fit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// Stands at the beginning and is never broken.
    lead: Vec<(Tone, String)>,
    body: Vec<(Tone, String)>,
    command: bool,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds to what stands at the beginning.
    pub(crate) fn lead(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.lead.push((tone, text.into()));
        self
    }

    /// Adds to the text.
    pub(crate) fn text(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.body.push((tone, text.into()));
        self
    }

    /// Adds pieces to the text.
    pub(crate) fn texts(mut self, pieces: Vec<(Tone, String)>) -> Self {
        self.body.extend(pieces);
        self
    }

    /// Makes it a command, which is broken as a shell takes it.
    pub(crate) fn command(mut self) -> Self {
        self.command = true;
        self
    }

    /// Writes the line as the layout has it: with complete commands, broken to its width.
    pub(crate) fn write(&self, text: &mut String, layout: Layout<'_>) {
        let Self {
            lead,
            body,
            command,
        } = self;
        let complete = |piece: &str| match layout.commands {
            Some(completion) => whole_commands(&completion.of(piece)),
            None => whole_commands(piece),
        };
        let line = Self {
            lead: lead.clone(),
            body: body
                .iter()
                .map(|(tone, piece)| (*tone, complete(piece)))
                .collect(),
            command: *command,
        };
        line.write_in(text, layout.width);
    }

    /// Writes the line, broken to the width, with a line break at its end. A word that is
    /// longer than the width is the only one that is divided; commands and addresses are not.
    fn write_in(&self, text: &mut String, width: usize) {
        let width = width.min(LONGEST);
        let lead: usize = self.lead.iter().map(|(_, text)| length(text)).sum();
        // The second line of a command is told from another command.
        let more = if self.command { 2 } else { 0 };
        let hang = (lead + more).min(width.saturating_sub(LEAST_ROOM));
        let mut out = Painter::default();
        let mut at = Cursor::default();
        let is_blank = self
            .lead
            .iter()
            .all(|(_, text)| text.trim_matches(' ').is_empty());
        let last = self
            .lead
            .last()
            .map_or(0, |(_, text)| text.len() - text.trim_end_matches(' ').len());
        let words = if lead.saturating_sub(last) > width {
            // There is no room beside it.
            words(self.lead.iter().chain(&self.body), width)
        } else {
            for (tone, piece) in &self.lead {
                out.put(*tone, piece);
            }
            at.column = lead;
            words(self.body.iter(), width)
        };
        // A broken command can be copied, because its lines say that it goes on.
        let (ending, room) = if self.command {
            (" \\", width.saturating_sub(2))
        } else {
            ("", width)
        };
        let count = words.len();
        for (index, word) in words.into_iter().enumerate() {
            let room = if index + 1 == count { width } else { room };
            let needed: usize = word.iter().map(|(_, text)| length(text)).sum();
            let gap = usize::from(at.begun);
            let overflows = at.column + gap + needed > room;
            // A word that fits no line is divided where it stands, if there is room.
            let elsewhere = at.begun || needed <= width || at.column + LEAST_ROOM > width;
            if overflows && elsewhere && at.column > 0 {
                if at.begun {
                    out.put(Tone::Plain, ending);
                }
                if at.begun || !is_blank {
                    out.end_line();
                } else {
                    out = Painter::default();
                }
                // A long word gets the room of the indentation.
                at.column = if needed > width {
                    hang
                } else {
                    hang.min(width.saturating_sub(needed))
                };
                out.put(Tone::Plain, &" ".repeat(at.column));
            } else if at.begun {
                // A space between words of one color keeps it.
                let tone = word.first().map_or(Tone::Plain, |(tone, _)| *tone);
                out.put(if out.tone == tone { tone } else { Tone::Plain }, " ");
                at.column += gap;
            }
            at.begun = true;
            for (tone, piece) in &word {
                put_divided(&mut out, &mut at, (*tone, piece), width, hang);
            }
        }
        out.end_line();
        text.push_str(&out.done);
    }
}

/// Where the next text goes.
#[derive(Debug, Default)]
struct Cursor {
    column: usize,
    /// Whether the line has a word.
    begun: bool,
}

/// Puts a piece of a word, over several lines where it is longer than one.
fn put_divided(
    out: &mut Painter,
    at: &mut Cursor,
    (tone, piece): (Tone, &str),
    width: usize,
    hang: usize,
) {
    let mut rest = piece;
    loop {
        let room = width.saturating_sub(at.column);
        let end = rest.char_indices().nth(room).map(|(end, _)| end);
        // An address is there to be copied, as a command is.
        let is_whole = piece.contains(OF_COMMAND) || piece.starts_with(ADDRESS);
        let is_divided = width > hang && !is_whole;
        let Some(end) = end.filter(|_| is_divided) else {
            out.put(tone, rest);
            at.column += length(rest);
            return;
        };
        let (now, later) = rest.split_at(end);
        out.put(tone, now);
        out.end_line();
        out.put(Tone::Plain, &" ".repeat(hang));
        at.column = hang;
        rest = later;
    }
}

/// The text, in which no line is broken within a command of `steersman`.
fn whole_commands(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(COMMAND) {
        let (before, command) = rest.split_at(start);
        let Some(end) = command[1..].find('`') else {
            break;
        };
        let (command, after) = command.split_at(end + 2);
        whole.push_str(before);
        whole.push_str(&command.replace([' ', '\n'], &String::from(OF_COMMAND)));
        rest = after;
    }
    whole.push_str(rest);
    whole
}

/// How many columns a text takes; wide characters count as one.
pub(crate) fn length(text: &str) -> usize {
    text.chars().count()
}

/// The text in pieces that are not broken: what stands between spaces. Of
/// several spaces one is where the line may break, and the others stay.
fn words<'a>(
    pieces: impl Iterator<Item = &'a (Tone, String)>,
    width: usize,
) -> Vec<Vec<(Tone, String)>> {
    let words = at_spaces(pieces);
    let is_long =
        |word: &[(Tone, String)]| word.iter().map(|(_, text)| length(text)).sum::<usize>() > width;
    words
        .into_iter()
        .flat_map(|word| {
            if !is_long(&word) {
                return vec![word];
            }
            // What would be kept together does not fit.
            let apart: Vec<(Tone, String)> = word
                .into_iter()
                .map(|(tone, text)| (tone, text.replace(NO_BREAK, " ")))
                .collect();
            at_spaces(apart.iter())
        })
        .collect()
}

fn at_spaces<'a>(pieces: impl Iterator<Item = &'a (Tone, String)>) -> Vec<Vec<(Tone, String)>> {
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
        self.waiting
            .push_str(&text.replace([NO_BREAK, OF_COMMAND], " "));
    }

    fn end_line(&mut self) {
        // Spaces at the end have a tone, too.
        self.waiting
            .truncate(self.waiting.trim_end_matches(' ').len());
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
        line.write_in(&mut text, width);
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
    fn only_a_word_longer_than_the_line_is_divided() {
        let line = Line::new()
            .lead(Tone::Plain, "  ")
            .text(Tone::Plain, "a-very-long-word-without-any-spaces x");
        assert_eq!(
            written(&line, 25),
            "  a-very-long-word-withou\n  t-any-spaces x\n"
        );
    }

    /// Lines of any words at every width.
    #[test]
    fn no_line_is_wider_than_the_terminal_and_no_word_is_divided() {
        let mut seed = 20_261_126_u64;
        let mut draw = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from((seed >> 33) % below).unwrap_or(0)
        };
        for width in 40..=200 {
            for _ in 0..40 {
                let lead = format!("  ! {}  ", "l".repeat(draw(60)));
                let words: Vec<String> = (0..draw(30))
                    .map(|index| format!("{index}{}", "w".repeat(draw(70))))
                    .collect();
                let text = words
                    .iter()
                    .enumerate()
                    .map(|(index, word)| match index % 5 {
                        4 => format!("{word}{NO_BREAK}"),
                        _ => format!("{word} "),
                    })
                    .collect::<Vec<_>>()
                    .concat();
                let line = Line::new()
                    .lead(Tone::Warn, lead)
                    .text(Tone::Plain, text.trim_end());
                let written = written(&line, width);
                let shown: Vec<&str> = written.split_whitespace().collect();
                for one in written.lines() {
                    assert!(length(one) <= width, "{width}: {one:?}");
                }
                for word in words.iter().filter(|word| length(word) <= width) {
                    assert!(
                        shown.contains(&word.as_str()),
                        "{width}: {word} in {written}"
                    );
                }
            }
        }
    }

    /// A command is never broken, and has a line of its own where it fits beside nothing.
    #[test]
    fn a_command_in_a_text_is_not_broken() {
        let mut completion = crate::Completion::default();
        completion.name_simulated("a-file-with-a-long-name.json");
        let line = Line::new().lead(Tone::Plain, "  3. ").text(
            Tone::Plain,
            "run `steersman enroll audit01`; the account holder enters the token",
        );
        let written = |layout: Layout<'_>| {
            let mut text = String::new();
            line.write(&mut text, layout);
            anstream::adapter::strip_str(&text).to_string()
        };
        assert_eq!(
            written(Layout::terminal(40, false)),
            "  3. run `steersman enroll audit01`; the\n     account holder enters the token\n"
        );
        assert_eq!(
            written(Layout::terminal(40, false).with_commands(&completion)),
            "  3. run\n     `steersman enroll audit01 --simulate=a-file-with-a-long-name.json`;\n     the account holder enters the token\n"
        );
    }

    #[test]
    fn an_address_is_not_divided() {
        let address = "https://example.com/a/long/way/to/a/page.md";
        let line = Line::new().text(Tone::Plain, format!("it is described at {address}"));
        assert_eq!(
            written(&line, 40),
            format!("it is described at\n{address}\n")
        );
    }

    #[test]
    fn a_broken_command_can_be_copied() {
        let line = Line::new()
            .lead(Tone::Plain, "    ")
            .text(Tone::Accent, "steersman apply accounts --plan plan.json")
            .command();
        assert_eq!(
            written(&line, 32),
            "    steersman apply accounts \\\n      --plan plan.json\n"
        );
    }
}
