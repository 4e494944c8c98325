//! What a process takes of the machine.

use std::time::Duration;

/// The time that this process, all its threads together, has computed.
#[cfg(unix)]
#[must_use]
pub fn cpu_time() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let seconds = u64::try_from(spent.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_nanos(u64::try_from(spent.tv_nsec).unwrap_or(0))
}

/// The benchmarks that need it run on Unix.
#[cfg(not(unix))]
#[must_use]
pub fn cpu_time() -> Duration {
    Duration::ZERO
}

/// The most memory that this process has ever held, in KiB, where the system
/// tells it.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// What a run has taken.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// Computing, in all threads.
    pub cpu: Duration,
    /// The most memory at a time, in KiB; nought where the system does not tell.
    pub memory: u64,
}

impl Taken {
    /// What this process has taken so far.
    #[must_use]
    pub fn by_now() -> Self {
        Self {
            cpu: cpu_time(),
            memory: peak_memory().unwrap_or_default(),
        }
    }

    /// One line, for [`Self::parse`].
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.cpu.as_nanos(), self.memory)
    }

    /// Reads such a line.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let (cpu, memory) = line.trim().split_once(' ')?;
        Some(Self {
            cpu: Duration::from_nanos(cpu.parse().ok()?),
            memory: memory.parse().ok()?,
        })
    }

    /// The memory in MiB.
    #[must_use]
    pub fn mebibytes(&self) -> u64 {
        self.memory.div_ceil(1024)
    }
}
