//! Reads words, phrases and operators of the search language.

/// A place in the text of a query.
pub(super) struct Cursor {
    text: Vec<char>,
    at: usize,
}

/// A word, and whether a backslash took its meaning from one of its characters.
#[derive(Default)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) is_escaped: bool,
}

impl Cursor {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.chars().collect(),
            at: 0,
        }
    }

    pub(super) fn skip(&mut self) {
        self.at += 1;
    }

    /// The text up to one of these characters, which is skipped, and that character.
    pub(super) fn until(&mut self, ends: &[char]) -> Option<(String, char)> {
        let rest = self.text.get(self.at..)?;
        let length = rest.iter().position(|next| ends.contains(next))?;
        let (inside, end) = (rest[..length].iter().collect(), rest[length]);
        self.at += length + 1;
        Some((inside, end))
    }

    /// A word up to a space, a parenthesis or one of `stops`; a backslash takes its meaning from
    /// the character behind it.
    pub(super) fn word(&mut self, stops: &str) -> Result<Word, String> {
        let mut word = Word::default();
        while let Some(next) = self.peek() {
            match next {
                _ if next.is_whitespace() || "()\"".contains(next) || stops.contains(next) => break,
                '\\' => {
                    self.at += 1;
                    word.is_escaped = true;
                    word.text
                        .push(self.peek().ok_or("something is missing after \\")?);
                }
                '~' | '^' => return Err(format!("the simulator does not understand {next:?}")),
                '/' if word.text.is_empty() => {
                    return Err("the simulator does not understand regular expressions".into());
                }
                _ => word.text.push(next),
            }
            self.at += 1;
        }
        Ok(word)
    }

    pub(super) fn quoted(&mut self) -> Result<String, String> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let next = self.peek().ok_or("a quotation mark is missing")?;
            self.at += 1;
            match next {
                '"' => break,
                '\\' => {
                    text.extend(self.peek());
                    self.at += 1;
                }
                other => text.push(other),
            }
        }
        if matches!(self.peek(), Some('~' | '^')) {
            return Err("the simulator does not understand what comes after the phrase".into());
        }
        Ok(text)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    pub(super) fn rest(&self, read: &str) -> String {
        let next = self.peek().map(String::from).unwrap_or_default();
        if read.is_empty() {
            next
        } else {
            read.to_owned()
        }
    }

    pub(super) fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    pub(super) fn symbol(&mut self, symbol: char) -> bool {
        let found = self.peek() == Some(symbol);
        self.at += usize::from(found);
        found
    }

    /// An operator, which stands by itself.
    pub(super) fn operator(&mut self, operator: &str) -> bool {
        let length = operator.chars().count();
        let ahead: String = self.text[self.at..].iter().take(length).collect();
        let is_word = operator.chars().all(char::is_alphabetic);
        let after = self.text.get(self.at + length);
        let found = ahead == operator
            && (!is_word || after.is_none_or(|after| after.is_whitespace() || *after == '('));
        self.at += if found { length } else { 0 };
        found
    }
}
