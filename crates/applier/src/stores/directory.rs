//! Directory store: one private file a key.

use super::StoreError;
use super::aside::aside;
use super::leftovers;
use super::limit::LARGEST_DOCUMENT;
use super::notices::Notices;
use super::readers::warn_of_readers;
use super::relative_key::RelativeKey;
use super::store::{Answer, Store};
use crate::document;
use crate::links::link_on_the_way;
use crate::private_folder::{self, NewFolders};
use model::SecretDocument;
use secrecy::zeroize::Zeroizing;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What a probe writes: as much as a document with many scopes.
const PROBE: [u8; 4096] = [b' '; 4096];

/// Files of mode 0600 in folders of mode 0700.
#[derive(Clone, Debug)]
pub(super) struct DirectoryStore {
    path: Arc<Path>,
    /// A probe removes the folders that it created. Writers take turns with it, so
    /// that no folder vanishes during a write.
    turn: Arc<Mutex<()>>,
    notices: Notices,
    content: Content,
}

/// What the files contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Secrets as they are.
    Plain,
    /// Encrypted secrets. The directory can be in Git, and runners of CI check it out
    /// with any mode.
    Encrypted,
}

impl DirectoryStore {
    pub(super) fn new(path: &str, content: Content, notices: Notices) -> Self {
        Self {
            path: Path::new(path).into(),
            turn: Arc::default(),
            notices,
            content,
        }
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let Some(found) = self.read(key).await? else {
            return Ok(None);
        };
        warn_of_readers(&found.path, &found.metadata, &self.notices);
        let read = document::read(&found.text).map_err(|source| StoreError::Document {
            place: found.place(),
            source: Box::new(source),
        })?;
        Ok(Some(read))
    }

    #[cfg(test)]
    pub(super) async fn put(&self, key: &str, document: &SecretDocument) -> Result<(), StoreError> {
        let text = document::write(document).map_err(document::EncodeError::from);
        self.put_text(key, text.map_err(StoreError::Encode)?).await
    }

    async fn put_text(&self, key: &str, text: Zeroizing<Vec<u8>>) -> Result<(), StoreError> {
        self.write(key, text).await
    }

    pub(super) async fn probe(&self, key: &str) -> Result<(), StoreError> {
        self.with_key(key, |store, key| {
            let _turn = store.turn();
            let place = store.make_place(key)?;
            temporary(&place.folder, |file| file.write_all(&PROBE))
                .map(drop)
                .map_err(StoreError::writing)
        })
        .await
    }

    /// Reads the key's file, where it exists.
    pub(super) async fn read(&self, key: &str) -> Result<Option<Found>, StoreError> {
        self.with_key(key, Self::find).await
    }

    /// Replaces the key's file by this text.
    pub(super) async fn write(
        &self,
        key: &str,
        text: Zeroizing<Vec<u8>>,
    ) -> Result<(), StoreError> {
        self.with_key(key, move |store, key| {
            let _turn = store.turn();
            let place = store.make_place(key)?;
            replace(&place.folder, key.file(), |file| file.write_all(&text))
                .and_then(|()| place.new_folders.keep())
                .map_err(StoreError::writing)
        })
        .await
    }

