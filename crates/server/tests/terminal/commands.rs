//! Accounts and tokens, help and completions.

use serde_json::json;

use crate::program::Program;

#[test]
fn an_account_is_made_and_listed() {
    let program = Program::new();
    let own = "15550001111@s.whatsapp.net";
    let create = [
        "integration",
        "create",
        "--type",
        "whatsapp",
        "--name",
        "mine",
    ];
    let first = program.done(&[&create[..], &["--account", own]].concat());
    assert_eq!(first["id"], 1);
    assert_eq!(first["integration_type"], "whatsapp");
    assert_eq!(first["display_name"], "mine");
    assert_eq!(first["external_id"], own);
    let second = program.done(&create);
    assert_eq!(second["id"], 2);
    assert_eq!(
        program.done(&["integration", "list"]),
        json!([first, second])
    );

    let words = program.run(&["integration", "list"]);
    assert_eq!(words.out.lines().count(), 2, "{}", words.out);
}

#[test]
fn an_epoch_is_shown_and_begun() {
    let program = Program::with_account();
    let first = program.done(&["epoch", "show"]);
    assert_eq!(first["handed_out"], 0, "nothing has changed yet");
    assert_eq!(program.done(&["epoch", "show"]), first, "looking is free");
    let begun = program.done(&["epoch", "new"]);
    assert_ne!(begun["epoch"], first["epoch"]);
    assert_eq!(program.done(&["epoch", "show"]), begun, "it lasts");
    let words = program.run(&["epoch", "show"]).out;
    assert!(words.contains(begun["epoch"].as_str().unwrap()), "{words}");
}

#[test]
fn an_own_address_may_be_a_phone_number() {
    let program = Program::new();
    let create = ["integration", "create", "--name", "mine", "--account"];
    for typed in ["15550001111", "+1 (555) 000-1111"] {
        let made = program.done(&[&create[..], &[typed]].concat());
        assert_eq!(made["external_id"], "15550001111@s.whatsapp.net", "{typed}");
    }
    for typed in ["", "me", "@s.whatsapp.net", "1555x@"] {
        let said = program.run(&[&create[..], &[typed]].concat());
        assert_eq!(said.code, 2, "{typed:?} would make nobody's messages mine");
    }
    let nameless = program.run(&["integration", "create", "--name", ""]);
    assert_eq!(nameless.code, 2, "an account is told apart by its name");
}

#[test]
fn a_token_is_shown_once_and_can_be_revoked() {
    let program = Program::with_account();
    program.done(&["integration", "create", "--name", "second"]);
    let made = program.done(&[
        "token",
        "create",
        "--integration",
        "1",
        "--integration",
        "2",
        "--scope",
        "read",
        "--scope",
        "ingest",
        "--label",
        "phone",
        "--expires",
        "90d",
    ]);
    assert_eq!(made["id"], 1);
    assert_eq!(made["label"], "phone");
    assert_eq!(made["integrations"], json!([1, 2]));
    assert_eq!(made["scopes"], json!(["ingest", "read"]));
    assert!(made["expires_at"].as_str().unwrap().ends_with('Z'));
    let token = made["token"].as_str().unwrap();
    assert!(token.len() > 40, "it cannot be guessed");

    let list = program.run(&["token", "list", "--json"]);
    assert_eq!(list.json()[0]["id"], 1);
    assert_eq!(list.json()[0]["label"], "phone");
    let secret = token.trim_start_matches("tk_");
    assert!(!list.out.contains(secret), "its text is not kept");
    let file = std::fs::read(program.home().join("server/server.db")).unwrap();
    assert!(
        !file
            .windows(secret.len())
            .any(|part| part == secret.as_bytes()),
        "nor is it in the file"
    );

    let revoked = program.done(&["token", "revoke", "1"]);
    assert_eq!(revoked, json!({"id": 1, "revoked": true}));
    assert_eq!(program.done(&["token", "list"]), json!([]));
    assert_eq!(program.fails(&["token", "revoke", "1"]).0, "no_such_token");
}

#[test]
fn a_token_for_a_script_stands_alone_on_its_line() {
    let program = Program::with_account();
    let said = program.run(&["token", "create", "--integration", "1", "--scope", "read"]);
    assert_eq!(said.code, 0);
    assert!(said.out.starts_with("tk_"), "{}", said.out);
    assert_eq!(said.out.split_whitespace().count(), 1, "{}", said.out);
    assert!(
        said.err.contains("only now"),
        "a person is told: {}",
        said.err
    );
    let quiet = [
        "token",
        "create",
        "--integration",
        "1",
        "--scope",
        "read",
        "--quiet",
    ];
    assert_eq!(program.run(&quiet).err, "");
}

#[test]
fn the_flags_stand_anywhere() {
    let program = Program::new();
    let elsewhere = program.path("elsewhere");
    let elsewhere = elsewhere.to_str().unwrap();
    let before = program.run(&["--home", elsewhere, "--json", "integration", "list"]);
    let behind = program.run(&["integration", "list", "--json", "--home", elsewhere]);
    assert_eq!((before.code, before.out), (behind.code, behind.out));
    assert!(program.path("elsewhere/server/server.db").is_file());
    assert!(!program.home().exists(), "--home wins over the environment");

    let file = program.path("some.db");
    let database = format!("sqlite:{}", file.to_str().unwrap());
    program.done(&["integration", "list", "--database", &database]);
    assert!(file.is_file());
    assert!(!program.home().exists(), "a named database needs no home");
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let program = Program::with_account();
    let mode = |name: &str| {
        let path = program.home().join(name);
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("server"), 0o700);
    assert_eq!(mode("server/server.db"), 0o600);
}

#[test]
fn help_teaches_by_example() {
    let program = Program::new();
    for args in [
        &["--help"][..],
        &["serve", "--help"],
        &["integration", "create", "--help"],
        &["token", "create", "--help"],
        &["ingest", "--help"],
        &["completions", "--help"],
    ] {
        let said = program.run(args);
        assert_eq!(said.code, 0, "{args:?}");
        let shown = said.out.matches("  threadkeep-server ").count();
        assert!(shown > 0, "{args:?} shows an example: {}", said.out);
    }
    let version = program.run(&["--version"]);
    assert_eq!(
        version.out.trim(),
        format!("threadkeep-server {}", env!("CARGO_PKG_VERSION"))
    );
    assert!(!program.home().exists(), "asking for help makes nothing");
}

#[test]
fn completions_name_the_commands() {
    let program = Program::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = program.run(&["completions", shell]);
        assert_eq!(said.code, 0, "{shell}");
        assert!(said.out.contains("integration"), "{shell}");
    }
}

#[test]
fn an_empty_variable_names_no_home() {
    let program = Program::new();
    let said = program
        .command(&["integration", "list", "--json"])
        .env("THREADKEEP_HOME", "")
        .env("HOME", program.path("user"))
        .env("XDG_DATA_HOME", program.path("user/data"))
        .output()
        .unwrap();
    assert!(
        said.status.success(),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
}
