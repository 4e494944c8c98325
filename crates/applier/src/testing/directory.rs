//! Tests of the directory store: modes, links, failures.

use super::super::limit::LARGEST_DOCUMENT;
use super::super::notices::Notices;
use super::super::{Commands, StoreError, Stores};
use super::{Content, DirectoryStore, replace};
use crate::testing::documents::{document, settings};
use model::{SecretDocument, StoreKey, StoreSpec};
use secrecy::ExposeSecret;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const SECRET: &str = "s3cr3t-0f-audit01";

/// A store in `secrets` below a folder of its own, which is not there yet.
fn store() -> (TempDir, DirectoryStore) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/secrets");
    (
        folder,
        DirectoryStore::new(path.to_str().unwrap(), Content::Plain, Notices::default()),
    )
}

fn path(folder: &TempDir, below: &str) -> PathBuf {
    folder.path().join("state/secrets").join(below)
}

fn write(path: &Path, text: &str) {
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, text).unwrap();
}

/// Everything below a folder, without the folder itself.
fn all_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs_err::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            found.push(path.strip_prefix(folder).unwrap().display().to_string());
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}

fn secret_of(document: Option<SecretDocument>) -> Option<String> {
    document.map(|document| document.credential.client_secret.expose_secret().to_owned())
}

#[tokio::test]
async fn what_is_put_is_got_and_replaced() {
    let (folder, _) = store();
    let spec = StoreSpec::Directory {
        path: path(&folder, "").to_str().unwrap().to_owned(),
    };
    let settings = settings(Commands::NotAllowed);
    let stores = Stores::new(&[("local".into(), spec)].into(), &settings);
    let key = |store: &str, key: &str| StoreKey {
        store: store.into(),
        key: key.to_owned(),
    };
    let issuer = key("local", "audit01/issuer");
    assert!(stores.get(&issuer).await.unwrap().is_none());
    for secret in [SECRET, "another-secret-of-a-token"] {
        stores.probe(&issuer).await.unwrap();
        stores.put(&issuer, &document(secret)).await.unwrap();
        let back = stores.get(&issuer).await.unwrap();
        assert_eq!(secret_of(back).as_deref(), Some(secret));
    }
    assert!(
        stores
            .get(&key("local", "audit01/x"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        stores
            .get(&key("local", "x/issuer"))
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        all_below(folder.path()),
        [
            "state",
            "state/secrets",
            "state/secrets/audit01",
            "state/secrets/audit01/issuer"
        ]
    );
    let error = stores.get(&key("git", "x")).await.unwrap_err();
    assert!(matches!(error, StoreError::Undeclared(_)), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_what_is_put() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o777;
    let (folder, store) = store();
    let file = path(&folder, "a/b/issuer");
    store.put("a/b/issuer", &document(SECRET)).await.unwrap();
    for made in ["", "a", "a/b"] {
        assert_eq!(mode(&path(&folder, made)), 0o700, "{made}");
    }
    assert_eq!(mode(&folder.path().join("state")), 0o700);
    assert_eq!(mode(&file), 0o600);

    // A file that others could read is read, and is tight once it is replaced.
    fs_err::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(store.get("a/b/issuer").await.unwrap().is_some());
    assert_eq!(mode(&file), 0o644);
    // tokens_12: it is told at every verbosity.
    let notices = store.notices.take();
    assert!(notices[0].contains("other users"), "{notices:?}");
    assert!(notices[0].contains("mode 0644"), "{notices:?}");
    store.put("a/b/issuer", &document(SECRET)).await.unwrap();
    assert_eq!(mode(&file), 0o600);
}

#[tokio::test]
async fn a_probe_leaves_nothing_behind() {
    let (folder, store) = store();
    store.probe("a/b/issuer").await.unwrap();
    assert_eq!(all_below(folder.path()), [""; 0]);

    store.put("a/issuer", &document(SECRET)).await.unwrap();
    let before = all_below(folder.path());
    store.probe("a/issuer").await.unwrap();
    store.probe("a/other").await.unwrap();
    store.probe("b/issuer").await.unwrap();
    assert_eq!(all_below(folder.path()), before);
    assert_eq!(
        secret_of(store.get("a/issuer").await.unwrap()).as_deref(),
        Some(SECRET)
    );
}

#[tokio::test]
async fn a_probe_says_what_put_would() {
    let (folder, store) = store();
    write(&path(&folder, "file"), "{}");
    fs_err::create_dir_all(path(&folder, "folder")).unwrap();
    for key in ["file/issuer", "folder", "../issuer"] {
        let probed = store.probe(key).await.unwrap_err();
        let put = store.put(key, &document(SECRET)).await.unwrap_err();
        assert_eq!(probed.to_string(), put.to_string(), "{key}");
        assert!(!format!("{put:?}").contains(SECRET));
    }
    assert_eq!(
        all_below(folder.path()),
        [
            "state",
            "state/secrets",
            "state/secrets/file",
            "state/secrets/folder"
        ]
    );
}

#[tokio::test]
async fn many_may_probe_and_put_in_new_folders_at_once() {
    let (folder, store) = store();
    let work = (0..40).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            let key = format!("folder{}/{number}", number % 4);
            store.probe(&key).await.unwrap();
            store.put(&key, &document(&key)).await.unwrap();
            assert_eq!(secret_of(store.get(&key).await.unwrap()), Some(key));
        })
    });
    for done in futures::future::join_all(work).await {
        done.unwrap();
    }
    assert_eq!(all_below(&path(&folder, "")).len(), 44);
}

