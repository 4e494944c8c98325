//! `steersman man`: writes the man pages.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::whole_file::{self, Readers};
use camino::Utf8PathBuf;
use clap::{Args, Command};
use clap_mangen::Man as Page;

/// Write the man pages into a folder, or print that of steersman
///
/// Example: `steersman man /usr/local/share/man/man1`
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Folder for the pages of all commands; without it, one is printed
    folder: Option<Utf8PathBuf>,
}

impl Man {
    pub(crate) fn run(&self, mut command: Command, output: &mut Output) -> Result<Exit, Failure> {
        command.build();
        let Some(folder) = &self.folder else {
            let page = rendered(&command)?;
            output.data(String::from_utf8_lossy(&page).trim_end());
            return Ok(Exit::Done);
        };
        fs_err::create_dir_all(folder).map_err(|error| Failure::File {
            message: format!("cannot create the folder {folder}"),
            help: None,
            source: Some(Box::new(error)),
        })?;
        let mut written = 0_usize;
        for command in all(&command) {
            let name = command.get_display_name().unwrap_or(command.get_name());
            let path = folder.join(format!("{name}.1"));
            whole_file::write(&path, &rendered(command)?, Readers::Anybody)?;
            written += 1;
        }
        output.talk(&format!(
            "{} written to {folder}",
            render::counted(written, "man page")
        ));
        Ok(Exit::Done)
    }
}

/// A command and all below it, without the hidden ones and `help`.
fn all(command: &Command) -> Vec<&Command> {
    let below = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help")
        .flat_map(all);
    std::iter::once(command).chain(below).collect()
}

fn rendered(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    Page::new(command.clone())
        .manual("steersman manual")
        .render(&mut page)
        .map_err(|error| Failure::Internal {
            message: "cannot write a man page".to_owned(),
            source: Box::new(error),
        })?;
    Ok(page)
}
