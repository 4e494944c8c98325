//! Age store: encrypted files that can be kept in Git.

use super::StoreError;
use super::aside::aside;
use super::directory::{Content, DirectoryStore};
use super::error::RecipientsError;
use super::limit::LARGEST_DOCUMENT;
use super::notices::Notices;
use super::readers::warn_of_readers;
use super::relative_key::RelativeKey;
use super::store::{Answer, Store};
use crate::document;
use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::{DecryptError, Decryptor, Encryptor, Identity, IdentityFile, Recipient};
use model::SecretDocument;
use secrecy::zeroize::Zeroizing;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;

/// Files `KEY.age` below a directory, each encrypted to all recipients and armored
/// as text.
#[derive(Clone, Debug)]
pub(super) struct AgeStore {
    files: DirectoryStore,
    keys: Keys,
}

/// The recipients, and the identity file that decrypts.
#[derive(Clone, Debug)]
struct Keys {
    recipients: Arc<[String]>,
    identity_file: Arc<Path>,
    notices: Notices,
}

impl AgeStore {
    pub(super) fn new(
        directory: &str,
        recipients: &[String],
        identity_file: &str,
        notices: Notices,
    ) -> Self {
        Self {
            files: DirectoryStore::new(directory, Content::Encrypted, notices.clone()),
            keys: Keys {
                recipients: recipients.into(),
                identity_file: Path::new(identity_file).into(),
                notices,
            },
        }
    }

    /// The identity file is needed only where there is a file to decrypt.
    pub(super) async fn get(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let Some(found) = self.files.read(&file_name(key)?).await? else {
            return Ok(None);
        };
        let keys = self.keys.clone();
        aside(move || {
            let place = found.place();
            let text = match keys.open(&found.text)? {
                Ok(text) => text,
                Err(source) => {
                    let source = source.into();
                    return Err(StoreError::Decrypt { place, source });
                }
            };
            if text.len() > LARGEST_DOCUMENT {
                return Err(StoreError::TooLarge { place });
            }
            match document::read(&text) {
                Ok(document) => Ok(Some(document)),
                Err(source) => Err(StoreError::Document {
                    place,
                    source: Box::new(source),
                }),
            }
        })
        .await
    }

    #[cfg(test)]
    pub(super) async fn put(&self, key: &str, document: &SecretDocument) -> Result<(), StoreError> {
        let text = document::write(document).map_err(document::EncodeError::from);
        self.put_text(key, text.map_err(StoreError::Encode)?).await
    }

    async fn put_text(&self, key: &str, text: Zeroizing<Vec<u8>>) -> Result<(), StoreError> {
        let name = file_name(key)?;
        let keys = self.keys.clone();
        let sealed = aside(move || keys.seal(&text)).await?;
        self.files.write(&name, sealed).await
    }

    pub(super) async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.files.delete(&file_name(key)?).await
    }

    pub(super) async fn remove_leftovers(&self) -> Result<(), StoreError> {
        self.files.remove_leftovers().await
    }

    /// Checks the place of the file, and that an encrypted text can be decrypted
    /// again: a delivery succeeds only when it was read back.
    pub(super) async fn probe(&self, key: &str) -> Result<(), StoreError> {
        let name = file_name(key)?;
        let keys = self.keys.clone();
        aside(move || {
            let sealed = keys.seal(b"probe")?;
            match keys.open(&sealed)? {
                Ok(text) if text.as_slice() == b"probe" => Ok(()),
                _ => Err(StoreError::ForOthersOnly {
                    identity_file: keys.identity_file.display().to_string(),
                }),
            }
        })
        .await?;
        self.files.probe(&name).await
    }
}

impl Store for AgeStore {
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

/// The key is checked before `.age` is appended, which would make `a/` valid.
fn file_name(key: &str) -> Result<String, StoreError> {
    RelativeKey::parse(key)?;
    Ok(format!("{key}.age"))
}

impl Keys {
    /// Encrypts a text to all recipients.
    fn seal(&self, text: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let recipients = self.recipients()?;
        let recipients = recipients
            .iter()
            .map(|recipient| recipient as &dyn Recipient);
        let encryptor = Encryptor::with_recipients(recipients)
            .map_err(|error| StoreError::Encrypt(error.into()))?;
        encrypt(encryptor, text).map_err(|error| StoreError::Encrypt(error.into()))
    }

    /// Decrypts a text, armored or not, with the identities in the file. The result
    /// is cut just beyond the size of the largest document.
    fn open(&self, sealed: &[u8]) -> Result<Result<Zeroizing<Vec<u8>>, DecryptError>, StoreError> {
        let identities = self.identities()?;
        Ok(decrypt(sealed, &identities))
    }

    fn recipients(&self) -> Result<Vec<age::x25519::Recipient>, StoreError> {
        if self.recipients.is_empty() {
            return Err(StoreError::Recipients(RecipientsError::None));
        }
        let parsed = self.recipients.iter().enumerate().map(|(index, text)| {
            text.parse().map_err(|why| RecipientsError::Bad {
                number: index + 1,
                why,
            })
        });
        parsed
            .collect::<Result<_, _>>()
            .map_err(StoreError::Recipients)
    }

    fn identities(&self) -> Result<Vec<Box<dyn Identity + Send + Sync>>, StoreError> {
        let could_not = |error: io::Error| StoreError::Identities(error.into());
        // Checked before it is opened: opening a pipe would wait for a writer, a
        // device may never end, and reading a file of the system can block.
        let metadata = fs_err::metadata(&*self.identity_file).map_err(could_not)?;
        if !metadata.is_file() || metadata.len() == 0 {
            return Err(could_not(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "`{}` is not a file with content",
                    self.identity_file.display()
                ),
            )));
        }
        let file = fs_err::File::open(&*self.identity_file).map_err(could_not)?;
        warn_of_readers(&self.identity_file, &metadata, &self.notices);
        // Its errors name the line, not its content.
        IdentityFile::from_buffer(BufReader::new(file.take(LARGEST_DOCUMENT as u64)))
            .map_err(could_not)?
            .into_identities()
            .map_err(|error| StoreError::Identities(error.into()))
    }
}

fn encrypt(encryptor: Encryptor, text: &[u8]) -> io::Result<Zeroizing<Vec<u8>>> {
    let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    let mut writer = encryptor.wrap_output(armor)?;
    writer.write_all(text)?;
    Ok(Zeroizing::new(writer.finish()?.finish()?))
}

fn decrypt(
    sealed: &[u8],
    identities: &[Box<dyn Identity + Send + Sync>],
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let identities = identities
        .iter()
        .map(|identity| &**identity as &dyn Identity);
    let reader = Decryptor::new_buffered(ArmoredReader::new(sealed))?.decrypt(identities)?;
    let most = LARGEST_DOCUMENT + 1;
    let mut text = Zeroizing::new(Vec::with_capacity(most));
    reader.take(most as u64).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
#[path = "../testing/age.rs"]
mod tests;
