//! Journal file: locked, private, appended and synced to disk.

use super::created::Created;
use super::entry::{Entry, Event, FORMAT, Operation};
use super::error::JournalError;
use super::history::History;
use super::intent::{
    Conclusion, IntentId, InviteIntent, LeftInvited, LeftRaised, MintIntent, RaiseIntent, Target,
    Unfinished,
};
use super::tracked::{self, Tracked};
use crate::links::link_on_the_way;
use crate::private_folder::{self, NewFolders};
use camino::Utf8Path;
use jiff::Timestamp;
use model::{Address, IdentityId, Invited, StoreKey, TokenId, Tries};
use std::collections::BTreeMap;
use std::fs::TryLockError;
use std::io::{self, BufReader, Seek, SeekFrom, Write};

/// An open journal file that no other run writes.
#[derive(Debug)]
pub(super) struct Log {
    /// Locked for as long as it is open.
    file: fs_err::File,
    /// Up to where the file holds whole lines, in bytes.
    length: u64,
    /// The id of this run.
    run: String,
    /// The tenant that this run changes.
    tenant: String,
    /// What a person should know about the journal.
    notices: Vec<String>,
    /// How many intents this run has written.
    intents: u64,
    /// Whether this run has written anything.
    began: bool,
    /// Whether the file ends in a partly written line that could not be removed.
    torn: bool,
    /// Intents of earlier runs without a conclusion.
    unfinished: Vec<Unfinished>,
    /// Thresholds that this run or an earlier one raised and did not set back.
    raised: Vec<LeftRaised>,
    /// Invitations that earlier runs may have sent.
    invited: Vec<LeftInvited>,
    sent: BTreeMap<IdentityId, Invited>,
    /// The invitations of this run that have no conclusion yet.
    inviting: Vec<LeftInvited>,
    /// When each saved plan was applied, by its id.
    used_plans: BTreeMap<String, Timestamp>,
    /// Where earlier runs delivered each token to last.
    delivered: BTreeMap<Address, StoreKey>,
    /// Which token each of them was.
    created: BTreeMap<Address, Created>,
    /// Where tokens were delivered to before.
    left: BTreeMap<StoreKey, Address>,
    /// The places that runs for other tenants delivered to, with the tenant.
    of_others: BTreeMap<Target, String>,
    /// The creations of tokens that failed in earlier runs.
    tries: BTreeMap<Address, Tries>,
}

impl Log {
    pub(super) fn open(path: &Utf8Path, tenant: &str) -> Result<Self, JournalError> {
        let could_not = |source| JournalError::Open {
            path: path.to_owned(),
            source,
        };
        check(path)?;
        let mut file = create(path).map_err(could_not)?;
        match file.file().try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::InUse {
                    path: path.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(could_not(source)),
        }
        make_private(&file).map_err(could_not)?;
        let history = History::read(path, BufReader::new(&mut file), tenant)?;
        let notices = history.notices(path);
        let length = end_last_line(&mut file, &history).map_err(could_not)?;
        let began = Timestamp::now();
        Ok(Self {
            file,
            length,
            run: format!(
                "{}-{}",
                began.strftime("%Y%m%dT%H%M%S%.3fZ"),
                std::process::id()
            ),
            tenant: tenant.to_owned(),
            notices,
            intents: 0,
            began: false,
            torn: false,
            unfinished: history.unfinished,
            raised: history.raised,
            invited: history.invited,
            sent: history.sent,
            inviting: Vec::new(),
            used_plans: history.used_plans,
            delivered: history.delivered,
            created: history.created,
            left: history.left,
            of_others: history.of_others,
            tries: history.tries,
        })
    }

    pub(super) fn intend(
        &mut self,
        address: &Address,
        intent: MintIntent,
    ) -> Result<IntentId, JournalError> {
        let tenant = Some(self.tenant.clone());
        self.begin(address, Operation::Mint { tenant, intent })
    }

