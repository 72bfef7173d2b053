//! The lock between two processes: the case it exists for.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use threadkeep_home::Home;

const HOLDER: &str = "THREADKEEP_TEST_HOLDS";

/// Runs twice: as the test, and, started by it, as the other program.
#[test]
fn the_lock_of_a_killed_program_is_free() {
    if let Some(home) = env::var_os(HOLDER) {
        let home = Home::resolve(Some(home.into())).unwrap();
        let _lock = home.lock("the other program").unwrap();
        println!("\nlocked");
        std::thread::park();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let home = Home::resolve(Some(folder.path().join("home"))).unwrap();
    home.create().unwrap();

    let mut other = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "the_lock_of_a_killed_program_is_free",
            "--nocapture",
        ])
        .env(HOLDER, home.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(other.stdout.take().unwrap()).lines();
    let ready = lines.map_while(Result::ok).any(|line| line == "locked");
    assert!(ready, "the other program took the lock");

    let error = home.lock("this program").unwrap_err();
    assert_eq!(error.code(), "held");
    #[cfg(unix)]
    assert_eq!(
        error.to_string(),
        format!(
            "Threadkeep is already running (the other program, process {})",
            other.id()
        )
    );

    other.kill().unwrap(); // SIGKILL: no destructor runs
    other.wait().unwrap();
    home.lock("this program").unwrap();
}
