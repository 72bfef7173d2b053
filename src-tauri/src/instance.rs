//! One window for a person.
//!
//! On Linux the plugin finds a running instance by its name on the session bus and asks it to come to the
//! front. One that goes away just then answers nothing, and the plugin takes that for a failure; yet it
//! has given up the name, so the next try gets it. The toolkit starts once in a process: the next try is
//! the program in its own place.

const PLUGIN: &str = "single-instance";
/// Counts the tries, from one program to the next.
const TRIES: &str = "THREADKEEP_START_TRIES";
const MOST_TRIES: u8 = 5;

/// What to do when the window could not be made: start again where that may help.
///
/// # Panics
/// When it does not help.
pub fn start_again(error: tauri::Error) -> tauri::App {
    let tries = std::env::var(TRIES).map_or(0, |tries| tries.parse().unwrap_or(MOST_TRIES));
    match &error {
        tauri::Error::PluginInitialization(plugin, _) if plugin == PLUGIN && tries < MOST_TRIES => {
            let failed = replace_this_process(tries + 1);
            panic!("the window cannot be made: {error}, and it cannot be tried again: {failed}")
        }
        _ => panic!(
            "the window cannot be made: is WebKitGTK (Linux) or WebView2 (Windows) installed? {error}"
        ),
    }
}

/// Answers only when it fails.
#[cfg(unix)]
fn replace_this_process(tries: u8) -> std::io::Error {
    use std::os::unix::process::CommandExt;

    match std::env::current_exe() {
        Ok(program) => std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(TRIES, tries.to_string())
            .exec(),
        Err(error) => error,
    }
}

#[cfg(not(unix))]
fn replace_this_process(_tries: u8) -> std::io::Error {
    std::io::ErrorKind::Unsupported.into()
}
