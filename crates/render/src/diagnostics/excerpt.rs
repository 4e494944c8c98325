//! Excerpts of the files around the places of a problem, for miette.

use camino::Utf8PathBuf;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use model::visible;
use spec::{Diagnostic, Label, Sources};

/// The files of one problem's labels, laid end to end: miette knows one file
/// for each problem, and a conflict can lie in two.
#[derive(Debug)]
pub(super) struct Files<'a> {
    sources: &'a Sources,
    files: Vec<File>,
}

#[derive(Debug)]
struct File {
    path: Utf8PathBuf,
    /// The first byte in the whole.
    base: usize,
    length: usize,
}

/// How many lines are shown around a place.
pub(super) const CONTEXT: usize = 1;

/// Longer excerpts are not shown: such a line is unreadable, and many problems on
/// a line of megabytes would flood the terminal.
const LONGEST: usize = 2_000;

impl<'a> Files<'a> {
    /// The files of a problem. None where its places cannot be shown.
    pub(super) fn of(diagnostic: &Diagnostic, sources: &'a Sources) -> Option<Self> {
        let mut files: Vec<File> = Vec::new();
        for label in &diagnostic.labels {
            let length = sources.text(&label.file)?.len();
            let excerpt = sources.excerpt(&label.file, within(label, length), CONTEXT)?;
            if excerpt.text.len() > LONGEST {
                return None;
            }
            if files.iter().all(|file| file.path != label.file) {
                files.push(File {
                    path: label.file.clone(),
                    base: files.last().map_or(0, |file| file.base + file.length + 1),
                    length,
                });
            }
        }
        Some(Self { sources, files })
    }

    /// The place of a label in the whole.
    pub(super) fn span(&self, label: &Label) -> Option<SourceSpan> {
        let file = self.files.iter().find(|file| file.path == label.file)?;
        let range = within(label, file.length);
        Some((file.base + range.start, range.len()).into())
    }
}

/// The bytes of a label, as far as the text has them: where a file is no UTF-8
/// the text is not byte for byte the file.
fn within(label: &Label, length: usize) -> std::ops::Range<usize> {
    let end = label.span.end.min(length);
    label.span.start.min(end)..end
}

impl SourceCode for Files<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let out_of_bounds = || MietteError::OutOfBounds;
        let file = self
            .files
            .iter()
            .find(|file| {
                (file.base..=file.base + file.length).contains(&span.offset())
                    && span.offset() + span.len() <= file.base + file.length
            })
            .ok_or_else(out_of_bounds)?;
        let start = span.offset() - file.base;
        // Without context miette asks only for line and column of the place.
        let excerpt = self
            .sources
            .excerpt(&file.path, start..start + span.len(), before)
            .ok_or_else(out_of_bounds)?;
        let (skipped, column) = if before == 0 {
            let skipped = start.saturating_sub(excerpt.start).min(excerpt.text.len());
            let head = excerpt.text.get(..skipped).unwrap_or_default();
            (skipped, head.chars().count())
        } else {
            (0, 0)
        };
        let data = &excerpt.text.as_bytes()[skipped..];
        Ok(Box::new(MietteSpanContents::new_named(
            visible(file.path.as_str()),
            data,
            (file.base + excerpt.start + skipped, data.len()).into(),
            excerpt.line - 1,
            column,
            excerpt.text.lines().count(),
        )))
    }
}
