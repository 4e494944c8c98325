//! Builds the YAML tree from parser events, and rejects unsupported YAML features.

use super::node::{Entry, Key, Node, Origin, Scalar, Value};
use super::shared_values::{SharedValues, Sharing};
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
/// and takes over three hundred bytes, however few keys it has.
const MOST_MAPPINGS: usize = 210_000;

/// How many texts all files together may have as values: ten for each of a hundred
/// thousand accounts with a token. A text takes seventy bytes, however short it is.
const MOST_TEXTS: usize = 1_000_000;

/// How many values a file may have beside its items, and an item by itself. An item is
/// decoded as soon as it is read, so that these, and not the values of a file, decide how
/// large a tree can become.
const MOST_AT_ONCE: usize = 250_000;

/// How many keys one mapping may have. The spec format has none with many.
const MOST_KEYS: usize = 10_000;

/// How many values the files have so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Values {
    number: usize,
    mappings: usize,
    texts: usize,
    /// How many are no part of an account.
    beside: usize,
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
            Some("2,300,000 values")
        } else if self.mappings > MOST_MAPPINGS {
            Some("210,000 mappings")
        } else if self.texts > MOST_TEXTS {
            Some("1,000,000 texts")
        } else if self.beside > MOST_AT_ONCE {
            Some("250,000 values beside service accounts")
        } else {
            None
        }
    }
}

/// The list of a file whose items are decoded one by one, as soon as they are read, and
/// are no part of the tree.
pub(crate) struct Items<'a> {
    /// The key of the list, at the top of the file.
    pub(crate) key: &'static str,
    /// Decodes an item.
    pub(crate) take: &'a mut dyn FnMut(Node),
}

/// A tree that is being built.
pub(crate) struct Builder<'a, 'i> {
    findings: &'a mut Findings,
    values: &'a mut Values,
    items: Option<Items<'i>>,
    /// How many values of the tree there were where the list of items began.
    beside: usize,
    /// How many values were those of finished items.
    taken: usize,
    /// The collections that are open, the innermost last.
    open: Vec<Frame>,
    /// The values of all open sequences, those of the innermost last. A finished sequence
    /// takes its own in a list of exactly their number.
    sequenced: Vec<Node>,
    /// The same for the entries of mappings.
    entries: Vec<Entry>,
    root: Option<Node>,
    nodes: usize,
    mappings: usize,
    documents: usize,
    shared: SharedValues,
}

