//! What cannot be done is said in one sentence, with a stable code, and changes nothing.

use crate::program::Program;

#[rstest::rstest]
#[case::no_command(&[])]
#[case::unknown_command(&["dance"])]
#[case::unknown_flag(&["serve", "--fast"])]
#[case::no_file(&["ingest", "--integration", "1"])]
#[case::no_integration(&["ingest", "file"])]
#[case::number_in_words(&["ingest", "file", "--integration", "one"])]
#[case::unknown_format(&["ingest", "file", "--integration", "1", "--format", "docx"])]
#[case::unknown_scope(&["token", "create", "--integration", "1", "--scope", "root"])]
#[case::no_scope(&["token", "create", "--integration", "1"])]
#[case::unknown_unit(&["token", "create", "--integration", "1", "--scope", "read", "--expires", "9q"])]
#[case::quiet_and_loud(&["integration", "list", "-q", "-v"])]
fn wrong_usage_ends_with_two(#[case] args: &[&str]) {
    let program = Program::new();
    let said = program.run(args);
    assert_eq!(said.code, 2, "{}{}", said.out, said.err);
    assert_eq!(said.out, "");
    assert!(
        said.err.contains("Usage:") || said.err.contains("--help"),
        "{}",
        said.err
    );
    assert!(!program.home().exists(), "nothing was made");
}

#[test]
fn postgres_is_refused_without_its_password() {
    let program = Program::new();
    let (code, message) = program.fails(&["serve", "--database", "postgres://me:hunter2@host/db"]);
    assert_eq!(code, "unsupported_database");
    assert!(message.contains("SQLite"), "{message}");
    assert!(!message.contains("hunter2"), "{message}");
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let program = Program::new();
    let letter = "Dear diary, ".repeat(1_000);
    let file = program.file("letter.txt", &letter);
    let (code, _) = program.fails(&[
        "integration",
        "list",
        "--database",
        &format!("sqlite:{file}"),
    ]);
    assert_eq!(code, "not_a_store");
    assert_eq!(std::fs::read_to_string(file).unwrap(), letter);
}

#[test]
fn a_home_that_is_a_file_is_named() {
    let program = Program::new();
    let file = program.file("home", "not a folder");
    let (code, message) = program.fails(&["integration", "list"]);
    assert_eq!(code, "not_a_folder");
    assert!(message.contains(&file), "{message}");
}

#[test]
fn a_database_in_no_folder_is_not_found() {
    let program = Program::new();
    let (code, _) = program.fails(&["integration", "list", "--database", "sqlite:/no/such/a.db"]);
    assert_eq!(code, "file_not_found");
}

#[rstest::rstest]
#[case::token(&["token", "create", "--integration", "9", "--scope", "read"])]
#[case::ingest(&["ingest", "nothing.json", "--integration", "9"])]
fn an_unknown_integration_has_its_code(#[case] args: &[&str]) {
    let program = Program::with_account();
    assert_eq!(program.fails(args).0, "no_such_integration");
    assert_eq!(program.done(&["token", "list"]), serde_json::json!([]));
}

#[test]
fn an_address_that_is_taken_is_named() {
    let program = Program::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, message) = program.fails(&["serve", "--listen", &address]);
    assert_eq!(code, "address_in_use");
    assert!(message.contains(&address), "{message}");
}

#[rstest::rstest]
#[case::no_port("127.0.0.1")]
#[case::no_such_port("127.0.0.1:70000")]
#[case::no_such_place("192.0.2.1:8750")]
fn an_address_that_cannot_be_is_named(#[case] address: &str) {
    let program = Program::new();
    let (code, message) = program.fails(&["serve", "--listen", address]);
    assert_eq!(code, "address_unavailable");
    assert!(message.contains(address), "{message}");
}