    pub(super) fn raise(
        &mut self,
        address: &Address,
        intent: RaiseIntent,
    ) -> Result<IntentId, JournalError> {
        let tenant = self.tenant.clone();
        let operation = Operation::RaiseThreshold {
            tenant,
            intent: intent.clone(),
        };
        let id = self.begin(address, operation)?;
        self.raised.push(LeftRaised {
            id: id.clone(),
            intent,
        });
        Ok(id)
    }

    pub(super) fn invite(
        &mut self,
        address: &Address,
        intent: InviteIntent,
    ) -> Result<IntentId, JournalError> {
        let tenant = self.tenant.clone();
        let operation = Operation::InviteIdentities {
            tenant,
            intent: intent.clone(),
        };
        let id = self.begin(address, operation)?;
        self.inviting.push(LeftInvited {
            id: id.clone(),
            time: Timestamp::now(),
            intent,
        });
        Ok(id)
    }

    fn begin(&mut self, address: &Address, operation: Operation) -> Result<IntentId, JournalError> {
        let id = IntentId::new(&self.run, self.intents + 1);
        self.append(Event::Intended {
            id: id.clone(),
            address: address.clone(),
            operation,
        })?;
        self.intents += 1;
        Ok(id)
    }

    pub(super) fn conclude(
        &mut self,
        id: IntentId,
        conclusion: &Conclusion,
        token: Option<TokenId>,
    ) -> Result<(), JournalError> {
        let earlier = self.unfinished.iter().position(|left| left.id == id);
        let raised = self.raised.iter().position(|left| left.id == id);
        let concluded = id.clone();
        self.append(Event::Concluded {
            id,
            conclusion: conclusion.clone(),
            token,
        })?;
        if let Some(index) = earlier {
            self.unfinished.remove(index);
        }
        if let Some(index) = raised {
            self.raised.remove(index);
        }
        if *conclusion == Conclusion::Done {
            let all = self.invited.iter().chain(&self.inviting);
            for left in all.filter(|left| left.id == concluded) {
                left.was_sent(&mut self.sent);
            }
        }
        self.inviting.retain(|left| left.id != concluded);
        self.invited.retain(|left| left.id != concluded);
        Ok(())
    }

    pub(super) fn unfinished(&self) -> &[Unfinished] {
        &self.unfinished
    }

    pub(super) fn delivered(&self) -> &BTreeMap<Address, StoreKey> {
        &self.delivered
    }

    pub(super) fn created(&self) -> &BTreeMap<Address, Created> {
        &self.created
    }

    pub(super) fn left(&self) -> &BTreeMap<StoreKey, Address> {
        &self.left
    }

    pub(super) fn of_others(&self) -> &BTreeMap<Target, String> {
        &self.of_others
    }

    pub(super) fn tries(&self) -> &BTreeMap<Address, Tries> {
        &self.tries
    }

    pub(super) fn raised(&self) -> &[LeftRaised] {
        &self.raised
    }

    /// The invitations that were sent, by identity.
    pub(super) fn sent(&self) -> &BTreeMap<IdentityId, Invited> {
        &self.sent
    }

    pub(super) fn invited(&self) -> &[LeftInvited] {
        &self.invited
    }

    pub(super) fn notices(&self) -> &[String] {
        &self.notices
    }

    pub(super) fn plan_used_at(&self, plan: &str) -> Option<Timestamp> {
        self.used_plans.get(plan).copied()
    }

    pub(super) fn use_plan(&mut self, plan: &str) -> Result<(), JournalError> {
        self.append(Event::UsedPlan {
            plan: plan.to_owned(),
        })?;
        self.used_plans
            .entry(plan.to_owned())
            .or_insert_with(Timestamp::now);
        Ok(())
    }

