//! Tests of the age store.

use super::AgeStore;
use crate::stores::StoreError;
use crate::stores::notices::Notices;
use crate::testing::documents::document;
use age::x25519::Identity;
use model::SecretDocument;
use secrecy::ExposeSecret;
use std::path::PathBuf;
use tempfile::TempDir;

const SECRET: &str = "s3cr3t-0f-audit01";

/// A folder with an identity file for each of two people.
struct People {
    folder: TempDir,
    keys: [Identity; 2],
}

impl People {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = [Identity::generate(), Identity::generate()];
        let people = Self { folder, keys };
        for (person, key) in people.keys.iter().enumerate() {
            let text = format!("# made by a test\n{}\n", key.to_string().expose_secret());
            fs_err::write(people.path(&format!("identity{person}")), text).unwrap();
        }
        people
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn recipient(&self, person: usize) -> String {
        self.keys[person].to_public().to_string()
    }

    fn store(&self, recipients: &[String], identity_file: &str) -> AgeStore {
        let text = |below: &str| self.path(below).to_str().unwrap().to_owned();
        AgeStore::new(
            &text("secrets"),
            recipients,
            &text(identity_file),
            Notices::default(),
        )
    }
}

fn secret_of(document: Option<SecretDocument>) -> Option<String> {
    document.map(|document| document.credential.client_secret.expose_secret().to_owned())
}

#[tokio::test]
async fn every_recipient_can_read_what_is_put() {
    let people = People::new();
    let both = [people.recipient(0), people.recipient(1)];
    let stores = [
        people.store(&both, "identity0"),
        people.store(&both, "identity1"),
    ];
    assert!(stores[0].get("audit01/issuer").await.unwrap().is_none());
    stores[0].probe("audit01/issuer").await.unwrap();
    assert!(!people.path("secrets").exists());

    stores[0]
        .put("audit01/issuer", &document(SECRET))
        .await
        .unwrap();
    for store in &stores {
        let back = store.get("audit01/issuer").await.unwrap();
        assert_eq!(secret_of(back).as_deref(), Some(SECRET));
    }
    let text = fs_err::read_to_string(people.path("secrets/audit01/issuer.age")).unwrap();
    assert!(
        text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"),
        "{text}"
    );
    assert!(!text.contains("clientSecret"));
}

#[tokio::test]
async fn a_binary_file_is_read_as_well() {
    let people = People::new();
    let text = format!(r#"{{"clientId":"2f9c","clientSecret":"{SECRET}"}}"#);
    let sealed = age::encrypt(&people.keys[0].to_public(), text.as_bytes()).unwrap();
    fs_err::create_dir(people.path("secrets")).unwrap();
    fs_err::write(people.path("secrets/issuer.age"), sealed).unwrap();
    let store = people.store(&[people.recipient(0)], "identity0");
    assert_eq!(
        secret_of(store.get("issuer").await.unwrap()).as_deref(),
        Some(SECRET)
    );
}

#[tokio::test]
async fn a_probe_sees_that_a_delivery_could_not_be_read_back() {
    let people = People::new();
    let store = people.store(&[people.recipient(1)], "identity0");
    let error = store.probe("issuer").await.unwrap_err();
    assert!(
        matches!(error, StoreError::ForOthersOnly { .. }),
        "{error:?}"
    );

    store.put("issuer", &document(SECRET)).await.unwrap();
    let error = store.get("issuer").await.unwrap_err();
    assert!(matches!(error, StoreError::Decrypt { .. }), "{error:?}");
}

/// Nothing of what stands in files and lists of keys is repeated.
#[tokio::test]
async fn what_is_wrong_is_said_without_keys_and_secrets() {
    let people = People::new();
    let good = people.recipient(0);
    let private = people.keys[1].to_string().expose_secret().to_owned();
    let mut mistyped = good.clone();
    let last = mistyped.pop().unwrap();
    mistyped.push(if last == 'q' { 'p' } else { 'q' });
    fs_err::write(people.path("broken"), SECRET).unwrap();
    fs_err::create_dir(people.path("secrets")).unwrap();
    fs_err::write(people.path("secrets/plain.age"), SECRET).unwrap();
    let sealed = age::encrypt(&people.keys[0].to_public(), SECRET.as_bytes()).unwrap();
    fs_err::write(people.path("secrets/other.age"), &sealed).unwrap();
    fs_err::write(people.path("secrets/cut.age"), &sealed[..sealed.len() - 1]).unwrap();

    for (recipients, identity_file, words) in [
        (vec![], "identity0", "has no recipients"),
        (
            vec![good.clone(), private.clone()],
            "identity0",
            "recipient 2",
        ),
        (vec![mistyped], "identity0", "recipient 1"),
        (
            vec![good.clone()],
            "missing",
            "cannot use the identity file",
        ),
        (vec![good.clone()], "broken", "cannot use the identity file"),
        (
            vec![good.clone()],
            "secrets",
            "cannot use the identity file",
        ),
    ] {
        let store = people.store(&recipients, identity_file);
        let error = store.probe("issuer").await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        let all = format!("{error} {error:?}");
        assert!(!all.contains(SECRET) && !all.contains(&private), "{all}");
    }
    let store = people.store(&[good], "identity0");
    for (key, words) in [
        ("plain", "cannot decrypt"),
        ("cut", "cannot decrypt"),
        ("other", "does not contain a valid secret document"),
        ("a/", "invalid store key"),
        ("..", "invalid store key"),
    ] {
        let error = store.get(key).await.unwrap_err();
        assert!(error.to_string().contains(words), "{key}: {error}");
        assert!(
            !format!("{error} {error:?}").contains(SECRET),
            "{key}: {error:?}"
        );
    }
}

/// A device may never end, and a file of the system can block or show what is not
/// the spec's to show.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn security_low_devices_and_files_of_the_system_are_not_read() {
    let people = People::new();
    let good = people.recipient(0);
    for identity_file in ["/dev/zero", "/proc/self/environ", "/proc/kmsg"] {
        let store = people.store(std::slice::from_ref(&good), identity_file);
        let error = store.probe("issuer").await.unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("is not a file with content"), "{source}");
    }
}
