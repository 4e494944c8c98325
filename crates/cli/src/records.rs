//! Reads and writes the record of a tenant.

use crate::failure::Failure;
use crate::record_lock::RecordLock;
use crate::redaction::redactor;
use crate::spec_files::{plain, read_up_to};
use crate::whole_file::{self, Readers};
use camino::Utf8Path;
use render::apply_report::{Record, RecordError};
use render::notice::NoticeState;
use render::redact_json;
use std::io::ErrorKind;

/// How large a record may be: 64 MiB. A hundred thousand steps fit.
const MOST_BYTES: u64 = 64 << 20;

/// Reads a record.
///
/// # Errors
/// A file that cannot be read, or is no record of this format.
pub(crate) fn read(path: &Utf8Path) -> Result<Record, Failure> {
    let bytes = bytes(path)?;
    Record::parse(path, &bytes).map_err(|error| unreadable(&error))
}

/// Reads a record, where the file exists and is not empty.
///
/// # Errors
/// A file that cannot be read, or is no record of this format.
pub(crate) fn read_if_there(path: &Utf8Path) -> Result<Option<Record>, Failure> {
    match fs_err::symlink_metadata(path) {
        Ok(there) if there.is_file() && there.len() > 0 => read(path).map(Some),
        // A device, a pipe or an empty file holds none; what cannot be written is told
        // by `check`.
        Ok(_) => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::File {
            message: format!("cannot read {path}"),
            help: None,
            source: Some(Box::new(error)),
        }),
    }
}

/// Checks that a record is of this tenant.
///
/// # Errors
/// A record of another tenant.
pub(crate) fn check_tenant(path: &Utf8Path, record: &Record, tenant: &str) -> Result<(), Failure> {
    record
        .check_tenant(path, tenant)
        .map_err(|error| unreadable(&error))
}

fn bytes(path: &Utf8Path) -> Result<Vec<u8>, Failure> {
    let real = path.canonicalize_utf8().map_err(|error| Failure::File {
        message: format!("cannot read the record {path}"),
        help: Some(
            "write one with `steersman apply --record FILE` or `steersman drift --record FILE`"
                .to_owned(),
        ),
        source: Some(Box::new(plain(&error))),
    })?;
    let bytes = read_up_to(path, &real, MOST_BYTES)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Err(Failure::File {
            message: format!("the record {path} is larger than 64 MiB"),
            help: Some("check that it is the file that `--record` wrote".to_owned()),
            source: None,
        });
    }
    Ok(bytes)
}

/// Sees before a run that its record can be written at the end, and that no other file
/// would be lost for it.
///
/// # Errors
/// A file that is no record of this format, or cannot be written.
pub(crate) fn check(path: &Utf8Path) -> Result<(), Failure> {
    match fs_err::symlink_metadata(path) {
        Ok(there) if there.is_file() && there.len() > 0 => {
            Record::recognise(path, &bytes(path)?).map_err(|error| unreadable(&error))?;
        }
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => {
            return Err(Failure::File {
                message: format!("cannot read {path}"),
                help: None,
                source: Some(Box::new(error)),
            });
        }
    }
    whole_file::check(path)
}

/// Which notices the record says were sent; none where there is no record yet.
pub(crate) fn notices(path: &Utf8Path) -> Option<NoticeState> {
    fs_err::metadata(path)
        .ok()
        .filter(std::fs::Metadata::is_file)?;
    read(path).ok()?.notices
}

/// Which notices a run found in the record, and which it has sent by now.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    /// Those of the record when the run looked.
    pub(crate) before: Option<NoticeState>,
    /// Those of the end of the run.
    pub(crate) after: Option<NoticeState>,
    /// Until they are kept, no other run with the same record sends any.
    #[expect(dead_code, reason = "it is held until it is dropped")]
    pub(crate) turn: Option<RecordLock>,
}

/// Replaces in an earlier record which notices were sent, after a run that has none of its
/// own. Without an earlier record nothing is written.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn replace_notices(path: &Utf8Path, notices: &Notices) -> Result<(), Failure> {
    let is_there = fs_err::metadata(path).is_ok_and(|there| there.is_file() && there.len() > 0);
    if !is_there {
        return Ok(());
    }
    let _lock = RecordLock::of(path)?;
    let mut record = read(path)?;
    record.notices = joined(notices, record.notices.take());
    write(path, &record)
}

/// Keeps the record of a run, whole or not at all. Another run may have replaced the file
/// since this one read it: it is read again under a lock, and of each object the later
/// knowledge stays.
///
/// # Errors
/// A file that cannot be read or written, or that is of another tenant by now.
pub(crate) fn keep(path: &Utf8Path, record: &Record, notices: &Notices) -> Result<(), Failure> {
    let lock = RecordLock::of(path)?;
    let there = match lock {
        Some(_) => read_if_there(path)?,
        None => None,
    };
    let mut record = record.clone();
    record.notices = match &there {
        Some(there) => joined(notices, there.notices.clone()),
        None => notices.after.clone(),
    };
    if let Some(there) = there {
        check_tenant(path, &there, &record.tenant)?;
        record = record.beside(there);
    }
    write(path, &record)
}

fn joined(notices: &Notices, there: Option<NoticeState>) -> Option<NoticeState> {
    let Notices {
        before,
        after,
        turn: _,
    } = notices;
    match (after, there) {
        (Some(after), Some(there)) => Some(after.joined(before.as_ref(), there)),
        (Some(after), None) => Some(after.clone()),
        (None, there) => there,
    }
}

/// Writes a record, whole or not at all.
fn write(path: &Utf8Path, record: &Record) -> Result<(), Failure> {
    let text = record.text()?;
    let text = redact_json(&text, redactor())?;
    whole_file::write(path, text.as_bytes(), Readers::Anybody)
}

fn unreadable(error: &RecordError) -> Failure {
    let help = match error {
        RecordError::Damaged { .. } => {
            "restore it from a backup or from Git, or remove it; the next run writes a new one, and knows no causes before that"
        }
        RecordError::Foreign { .. } => "name the file that `--record` wrote",
        RecordError::Format { .. } => {
            "use the version of steersman that wrote it; for a new record, name another file"
        }
        RecordError::OtherTenant { .. } => {
            "keep one record for each tenant: name that of this tenant, or a file that does not exist yet"
        }
    };
    Failure::File {
        message: error.to_string(),
        help: Some(help.to_owned()),
        source: None,
    }
}
