//! What a process has used so far, as Linux tells it; the rivals in Node read the same file.

use std::{
    fs,
    time::{Instant, SystemTime},
};

use serde::Serialize;

/// `/proc` counts in hundredths of a second on every Linux there is.
const TICKS_PER_SECOND: f64 = 100.0;

/// Runs from the beginning of the measured work.
pub struct Meter {
    begun: Instant,
    cpu: Option<f64>,
}

/// What the work took.
#[derive(Debug, Serialize)]
pub struct Used {
    pub seconds: f64,
    /// Of all threads, in user and system mode.
    pub cpu_seconds: Option<f64>,
    /// The most that was resident at once since the process began.
    pub peak_bytes: Option<u64>,
}

impl Meter {
    pub fn start() -> Self {
        Self {
            cpu: cpu_seconds(),
            begun: Instant::now(),
        }
    }

    pub fn read(&self) -> Used {
        Used {
            seconds: self.begun.elapsed().as_secs_f64(),
            cpu_seconds: cpu_seconds().zip(self.cpu).map(|(now, then)| now - then),
            peak_bytes: peak_bytes(),
        }
    }
}

/// Microseconds since 1970: what processes on one computer can compare.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as u64)
}

fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold spaces; behind it, user and system time are the 12th and 13th.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

fn peak_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_used_only_grows() {
        let meter = Meter::start();
        let first = meter.read();
        let held = vec![1_u8; 32 << 20];
        let second = meter.read();
        assert!(
            first.peak_bytes.unwrap() > 0,
            "every process holds something"
        );
        assert!(
            second.peak_bytes >= first.peak_bytes,
            "a peak does not sink, and {} bytes are held",
            held.len()
        );
        assert!(second.cpu_seconds >= first.cpu_seconds);
        assert!(second.seconds >= first.seconds);
    }
}
