//! Builds the YAML tree from parser events, and rejects unsupported YAML features.

use super::node::{Entry, Key, Node, Origin, Scalar, Value};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use serde_saphyr::granit_parser::{Event, ScalarStyle};
use std::collections::HashMap;
use std::ops::ControlFlow;

/// How many values one file may have, keys included: fifty thousand accounts with a
/// token each fit. A value of two bytes takes up to ninety in memory, so this and not
/// the size of the file decides how much a file can take.
const MOST_NODES: usize = 1_200_000;

/// How many values all files together may have: a hundred thousand accounts with a token
/// each fit.
const MOST_IN_ALL: usize = 2_300_000;

/// How many mappings one file may have: fifty thousand accounts with a token each fit.
const MOST_MAPPINGS_IN_FILE: usize = 125_000;

/// How many mappings all files together may have. An account or a token is a mapping,
/// and takes up to four hundred bytes, however few keys it has.
const MOST_MAPPINGS: usize = 250_000;

/// How many keys one mapping may have. The spec format has none with many.
const MOST_KEYS: usize = 10_000;

/// How many values the files have so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Values {
    number: usize,
    mappings: usize,
}

impl Values {
    /// How many there are.
    pub(crate) fn number(self) -> usize {
        self.number
    }

    /// Whether the files have too many values together, which was reported.
    pub(crate) fn are_too_many(self) -> bool {
        self.limit().is_some()
    }

    /// The limit that they are over.
    fn limit(self) -> Option<&'static str> {
        if self.number > MOST_IN_ALL {
            Some("2,400,000 values")
        } else if self.mappings > MOST_MAPPINGS {
            Some("250,000 mappings")
        } else {
            None
        }
    }
}

/// A tree that is being built.
pub(crate) struct Builder<'a> {
    findings: &'a mut Findings,
    values: &'a mut Values,
    /// The collections that are open, the innermost last.
    open: Vec<Frame>,
    root: Option<Node>,
    nodes: usize,
    mappings: usize,
    documents: usize,
}

/// An open collection.
enum Frame {
    Sequence {
        start: Span,
        items: Vec<Node>,
    },
    Mapping {
        start: Span,
        entries: Vec<Entry>,
        key: PendingKey,
        /// The span of each key, once there are too many to look through.
        index: HashMap<String, Span>,
    },
}

/// What is known of the next key of an open mapping.
enum PendingKey {
    /// The next value is a key.
    None,
    /// The next value belongs to this key.
    Some(Key),
    /// The next value belongs to a key that was refused, and is dropped.
    Refused,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(values: &'a mut Values, findings: &'a mut Findings) -> Self {
        Self {
            findings,
            values,
            open: Vec::new(),
            root: None,
            nodes: 0,
            mappings: 0,
            documents: 0,
        }
    }

    /// Takes in the next event. Breaks where reading on makes no sense.
    pub(crate) fn take(&mut self, event: Event<'_>, span: Span) -> ControlFlow<()> {
        match event {
            Event::DocumentStart(..) => return self.document(span),
            Event::Scalar(text, style, _, tag) => {
                if tag.is_some() {
                    self.refuse(span, "tag", "remove the tag; each key has a fixed type");
                }
                let value = Value::Scalar(Scalar {
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain,
                    origin: Origin::Written,
                });
                self.complete(span, value);
            }
            Event::SequenceStart(_, _, tag) => {
                if tag.is_some() {
                    self.refuse(span, "tag", "remove the tag");
                }
                self.open.push(Frame::Sequence {
                    start: span,
                    items: Vec::new(),
                });
            }
            Event::MappingStart(_, _, tag) => {
                if tag.is_some() {
                    self.refuse(span, "tag", "remove the tag");
                }
                self.open.push(Frame::Mapping {
                    start: span,
                    entries: Vec::new(),
                    key: PendingKey::None,
                    index: HashMap::new(),
                });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(..) => self.refuse(
                span,
                "anchor",
                "write the value at each place that needs it, or put it under `defaults`",
            ),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse(
                    span,
                    "alias",
                    "write the value here, or put it under `defaults`",
                );
                self.complete(span, Value::Broken);
            }
            // Starts and ends of streams and documents, and comments.
            _ => {}
        }
        if self.mappings > MOST_MAPPINGS_IN_FILE {
            return self.stop(
                Finding::new(Code::TooLarge, "file has more than 125,000 mappings")
                    .at(span, "reading stopped at 125,000 mappings")
                    .help("split it into several files; all files of a folder are one spec"),
            );
        }
        if self.nodes > MOST_NODES {
            return self.stop(
                Finding::new(Code::TooLarge, "file has more than 1,200,000 values")
                    .at(span, "reading stopped at 1,200,000 values")
                    .help("split it into several files; all files of a folder are one spec"),
            );
        }
        if let Some(limit) = self.values.limit() {
            let help = "check that the folder contains only files of this spec, and split it into several specs";
            return self.stop(
                Finding::new(
                    Code::TooLarge,
                    format!("files have more than {limit} together"),
                )
                .at(span, format!("reading stopped at {limit}"))
                .help(help),
            );
        }
        if let Some(Frame::Mapping { entries, .. }) = self.open.last()
            && entries.len() > MOST_KEYS
        {
            return self.stop(
                Finding::new(Code::TooLarge, "mapping has more than 10,000 keys")
                    .at(span, "reading stopped at 10,000 keys")
                    .help("check that the file is a spec: accounts are a list, not a mapping"),
            );
        }
        ControlFlow::Continue(())
    }

