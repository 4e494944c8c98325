//! Finds files of other tenants beside that of the tenant.
//!
//! One repository can serve many tenants, with a file for each in one folder. Only one of
//! them is read at a time, and the stores of all may be the same.

use super::contents;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;

/// How many files of a folder are looked at.
const MOST: usize = 1_000;

/// How much of a file is looked at. A file of a tenant is short.
const MOST_BYTES: u64 = 64 << 10;

/// The files beside those that declare the tenant, which are not read and declare another
/// one. What cannot be read is none of them.
pub(crate) fn other_tenants(files: &[spec::SourceFile]) -> Vec<String> {
    let read: BTreeSet<Utf8PathBuf> = files.iter().map(|file| plain(&file.path)).collect();
    let mut others = BTreeSet::new();
    for file in files {
        if !declares_tenant(&file.bytes) {
            continue;
        }
        let folder = file.path.parent().unwrap_or(Utf8Path::new(""));
        let listed = if folder.as_str().is_empty() {
            Utf8Path::new(".")
        } else {
            folder
        };
        let Ok(entries) = listed.read_dir_utf8() else {
            continue;
        };
        for entry in entries.flatten().take(MOST) {
            let is_yaml = matches!(entry.path().extension(), Some("yaml" | "yml"));
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            let path = folder.join(entry.file_name());
            if !is_yaml || !is_file || read.contains(&plain(&path)) {
                continue;
            }
            let bytes = contents::read_up_to(entry.path(), entry.path(), MOST_BYTES);
            if bytes.is_ok_and(|bytes| declares_tenant(&bytes)) {
                others.insert(path.to_string());
            }
        }
    }
    others.into_iter().collect()
}

/// Whether a file is a spec with a section for the tenant.
fn declares_tenant(bytes: &[u8]) -> bool {
    let has = |key: &[u8]| {
        bytes
            .split(|byte| *byte == b'\n')
            .any(|line| line.starts_with(key))
    };
    has(b"steersman:") && has(b"tenant:")
}

/// A path without the parts that change nothing.
fn plain(path: &Utf8Path) -> Utf8PathBuf {
    path.components()
        .filter(|part| part.as_str() != ".")
        .collect()
}