#[test]
fn a_failed_write_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("issuer"), "old").unwrap();
    let error = replace(folder.path(), Path::new("issuer"), |file| {
        file.write_all(b"half of the n")?;
        Err(io::Error::other("the disk is full"))
    })
    .unwrap_err();
    assert!(error.to_string().contains("the disk is full"));
    assert_eq!(all_below(folder.path()), ["issuer"]);
    assert_eq!(fs_err::read(folder.path().join("issuer")).unwrap(), b"old");
}

#[tokio::test]
async fn a_put_that_cannot_be_leaves_what_was_there() {
    let (folder, store) = store();
    write(&path(&folder, "issuer/kept"), "kept");
    store.put("issuer", &document(SECRET)).await.unwrap_err();
    assert_eq!(
        all_below(folder.path()),
        [
            "state",
            "state/secrets",
            "state/secrets/issuer",
            "state/secrets/issuer/kept"
        ]
    );
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed_out_of_the_directory() {
    use std::os::unix::fs::symlink;
    let (folder, store) = store();
    let text = format!(r#"{{"clientId":"2f9c","clientSecret":"{SECRET}"}}"#);
    write(&path(&folder, "inside/issuer"), &text);
    let outside = folder.path().join("outside");
    write(&outside.join("issuer"), &text);

    symlink(&outside, path(&folder, "folder")).unwrap();
    symlink(outside.join("issuer"), path(&folder, "file")).unwrap();
    symlink("/nowhere", path(&folder, "dangling")).unwrap();
    symlink("inside", path(&folder, "alias")).unwrap();
    symlink("/nowhere", path(&folder, "dangling-folder")).unwrap();

    for key in ["folder/issuer", "file"] {
        let error = store.get(key).await.unwrap_err();
        assert!(
            matches!(error, StoreError::LeadsOut { .. }),
            "{key}: {error:?}"
        );
    }
    for key in ["folder/issuer", "folder/new", "folder/new/issuer"] {
        let error = store.put(key, &document("new")).await.unwrap_err();
        assert!(
            matches!(error, StoreError::LeadsOut { .. }),
            "{key}: {error:?}"
        );
    }
    store
        .put("dangling-folder/issuer", &document("new"))
        .await
        .unwrap_err();
    assert_eq!(all_below(&outside), ["issuer"]);

    // A link that stays inside is as good as a folder, as mounted secrets have it.
    assert!(store.get("alias/issuer").await.unwrap().is_some());
    // A link in the secret's own place is replaced, and what it led to stays.
    for key in ["file", "dangling", "alias/issuer"] {
        store.put(key, &document("new")).await.unwrap();
        assert_eq!(
            secret_of(store.get(key).await.unwrap()).as_deref(),
            Some("new"),
            "{key}"
        );
        assert!(!path(&folder, key).is_symlink(), "{key}");
    }
    assert_eq!(
        fs_err::read_to_string(outside.join("issuer")).unwrap(),
        text
    );
}

#[cfg(unix)]
#[tokio::test]
async fn security_low_the_directory_itself_is_no_link() {
    let (folder, store) = store();
    fs_err::create_dir(folder.path().join("state")).unwrap();
    fs_err::create_dir(folder.path().join("real")).unwrap();
    std::os::unix::fs::symlink(
        folder.path().join("real"),
        path(&folder, "").parent().unwrap().join("secrets"),
    )
    .unwrap();
    for error in [
        store.put("a/issuer", &document(SECRET)).await.unwrap_err(),
        store.probe("a/issuer").await.unwrap_err(),
        store.get("a/issuer").await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::Exposed { .. }), "{error:?}");
    }
    assert!(!folder.path().join("real/a").exists());
}

#[tokio::test]
async fn what_is_no_document_is_named_without_its_content() {
    let (folder, store) = store();
    fs_err::create_dir_all(path(&folder, "folder")).unwrap();
    write(&path(&folder, "text"), SECRET);
    write(&path(&folder, "empty"), "");
    write(
        &path(&folder, "large"),
        &SECRET.repeat(LARGEST_DOCUMENT / SECRET.len() + 1),
    );
    for (key, words) in [
        ("folder", "is not a file"),
        ("text", "does not contain a valid secret document"),
        ("empty", "does not contain a valid secret document"),
        ("large", "more than 65536 bytes"),
        ("text/below", "cannot read"),
        ("a/../text", "invalid store key"),
    ] {
        let error = store.get(key).await.unwrap_err();
        assert!(error.to_string().contains(words), "{key}: {error}");
        assert!(
            !format!("{error} {error:?}").contains("s3cr3t"),
            "{key}: {error:?}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_not_waited_for() {
    let (folder, store) = store();
    fs_err::create_dir_all(path(&folder, "")).unwrap();
    let made = tokio::process::Command::new("mkfifo")
        .arg(path(&folder, "pipe"))
        .status()
        .await
        .unwrap();
    assert!(made.success());
    let error = store.get("pipe").await.unwrap_err();
    assert!(matches!(error, StoreError::NotAFile { .. }), "{error:?}");
}

/// A file of the system can block its reader; none of them is a document.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn security_low_files_of_the_system_are_not_read() {
    let store = DirectoryStore::new(
        &format!("/proc/{}", std::process::id()),
        Content::Plain,
        Notices::default(),
    );
    let error = store.get("environ").await.unwrap_err();
    let text = model::error_chain(&error);
    assert!(
        text.contains("does not contain a valid secret document"),
        "{text}"
    );
}
