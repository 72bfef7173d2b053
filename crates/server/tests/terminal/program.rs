//! The program with a home of its own.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

pub struct Program {
    folder: tempfile::TempDir,
}

/// What a command said and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Program {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// With one account, number 1.
    pub fn with_account() -> Self {
        let program = Self::new();
        program.done(&[
            "integration",
            "create",
            "--type",
            "whatsapp",
            "--name",
            "mine",
        ]);
        program
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), content).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threadkeep-server"));
        command.args(args).env("THREADKEEP_HOME", self.home());
        command
    }

    pub fn run(&self, args: &[&str]) -> Said {
        Said::from(self.command(args).output().unwrap())
    }

    /// Runs what must be done, with `--json`.
    pub fn done(&self, args: &[&str]) -> Value {
        let said = self.run(&[args, &["--json"]].concat());
        assert_eq!(said.code, 0, "{args:?}: {}{}", said.out, said.err);
        said.json()
    }

    /// Runs what must fail, with `--json`, and returns its code and message.
    pub fn fails(&self, args: &[&str]) -> (String, String) {
        let said = self.run(&[args, &["--json"]].concat());
        assert_eq!(said.code, 1, "{args:?}: {}{}", said.out, said.err);
        let error = &said.json()["error"];
        let text = |name: &str| error[name].as_str().unwrap().to_owned();
        let errors: Vec<&str> = said.err.lines().collect();
        assert_eq!(
            errors,
            [format!("error: {}", text("message"))],
            "one sentence, the same for people and programs"
        );
        (text("code"), text("message"))
    }

    pub fn serve(&self, args: &[&str]) -> Serving {
        let all = [&["serve", "--listen", "127.0.0.1:0"], args].concat();
        Serving::start(self.command(&all))
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it ends by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    /// The one JSON document on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

/// A running `serve`; it is killed when dropped.
pub struct Serving {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    pub url: String,
}

impl Serving {
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let url = line
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("it says where it listens: {line:?}"))
            .trim_end()
            .to_owned();
        Self { child, out, url }
    }

    /// How many file handles it has.
    #[cfg(target_os = "linux")]
    pub fn handles(&self) -> usize {
        let folder = format!("/proc/{}/fd", self.child.id());
        std::fs::read_dir(folder).unwrap().count()
    }

    /// Sends a signal by its name.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Waits for the end; whatever it said after its first line is in the answer.
    pub fn ended(mut self) -> Said {
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut err).unwrap();
        let code = self.child.wait().unwrap().code();
        Said {
            code: code.expect("it ends by itself"),
            out,
            err,
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

pub fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/baileys");
    folder.join(name).to_str().unwrap().to_owned()
}