    /// Adds a line, and before the first line of a run its `began` line.
    fn append(&mut self, event: Event) -> Result<(), JournalError> {
        if self.torn {
            return Err(JournalError::Torn);
        }
        let mut text = Vec::new();
        if !self.began {
            text = self.line(Event::Began {
                format: FORMAT,
                version: env!("CARGO_PKG_VERSION").to_owned(),
            })?;
        }
        text.extend(self.line(event)?);
        let written = self
            .file
            .write_all(&text)
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // What was written in part is removed, so that no line follows half of one.
            self.torn = self
                .file
                .set_len(self.length)
                .and_then(|()| self.file.seek(SeekFrom::Start(self.length)))
                .is_err();
            return Err(JournalError::Write(error));
        }
        self.length += text.len() as u64;
        self.began = true;
        Ok(())
    }

    fn line(&self, event: Event) -> Result<Vec<u8>, JournalError> {
        let entry = Entry {
            time: Timestamp::now(),
            run: self.run.clone(),
            event,
        };
        entry.line().map_err(JournalError::Encode)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // Closing alone is not enough: a program that is being started holds a copy
        // of every open file, and with it the lock, for a moment.
        let _ = self.file.file().unlock();
    }
}

/// Refuses a path at which no journal can be trusted: a link, something that is no
/// file, or a file that Git tracks, because then whoever can commit can forge it.
pub(super) fn check(path: &Utf8Path) -> Result<(), JournalError> {
    match fs_err::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(JournalError::NotAFile {
            path: path.to_owned(),
        }),
        // If there is no file, opening it says what is wrong.
        Ok(_) | Err(_) => check_links(path).and_then(|()| check_tracked(path)),
    }
}

/// Refuses a path below a link, whether or not there is a file.
pub(super) fn check_links(path: &Utf8Path) -> Result<(), JournalError> {
    match link_on_the_way(path.as_std_path()) {
        Ok(None) => Ok(()),
        Ok(Some(link)) => Err(JournalError::BelowLink {
            path: path.to_owned(),
            link: link.display().to_string(),
        }),
        Err(source) => Err(JournalError::Open {
            path: path.to_owned(),
            source,
        }),
    }
}

fn check_tracked(path: &Utf8Path) -> Result<(), JournalError> {
    match tracked::by_git(path.as_std_path()) {
        Tracked::No => Ok(()),
        Tracked::Yes => Err(JournalError::Tracked {
            path: path.to_owned(),
        }),
        Tracked::Unknown { index } => Err(JournalError::PerhapsTracked {
            path: path.to_owned(),
            index: index.display().to_string(),
        }),
    }
}

/// The file of a journal; none where it is gone.
pub(super) fn existing(path: &Utf8Path) -> Result<Option<fs_err::File>, JournalError> {
    match fs_err::File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(JournalError::Open {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Opens the file, or creates it with all folders above it.
fn create(path: &Utf8Path) -> io::Result<fs_err::File> {
    let mut options = fs_err::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
        // A link that somebody put there after the check is not followed.
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    let Some(folder) = path.parent() else {
        return options.open(path);
    };
    let mut new_folders = NewFolders::default();
    new_folders.make_all(folder.as_std_path())?;
    let file = options.open(path)?;
    new_folders.keep()?;
    private_folder::sync(folder.as_std_path())?;
    Ok(file)
}

/// Sets the mode of a file that others can read or write to 0600.
#[cfg(unix)]
fn make_private(file: &fs_err::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode();
    if mode & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn make_private(_: &fs_err::File) -> io::Result<()> {
    Ok(())
}

/// Makes the file end with a line break: completes the last line or cuts it off.
/// Returns the length of the file.
fn end_last_line(file: &mut fs_err::File, history: &History) -> io::Result<u64> {
    let mut whole = history.whole as u64;
    if history.is_cut {
        file.set_len(whole)?;
    }
    file.seek(SeekFrom::Start(whole))?;
    if history.unended {
        file.write_all(b"\n")?;
        whole += 1;
    }
    // It is on the disk at the latest with the first line that follows.
    Ok(whole)
}

#[cfg(test)]
#[path = "../testing/journal_file.rs"]
mod tests;
