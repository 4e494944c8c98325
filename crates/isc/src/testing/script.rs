//! The bytes of an input as a script: each answer takes as many as it needs.

/// What is left of an input.
pub(super) struct Script {
    bytes: Vec<u8>,
    at: usize,
}

impl Script {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.to_vec(),
            at: 0,
        }
    }

    /// Whether nothing is left. From then on the tenant answers as ISC does, so
    /// that every run ends.
    pub(super) fn is_over(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The next byte; 0 where nothing is left.
    pub(super) fn byte(&mut self) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(byte)
    }

    /// One of these, by the next byte.
    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let byte = self.byte();
        all.get(byte.checked_rem(all.len())?).copied()
    }

    /// The next bytes, as many as the first of them says.
    pub(super) fn bytes(&mut self) -> Vec<u8> {
        let length = self.byte();
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = rest.get(..length).unwrap_or(rest).to_vec();
        self.at += taken.len();
        taken
    }
}