    /// Drops everything that was read of a file that is too large.
    fn stop(&mut self, finding: Finding) -> ControlFlow<()> {
        self.findings.push(finding);
        self.root = None;
        self.open.clear();
        ControlFlow::Break(())
    }

    /// The finished tree.
    pub(crate) fn finish(self) -> Option<Node> {
        self.root
    }

    fn document(&mut self, span: Span) -> ControlFlow<()> {
        self.documents += 1;
        if self.documents == 1 {
            return ControlFlow::Continue(());
        }
        self.findings.push(
            Finding::new(
                Code::SeveralDocuments,
                "file has more than one YAML document",
            )
            .at(span, "second document starts here")
            .help("move each document into its own file, or remove the `---`"),
        );
        ControlFlow::Break(())
    }

    fn refuse(&mut self, span: Span, what: &str, help: &str) {
        self.findings.push(
            Finding::new(
                Code::YamlFeature,
                format!("unsupported YAML feature: {what}"),
            )
            .at(span, format!("{what} not allowed in a spec file"))
            .help(help),
        );
    }

    fn close(&mut self, end: Span) {
        match self.open.pop() {
            // A list grows by more than it needs, which for a million lists is much.
            Some(Frame::Sequence { start, mut items }) => {
                items.shrink_to_fit();
                let span = extent(start, end, items.first(), items.last());
                self.complete(span, Value::Sequence(items));
            }
            Some(Frame::Mapping {
                start, mut entries, ..
            }) => {
                entries.shrink_to_fit();
                let span = match (entries.first(), entries.last()) {
                    (Some(first), Some(last)) if start.start == start.end => {
                        first.key.span.to(last.value.span)
                    }
                    _ => start.to(end),
                };
                self.complete(span, Value::Mapping(entries));
            }
            None => {}
        }
    }

    /// Puts a finished value where it belongs.
    fn complete(&mut self, span: Span, value: Value) {
        self.nodes += 1;
        self.values.number += 1;
        if matches!(value, Value::Mapping(_)) {
            self.mappings += 1;
            self.values.mappings += 1;
        }
        let node = Node {
            span,
            key: None,
            value,
        };
        match self.open.last_mut() {
            None => {
                if self.root.is_none() {
                    self.root = Some(node);
                }
            }
            Some(Frame::Sequence { items, .. }) => items.push(node),
            Some(Frame::Mapping {
                entries,
                key,
                index,
                ..
            }) => match std::mem::replace(key, PendingKey::None) {
                PendingKey::None => *key = accept_key(node, entries, index, self.findings),
                PendingKey::Some(name) => entries.push(Entry {
                    value: Node {
                        key: Some(name.span),
                        ..node
                    },
                    key: name,
                }),
                PendingKey::Refused => {}
            },
        }
    }
}

/// Up to how many entries a mapping is looked through for a duplicate.
const FEW: usize = 16;

fn accept_key(
    node: Node,
    entries: &[Entry],
    index: &mut HashMap<String, Span>,
    findings: &mut Findings,
) -> PendingKey {
    let Value::Scalar(scalar) = node.value else {
        if !matches!(node.value, Value::Broken) {
            findings.push(
                Finding::new(
                    Code::YamlFeature,
                    "unsupported YAML feature: list or mapping as a key",
                )
                .at(node.span, "list or mapping used as a key")
                .help(
                    "check the indentation, and quote a text that begins with a brace or bracket",
                ),
            );
        }
        return PendingKey::Refused;
    };
    if scalar.plain && scalar.text == "<<" {
        findings.push(
            Finding::new(Code::YamlFeature, "unsupported YAML feature: merge key")
                .at(node.span, "merge key not allowed in a spec file")
                .help("write each key here, or put them under `defaults`"),
        );
        return PendingKey::Refused;
    }
    let earlier = if entries.len() <= FEW {
        entries
            .iter()
            .find(|entry| entry.key.text == scalar.text)
            .map(|entry| entry.key.span)
    } else {
        if index.is_empty() {
            index.extend(
                entries
                    .iter()
                    .map(|entry| (entry.key.text.clone(), entry.key.span)),
            );
        }
        let earlier = index.get(&scalar.text).copied();
        index.entry(scalar.text.clone()).or_insert(node.span);
        earlier
    };
    if let Some(earlier) = earlier {
        findings.push(
            Finding::new(
                Code::DuplicateKey,
                format!("key `{}` is set twice", scalar.text),
            )
            .at(node.span, format!("`{}` set again here", scalar.text))
            .at(earlier, format!("`{}` first set here", scalar.text))
            .help("remove one of the two"),
        );
        return PendingKey::Refused;
    }
    PendingKey::Some(Key {
        text: scalar.text,
        span: node.span,
    })
}

/// The whole of a sequence: block sequences have no brackets of their own.
fn extent(start: Span, end: Span, first: Option<&Node>, last: Option<&Node>) -> Span {
    match (first, last) {
        (Some(first), Some(last)) if start.start == start.end => first.span.to(last.span),
        _ => start.to(end),
    }
}
