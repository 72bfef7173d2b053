//! Python and what it fetches, for tests that hold our reading against others' or read their samples.

use std::{env, fs, path::Path, process::Command};

/// What Python is called here.
pub const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// Runs Python in a folder; of what it says where it fails, the last line.
pub fn run(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(PYTHON)
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| format!("{PYTHON}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    if output.status.success() {
        Ok(())
    } else {
        Err(last.to_owned())
    }
}

/// What a test stands on cannot be had, which is no fault where nobody has set `THREADKEEP_SAMPLES`. Nobody sees what a
/// test says that passes, so it is noted for `npm test`, which says it.
pub fn missing(what: &str, why: &str) {
    let text = format!("{what} ({why})");
    assert!(env::var_os("THREADKEEP_SAMPLES").is_none(), "{text}");
    let notes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("not-tested");
    fs::create_dir_all(&notes).expect("a folder can be made");
    fs::write(notes.join(what), &text).expect("a note can be written");
    println!("{text}: nothing is tested here");
}