    /// Removes the key's file.
    pub(super) async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.with_key(key, |store, key| {
            let _turn = store.turn();
            let Some(found) = store.find(key)? else {
                return Ok(());
            };
            fs_err::remove_file(&found.path)
                .and_then(|()| found.path.parent().map_or(Ok(()), private_folder::sync))
                .map_err(StoreError::removing)
        })
        .await
    }

    /// Removes temporary files of runs that were killed.
    pub(super) async fn remove_leftovers(&self) -> Result<(), StoreError> {
        let store = self.clone();
        aside(move || {
            let _turn = store.turn();
            // Reading or writing a secret there is refused with the reason.
            if store.refuse_exposed().is_err() {
                return Ok(());
            }
            let removed = leftovers::remove(&store.path).map_err(StoreError::writing)?;
            if removed > 0 {
                store.notices.add(format!(
                    "removed {removed} temporary file{} that an interrupted run left in `{}`",
                    if removed == 1 { "" } else { "s" },
                    store.path.display()
                ));
            }
            Ok(())
        })
        .await
    }

    async fn with_key<T: Send + 'static>(
        &self,
        key: &str,
        work: impl FnOnce(&Self, &RelativeKey<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.clone();
        let key = key.to_owned();
        aside(move || work(&store, &RelativeKey::parse(&key)?)).await
    }

    fn turn(&self) -> std::sync::MutexGuard<'_, ()> {
        // It guards no data that a panic could have left half-written.
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses a directory that others can put in the place of the store.
    fn refuse_exposed(&self) -> Result<(), StoreError> {
        let exposed = |why: String| StoreError::Exposed {
            path: self.path.display().to_string(),
            why,
        };
        let is_plain = self.content == Content::Plain;
        match fs_err::symlink_metadata(&self.path) {
            Ok(metadata) if metadata.is_symlink() => {
                return Err(exposed(
                    "is a link, and steersman does not follow links to secrets; declare the directory that it leads to".to_owned(),
                ));
            }
            Ok(metadata) if is_plain && is_open_to_all(&metadata) => {
                return Err(exposed(
                    "can be written by every user of this machine; run `chmod 700` on it, and replace its secrets".to_owned(),
                ));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::reading(error)),
        }
        if let Some(link) = link_on_the_way(&self.path).map_err(StoreError::reading)? {
            return Err(exposed(format!(
                "is below the link `{}`, and steersman does not follow links to secrets; remove the link, or declare the directory that it leads to",
                link.display()
            )));
        }
        if is_plain && let Some(folder) = folder_open_to_all(&self.path) {
            return Err(exposed(format!(
                "is below `{}`, which every user of this machine can write; run `chmod 700` on it, and replace the secrets of the store",
                folder.display()
            )));
        }
        Ok(())
    }

    fn find(&self, key: &RelativeKey<'_>) -> Result<Option<Found>, StoreError> {
        self.refuse_exposed()?;
        let Some(root) = real(&self.path).map_err(StoreError::reading)? else {
            return Ok(None);
        };
        let mut named = root.clone();
        named.extend(key.folders());
        named.push(key.file());
        let Some(path) = real(&named).map_err(StoreError::reading)? else {
            return Ok(None);
        };
        if !path.starts_with(&root) {
            return Err(StoreError::LeadsOut {
                path: named.display().to_string(),
            });
        }
        // Checked before it is opened: opening a pipe would wait for a writer.
        let metadata = fs_err::metadata(&path).map_err(StoreError::reading)?;
        if !metadata.is_file() {
            return Err(StoreError::NotAFile {
                path: path.display().to_string(),
            });
        }
        let mut text = Zeroizing::new(Vec::with_capacity(LARGEST_DOCUMENT + 1));
        // Files that the system makes up as they are read have no length, and
        // reading one can block or show what is not the files' to show.
        if metadata.len() > 0 {
            fs_err::File::open(&path)
                .map_err(StoreError::reading)?
                .take(LARGEST_DOCUMENT as u64 + 1)
                .read_to_end(&mut text)
                .map_err(StoreError::reading)?;
        }
        if text.len() > LARGEST_DOCUMENT {
            return Err(StoreError::TooLarge {
                place: quoted(&path),
            });
        }
        Ok(Some(Found {
            path,
            metadata,
            text,
        }))
    }

    /// Creates the key's folder where it is missing, and checks that the key's path
    /// is free or a file.
    fn make_place(&self, key: &RelativeKey<'_>) -> Result<Place, StoreError> {
        self.refuse_exposed()?;
        let mut new_folders = NewFolders::default();
        new_folders
            .make_all(&self.path)
            .map_err(StoreError::writing)?;
        let root = fs_err::canonicalize(&self.path).map_err(StoreError::writing)?;
        let mut folder = root.clone();
        for part in key.folders() {
            let next = folder.join(part);
            folder = match real(&next).map_err(StoreError::writing)? {
                Some(real) if real.starts_with(&root) => real,
                Some(_) => {
                    return Err(StoreError::LeadsOut {
                        path: next.display().to_string(),
                    });
                }
                None => {
                    new_folders.make(&next).map_err(StoreError::writing)?;
                    next
                }
            };
        }
        let file = folder.join(key.file());
        match fs_err::symlink_metadata(&file) {
            Ok(metadata) if metadata.is_file() || metadata.is_symlink() => {}
            Ok(_) => {
                return Err(StoreError::NotAFile {
                    path: file.display().to_string(),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::writing(error)),
        }
        Ok(Place {
            folder,
            new_folders,
        })
    }
}

impl Store for DirectoryStore {
    fn get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<SecretDocument>> {
        Box::pin(self.get(key))
    }

    fn put<'a>(&'a self, key: &'a str, text: Zeroizing<Vec<u8>>) -> Answer<'a, ()> {
        Box::pin(self.put_text(key, text))
    }

    fn delete<'a>(&'a self, key: &'a str) -> Answer<'a, ()> {
        Box::pin(self.delete(key))
    }

    fn probe<'a>(&'a self, key: &'a str) -> Answer<'a, ()> {
        Box::pin(self.probe(key))
    }

    fn remove_leftovers(&self) -> Answer<'_, ()> {
        Box::pin(self.remove_leftovers())
    }
}

