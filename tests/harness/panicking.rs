//! `steersman` in which a thread panics, with its panic hook and its redactor.
//!
//! The variable `PANIC_WITH` names a file. When it is there, a thread of its own panics
//! with the text of the file: whatever the run knows by then.

#![expect(clippy::panic, reason = "it panics to show what is printed then")]

use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let thread = std::env::var_os("PANIC_WITH").map(|path| {
        std::thread::spawn(move || {
            let path = std::path::PathBuf::from(path);
            while !path.exists() {
                std::thread::sleep(Duration::from_millis(5));
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            // A message like that of `unwrap` on an error that repeats what it was given.
            std::panic::panic_any(text);
        })
    });
    let code = cli::main();
    match thread.map(std::thread::JoinHandle::join) {
        Some(Ok(())) => ExitCode::FAILURE,
        Some(Err(_)) | None => code,
    }
}