/// An open collection.
enum Frame {
    Sequence {
        start: Span,
        /// Where its values begin.
        from: usize,
    },
    /// The list of items that are decoded one by one.
    Items {
        start: Span,
        /// From the first to the last item.
        extent: Option<Span>,
    },
    Mapping {
        start: Span,
        /// Where its entries begin.
        from: usize,
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
    /// The next value belongs to a merge key, which was refused, and is dropped.
    Merge,
}

impl<'a, 'i> Builder<'a, 'i> {
    pub(crate) fn new(
        items: Option<Items<'i>>,
        values: &'a mut Values,
        findings: &'a mut Findings,
    ) -> Self {
        Self {
            findings,
            values,
            items,
            beside: 0,
            taken: 0,
            open: Vec::new(),
            sequenced: Vec::new(),
            entries: Vec::new(),
            root: None,
            nodes: 0,
            mappings: 0,
            documents: 0,
            shared: SharedValues::default(),
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
                self.open_sequence(span);
            }
            Event::MappingStart(_, _, tag) => {
                if tag.is_some() {
                    self.refuse(span, "tag", "remove the tag");
                }
                self.open.push(Frame::Mapping {
                    start: span,
                    from: self.entries.len(),
                    key: PendingKey::None,
                    index: HashMap::new(),
                });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(..) => self.shared.push(span, Sharing::Anchor),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                // What is merged is told where the merge key is.
                if !self.is_merged() {
                    self.shared.push(span, Sharing::Alias);
                }
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
        if self.nodes - self.taken > MOST_AT_ONCE {
            let message = "file has more than 250,000 values in one service account or beside them";
            return self.stop(
                Finding::new(Code::TooLarge, message)
                    .at(span, "reading stopped at 250,000 values")
                    .help("check that the file is a spec, and split it into several files"),
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
        if let Some(Frame::Mapping { from, .. }) = self.open.last()
            && self.entries.len() - from > MOST_KEYS
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
        self.sequenced.clear();
        self.entries.clear();
        ControlFlow::Break(())
    }

    /// Reports what only the whole file shows. Called once, also for a file that cannot be
    /// read to its end.
    pub(crate) fn end(&mut self) {
        self.shared.report(self.findings);
    }

    /// The finished tree.
    pub(crate) fn finish(mut self) -> Option<Node> {
        self.end();
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

    /// Whether the next value belongs to a merge key.
    fn is_merged(&self) -> bool {
        self.open.iter().rev().take(2).any(|frame| match frame {
            Frame::Mapping { key, .. } => matches!(key, PendingKey::Merge),
            Frame::Sequence { .. } | Frame::Items { .. } => false,
        })
    }

    fn open_sequence(&mut self, start: Span) {
        let key = match self.open.as_slice() {
            [
                Frame::Mapping {
                    key: PendingKey::Some(key),
                    ..
                },
            ] => Some(key.text.as_str()),
            _ => None,
        };
        self.open.push(match &self.items {
            Some(items) if key == Some(items.key) => {
                self.beside = self.nodes;
                Frame::Items {
                    start,
                    extent: None,
                }
            }
            Some(_) | None => Frame::Sequence {
                start,
                from: self.sequenced.len(),
            },
        });
    }

    fn close(&mut self, end: Span) {
        match self.open.pop() {
            Some(Frame::Items { start, extent }) => {
                let span = match extent {
                    Some(extent) if start.start == start.end => extent,
                    Some(_) | None => start.to(end),
                };
                self.complete(span, Value::Sequence(Vec::new()));
            }
            Some(Frame::Sequence { start, from }) => {
                let items: Vec<Node> = self.sequenced.drain(from..).collect();
                let span = extent(start, end, items.first(), items.last());
                self.complete(span, Value::Sequence(items));
            }
            Some(Frame::Mapping { start, from, .. }) => {
                let entries: Vec<Entry> = self.entries.drain(from..).collect();
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
        if !matches!(self.open.get(1), Some(Frame::Items { .. })) {
            self.values.beside += 1;
        }
        if matches!(value, Value::Mapping(_)) {
            self.mappings += 1;
            self.values.mappings += 1;
        }
        let is_key = matches!(
            self.open.last(),
            Some(Frame::Mapping {
                key: PendingKey::None,
                ..
            })
        );
        if matches!(value, Value::Scalar(_)) && !is_key {
            self.values.texts += 1;
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
            Some(Frame::Sequence { .. }) => self.sequenced.push(node),
            Some(Frame::Items { extent, .. }) => {
                *extent = Some(extent.map_or(node.span, |extent| extent.to(node.span)));
                self.taken = self.nodes - self.beside;
                if let Some(items) = &mut self.items {
                    (items.take)(node);
                }
            }
            Some(Frame::Mapping {
                from,
                key,
                index,
                start: _,
            }) => match std::mem::replace(key, PendingKey::None) {
                PendingKey::None => {
                    let earlier = self.entries.get(*from..).unwrap_or_default();
                    *key = accept_key(node, earlier, index, (self.findings, &mut self.shared));
                }
                PendingKey::Some(name) => self.entries.push(Entry {
                    value: Node {
                        key: Some(name.span),
                        ..node
                    },
                    key: name,
                }),
                PendingKey::Refused | PendingKey::Merge => {}
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
    (findings, shared): (&mut Findings, &mut SharedValues),
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
        shared.push(node.span, Sharing::MergeKey);
        return PendingKey::Merge;
    }
    let earlier = if entries.len() <= FEW {
        entries
            .iter()
            .find(|entry| entry.key.text == scalar.text)
            .map(|entry| (entry.key.span, Some(&entry.value.value)))
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
        earlier.map(|span| (span, None))
    };
    if let Some((earlier, value)) = earlier {
        findings.push(
            Finding::new(
                Code::DuplicateKey,
                format!("key `{}` is set twice", scalar.text),
            )
            .at(node.span, format!("`{}` set again here", scalar.text))
            .at(earlier, format!("`{}` first set here", scalar.text))
            .help(for_one_key(&scalar.text, value)),
        );
        return PendingKey::Refused;
    }
    PendingKey::Some(Key {
        text: scalar.text,
        span: node.span,
    })
}

/// How two values of a key become one; `first` is the value of the first, where it is known.
fn for_one_key(key: &str, first: Option<&Value>) -> String {
    match first {
        Some(Value::Mapping(_)) if key == "defaults" => {
            "move the keys of both under one `defaults`; defaults of some accounts, put under `profiles`".to_owned()
        }
        Some(Value::Mapping(_)) => format!("move the keys of both under one `{key}`"),
        Some(Value::Sequence(_)) => {
            format!("remove one of the two, or move the items of both under one `{key}`")
        }
        Some(Value::Scalar(_) | Value::Broken) | None => "remove one of the two".to_owned(),
    }
}

/// The whole of a sequence: block sequences have no brackets of their own.
fn extent(start: Span, end: Span, first: Option<&Node>, last: Option<&Node>) -> Span {
    match (first, last) {
        (Some(first), Some(last)) if start.start == start.end => first.span.to(last.span),
        _ => start.to(end),
    }
}