/// The folder above a relative path in which every user can replace the next one.
#[cfg(unix)]
fn folder_open_to_all(path: &Path) -> Option<&Path> {
    use std::os::unix::fs::PermissionsExt;
    const STICKY: u32 = 0o1000;
    path.ancestors()
        .skip(1)
        .filter(|_| path.is_relative())
        .take_while(|folder| folder.file_name().is_some())
        .find(|folder| {
            fs_err::metadata(folder).is_ok_and(|metadata| {
                is_open_to_all(&metadata) && metadata.permissions().mode() & STICKY == 0
            })
        })
}

#[cfg(not(unix))]
fn folder_open_to_all(_: &Path) -> Option<&Path> {
    None
}

/// Whether every user can replace what is in a folder.
#[cfg(unix)]
fn is_open_to_all(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o002 != 0
}

/// The mode does not show here who can write a folder.
#[cfg(not(unix))]
fn is_open_to_all(_: &std::fs::Metadata) -> bool {
    false
}

/// A key's file.
pub(super) struct Found {
    path: PathBuf,
    metadata: std::fs::Metadata,
    pub(super) text: Zeroizing<Vec<u8>>,
}

impl Found {
    /// The file, for messages.
    pub(super) fn place(&self) -> String {
        quoted(&self.path)
    }
}

/// Where a key's file belongs.
struct Place {
    folder: PathBuf,
    new_folders: NewFolders,
}

/// Replaces a file by one with new content, completely or not at all. A link is
/// replaced itself; its target stays.
fn replace(
    folder: &Path,
    name: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let path = folder.join(name);
    temporary(folder, fill)?.persist(&path).map_err(|error| {
        let text = format!("cannot write `{}`: {}", path.display(), error.error);
        io::Error::new(error.error.kind(), text)
    })?;
    private_folder::sync(folder)
}

/// A file of mode 0600 that is synced to disk, and removed when it is dropped.
fn temporary(
    folder: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(&leftovers::prefix())
        .suffix(leftovers::SUFFIX)
        .tempfile_in(folder)?;
    // The lock tells other runs that the file is in use, also where they cannot see
    // this process. It ends with the process; without it the file is written as well.
    let _ = file.as_file().try_lock();
    fill(&mut file)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The path without links; none where it does not exist.
fn real(path: &Path) -> io::Result<Option<PathBuf>> {
    match fs_err::canonicalize(path) {
        Ok(path) => Ok(Some(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn quoted(path: &Path) -> String {
    format!("`{}`", path.display())
}

#[cfg(test)]
#[path = "../testing/directory.rs"]
mod tests;
