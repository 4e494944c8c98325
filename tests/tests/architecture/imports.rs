//! Imports between the files of a crate, resolved from the paths in their code.
//!
//! A path leads to the file that defines the name, through re-exports and globs.
//! A re-export of a module below is the face of an outline and no import. Code
//! for tests alone does not count. Method calls are not seen: they name no path.

use crate::repository::TextFile;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, Item, ItemUse, Macro, Meta, UseTree, Visibility};

/// The files that each product file imports, all by their paths.
pub(crate) type Imports = BTreeMap<String, BTreeSet<String>>;

/// Reads the imports between the files of one crate, whose sources lie in `folder`.
pub(crate) fn imports(folder: &str, files: &[TextFile]) -> Result<Imports, String> {
    let texts: BTreeMap<&str, &str> = files
        .iter()
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect();
    let mut tree = Tree::default();
    for root in ["lib.rs", "main.rs"] {
        let path = format!("{folder}{root}");
        if texts.contains_key(path.as_str()) {
            let module = tree.load(&texts, &path, folder, None)?;
            tree.roots.push(module);
        }
    }
    Ok(tree.imports())
}

/// The modules of a crate, those within files included.
#[derive(Default)]
struct Tree {
    modules: Vec<Module>,
    roots: Vec<usize>,
}

#[derive(Default)]
struct Module {
    file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    /// Names of items that are defined here, and whether they are exported.
    names: BTreeMap<String, bool>,
    uses: Vec<Use>,
    /// Paths in the code.
    mentions: BTreeSet<Vec<String>>,
}

/// One name that is brought into a module, or all names of another (`*`).
struct Use {
    name: Option<String>,
    path: Vec<String>,
    is_exported: bool,
}

/// Where a path leads.
#[derive(Clone, Copy)]
enum Target {
    Module(usize),
    /// An item that this module defines.
    Item(usize),
}

impl Target {
    fn module(self) -> usize {
        match self {
            Self::Module(module) | Self::Item(module) => module,
        }
    }
}

impl Tree {
    /// Loads a file and the modules below it, whose files lie in `folder`.
    fn load(
        &mut self,
        texts: &BTreeMap<&str, &str>,
        path: &str,
        folder: &str,
        parent: Option<usize>,
    ) -> Result<usize, String> {
        let text = texts.get(path).copied().unwrap_or_default();
        let file = syn::parse_file(text).map_err(|error| format!("{path}: {error}"))?;
        self.add(texts, path, folder, parent, &file.items)
    }

    fn add(
        &mut self,
        texts: &BTreeMap<&str, &str>,
        path: &str,
        folder: &str,
        parent: Option<usize>,
        items: &[Item],
    ) -> Result<usize, String> {
        let number = self.modules.len();
        self.modules.push(Module {
            file: path.to_owned(),
            parent,
            ..Module::default()
        });
        let mut reader = Reader::default();
        for item in items {
            if is_for_tests(attributes(item)) {
                continue;
            }
            let Item::Mod(module) = item else {
                self.modules[number].names.extend(name(item));
                reader.visit_item(item);
                continue;
            };
            let name = text_of(&module.ident);
            if name == "tests" || name == "testing" {
                continue;
            }
            let below = format!("{folder}{name}/");
            let child = if let Some((_, items)) = &module.content {
                self.add(texts, path, &below, Some(number), items)?
            } else {
                let candidates = [format!("{folder}{name}.rs"), format!("{below}mod.rs")];
                let found = candidates
                    .iter()
                    .find(|candidate| texts.contains_key(candidate.as_str()))
                    .ok_or_else(|| format!("{path}: the module {name} has no file"))?;
                self.load(texts, found, &below, Some(number))?
            };
            self.modules[number].children.insert(name, child);
        }
        self.modules[number].uses = reader.uses;
        self.modules[number].mentions = reader.mentions;
        Ok(number)
    }

    fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        for (number, module) in self.modules.iter().enumerate() {
            let from_uses = module.uses.iter().filter_map(|found| {
                let target = self.resolve(number, &found.path, &mut BTreeSet::new())?;
                let is_face = found.is_exported && self.is_below(target.module(), number);
                (!is_face).then_some(target)
            });
            let from_code = module
                .mentions
                .iter()
                .filter_map(|path| self.resolve(number, path, &mut BTreeSet::new()));
            let targets: BTreeSet<String> = from_uses
                .chain(from_code)
                .map(|target| self.modules[target.module()].file.clone())
                .filter(|file| *file != module.file)
                .collect();
            imports
                .entry(module.file.clone())
                .or_default()
                .extend(targets);
        }
        imports
    }

    /// Follows a path; `None` when it leads out of the crate or to a local name.
    fn resolve(
        &self,
        from: usize,
        path: &[String],
        seen: &mut BTreeSet<(usize, String)>,
    ) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let mut target = match first.as_str() {
            "crate" => Target::Module(self.root_of(from)),
            "self" => Target::Module(from),
            "super" => Target::Module(self.modules[from].parent?),
            name => self.look_up(from, name, seen).or_else(|| {
                let library = *self.roots.first()?;
                (library != self.root_of(from) && self.is_named(library, name))
                    .then_some(Target::Module(library))
            })?,
        };
        for segment in rest {
            let Target::Module(module) = target else {
                return Some(target);
            };
            target = match segment.as_str() {
                "self" => target,
                "super" => Target::Module(self.modules[module].parent?),
                name => self
                    .look_up(module, name, seen)
                    .unwrap_or(Target::Item(module)),
            };
        }
        Some(target)
    }

    /// What a name means in a module.
    fn look_up(
        &self,
        module: usize,
        name: &str,
        seen: &mut BTreeSet<(usize, String)>,
    ) -> Option<Target> {
        let found = &self.modules[module];
        if let Some(child) = found.children.get(name) {
            return Some(Target::Module(*child));
        }
        if found.names.contains_key(name) {
            return Some(Target::Item(module));
        }
        if !seen.insert((module, name.to_owned())) {
            return None;
        }
        if let Some(named) = found
            .uses
            .iter()
            .find(|named| named.name.as_deref() == Some(name))
        {
            return self.resolve(module, &named.path, seen);
        }
        found
            .uses
            .iter()
            .filter(|glob| glob.name.is_none())
            .find_map(|glob| match self.resolve(module, &glob.path, seen)? {
                Target::Module(other) if self.shows(other, name, module) => {
                    self.look_up(other, name, seen)
                }
                _ => None,
            })
    }

    /// Whether a glob in module `to` brings this name of a module.
    fn shows(&self, module: usize, name: &str, to: usize) -> bool {
        let found = &self.modules[module];
        self.is_below(to, module)
            || found.names.get(name).copied().unwrap_or(false)
            || found.uses.iter().any(|found| {
                found.is_exported && found.name.as_deref().is_none_or(|known| known == name)
            })
    }

    fn root_of(&self, mut module: usize) -> usize {
        while let Some(parent) = self.modules[module].parent {
            module = parent;
        }
        module
    }

    fn is_below(&self, mut module: usize, above: usize) -> bool {
        while let Some(parent) = self.modules[module].parent {
            if parent == above {
                return true;
            }
            module = parent;
        }
        false
    }

    /// Whether the crate that this root belongs to has the name.
    fn is_named(&self, root: usize, name: &str) -> bool {
        self.modules[root]
            .file
            .rsplit('/')
            .nth(2)
            .is_some_and(|folder| folder.replace('-', "_") == name)
    }
}

/// Collects the paths in the code of a module.
#[derive(Default)]
struct Reader {
    uses: Vec<Use>,
    mentions: BTreeSet<Vec<String>>,
}

impl Reader {
    fn add_use(&mut self, tree: &UseTree, mut path: Vec<String>, is_exported: bool) {
        let name = match tree {
            UseTree::Path(tree) => {
                path.push(text_of(&tree.ident));
                return self.add_use(&tree.tree, path, is_exported);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(tree, path.clone(), is_exported);
                }
                return;
            }
            UseTree::Glob(_) => None,
            UseTree::Rename(tree) => {
                path.push(text_of(&tree.ident));
                Some(text_of(&tree.rename))
            }
            UseTree::Name(tree) => {
                path.push(text_of(&tree.ident));
                path.iter().rfind(|part| *part != "self").cloned()
            }
        };
        self.uses.push(Use {
            name,
            path,
            is_exported,
        });
    }

    /// Notes the paths in the text of tokens, which have no syntax tree.
    fn read_tokens(&mut self, tokens: &str) {
        let mut path: Vec<String> = Vec::new();
        let mut joined = false;
        for word in words(tokens) {
            match word {
                "::" => joined = true,
                _ if word.starts_with(|first: char| first.is_alphabetic() || first == '_') => {
                    if !joined {
                        self.note(std::mem::take(&mut path));
                    }
                    path.push(word.trim_start_matches("r#").to_owned());
                    joined = false;
                }
                _ => {
                    self.note(std::mem::take(&mut path));
                    joined = false;
                }
            }
        }
        self.note(path);
    }

    fn note(&mut self, path: Vec<String>) {
        if path.len() > 1 {
            self.mentions.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            self.add_use(&item.tree, Vec::new(), is_exported(&item.vis));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let segments = path.segments.iter();
            self.mentions
                .insert(segments.map(|segment| text_of(&segment.ident)).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, found: &'ast Macro) {
        self.read_tokens(&found.tokens.to_string());
        visit::visit_macro(self, found);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.read_tokens(&list.tokens.to_string());
        }
    }

    /// `pub(super)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// Words, `::` and other characters, without the texts in quotes.
fn words(tokens: &str) -> impl Iterator<Item = &str> {
    let mut rest = tokens;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        let length = if is_word(first) {
            rest.find(|character| !is_word(character) && character != '#')
                .unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else if first == '"' {
            let mut escaped = false;
            rest.char_indices()
                .skip(1)
                .find(|(_, character)| {
                    let ends = *character == '"' && !escaped;
                    escaped = *character == '\\' && !escaped;
                    ends
                })
                .map_or(rest.len(), |(at, _)| at + 1)
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        rest = after;
        Some(word)
    })
}

/// Whether an item is compiled for tests alone.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else {
            return attribute.path().is_ident("test");
        };
        let condition = list.tokens.to_string();
        attribute.path().is_ident("cfg")
            && words(&condition).any(|word| word == "test")
            && !words(&condition).any(|word| word == "not")
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The name that an item defines, and whether it is exported.
fn name(item: &Item) -> Option<(String, bool)> {
    let (ident, visibility) = match item {
        Item::Const(item) => (&item.ident, &item.vis),
        Item::Enum(item) => (&item.ident, &item.vis),
        Item::Fn(item) => (&item.sig.ident, &item.vis),
        Item::Macro(item) => (item.ident.as_ref()?, &Visibility::Inherited),
        Item::Static(item) => (&item.ident, &item.vis),
        Item::Struct(item) => (&item.ident, &item.vis),
        Item::Trait(item) => (&item.ident, &item.vis),
        Item::Type(item) => (&item.ident, &item.vis),
        _ => return None,
    };
    Some((text_of(ident), is_exported(visibility)))
}

fn is_exported(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

fn text_of(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}
