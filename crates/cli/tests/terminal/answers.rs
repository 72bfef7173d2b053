//! What each command answers when all is well: the shapes that scripts rely on.

use serde_json::{Value, json};

use crate::place::{Place, RealServer};

fn connected(messages: usize) -> (Place, RealServer) {
    let (place, server) = (Place::new(), RealServer::with_messages(messages));
    let accounts = place.json(&["connect", &server.url, "--token", &server.token]);
    assert_eq!(accounts[0]["integration_id"], 1);
    (place, server)
}

#[test]
fn an_empty_home_has_no_accounts_and_nothing_in_it() {
    let place = Place::new();
    assert_eq!(place.json(&["accounts"]), json!([]));
    assert_eq!(place.json(&["chats"]), json!([]));
    let stats = place.json(&["stats"]);
    assert_eq!(
        (&stats["messages"], &stats["last_sync_at"]),
        (&json!(0), &Value::Null)
    );
    let said = place.run(&["sync", "--json"]);
    assert_eq!((said.code, said.error_code().as_str()), (1, "no_accounts"));
}

#[test]
fn connect_sync_and_read() {
    let (place, _server) = connected(500);
    let account = &place.json(&["accounts"])[0];
    assert_eq!(account["integration_type"], "whatsapp");
    assert_eq!(account["display_name"], "Hana's phone");
    assert_eq!(account["connection"], "disconnected", "no bridge feeds it");

    let run = &place.json(&["sync"])["runs"][0];
    assert_eq!(
        (&run["integration_id"], &run["outcome"]),
        (&json!(1), &json!("completed"))
    );
    assert_eq!(run["errors"], json!([]));
    assert!(
        run["saved"].as_i64() > Some(500),
        "messages, and the chats and people around them"
    );
    assert!(
        run["cursors"]["messages"].as_i64() > Some(0),
        "where the next run goes on"
    );
    let again = &place.json(&["sync"])["runs"][0];
    assert_eq!(
        (&again["saved"], &again["updated"]),
        (&json!(0), &json!(0)),
        "nothing is new"
    );

    let stats = place.json(&["stats"]);
    assert_eq!(stats["messages"], 500);
    assert!(stats["bytes"]["mirror"].as_i64() > Some(0));
    assert!(
        stats["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("mirror.db"))
    );
    assert_eq!(stats["integrations"][0]["messages"], 500);

    let chats = place.json(&["chats"]);
    let total: i64 = chats
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|chat| chat["messages"].as_i64())
        .sum();
    assert_eq!(total, 500, "each message is in a chat");
    assert_eq!(
        place
            .json(&["chats", "--limit", "1"])
            .as_array()
            .map(Vec::len),
        Some(1)
    );

    let jid = chats[0]["jid"].as_str().expect("a chat has an address");
    let page = place.json(&["read", jid, "--limit", "3"]);
    let older = page["older"].as_str().expect("there is more");
    let before = place.json(&["read", jid, "--limit", "3", "--before", older]);
    let (last, first) = (&before["messages"][2]["at"], &page["messages"][0]["at"]);
    assert!(
        last.as_str() <= first.as_str(),
        "pages lie one behind the other: {last} {first}"
    );
    let around = page["messages"][1]["message"].as_str().expect("an id");
    let found = place.json(&["read", jid, "--around", around, "--limit", "2"]);
    let mut ids = found["messages"].as_array().into_iter().flatten();
    assert!(
        ids.any(|each| each["message"] == around),
        "the message is among those around it"
    );
    let name = page["messages"][1]["id"].as_str().expect("an id");
    let named = place.json(&["read", jid, "--around", name, "--limit", "2"]);
    assert_eq!(named, found, "the platform's name leads to the same place");
    let said = place.run(&["read", jid, "--around", "nothing", "--json"]);
    assert_eq!((said.code, said.error_code().as_str()), (1, "bad_cursor"));
}

#[test]
fn people_are_listed_and_found() {
    let place = Place::new();
    assert_eq!(place.json(&["contacts"]), json!([]), "nobody is here yet");
    let said = place.run(&["demo"]);
    assert_eq!(said.code, 0, "{said:?}");
    let all = place.json(&["contacts"]);
    let all = all.as_array().expect("a list");
    assert!(all.len() > 5, "{all:?}");
    let first = all[0]["name"].as_str().expect("a name");
    assert_eq!(place.json(&["contacts", "--limit", "1"]), json!([all[0]]));
    let found = place.json(&["contacts", "--find", first]);
    assert_eq!(found[0]["jid"], all[0]["jid"], "by their name");
    let said = place.run(&["contacts", "--find", first]);
    assert!(said.out.contains(first), "{said:?}");
    assert_eq!(place.json(&["contacts", "--integration", "99"]), json!([]));
}

#[test]
fn progress_goes_to_standard_error_and_is_true() {
    let (place, _server) = connected(400);
    let said = place.run(&["sync", "--json", "--progress-json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let lines: Vec<Value> = said
        .err
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let messages: Vec<&Value> = lines
        .iter()
        .filter(|line| line["stage"] == "messages")
        .collect();
    let last = messages.last().expect("the stage is told");
    assert_eq!(
        (&last["done"], &last["total"]),
        (&json!(400), &json!(400)),
        "the last word is the whole"
    );
    for line in &lines {
        let (done, total) = (line["done"].as_i64(), line["total"].as_i64());
        assert!(
            total.is_none() || done <= total,
            "never more than all: {line}"
        );
    }
}

#[test]
fn the_export_is_whole_or_not_there() {
    let (place, _server) = connected(300);
    place.json(&["sync"]);
    let to = place.file("out.jsonl");
    let answer = place.json(&[
        "export",
        "--format",
        "jsonl",
        "--to",
        &to.display().to_string(),
    ]);
    assert_eq!(answer["messages"], 300);
    let text = std::fs::read_to_string(&to).expect("the file is there");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    assert_eq!(
        lines.last(),
        Some(&json!({"complete": true, "messages": 300}))
    );
    let order: Vec<_> = lines[..300]
        .iter()
        .map(|line| {
            (
                line["chat"].as_str(),
                line["at"].as_str(),
                line["id"].as_str(),
            )
        })
        .collect();
    assert!(order.is_sorted(), "ordered by chat, time, id");
    let streamed = place.run(&["export", "--to", "-"]);
    assert_eq!(streamed.out, text, "the same on standard output");

    let nowhere = place.file("no/such/folder/out.jsonl");
    let said = place.run(&["export", "--json", "--to", &nowhere.display().to_string()]);
    assert_eq!(
        (said.code, said.error_code().as_str()),
        (1, "export_failed")
    );
    said.assert_one_sentence();
}

#[test]
fn every_form_is_written_and_counted() {
    let (place, _server) = connected(300);
    place.json(&["sync"]);
    let chat = place.json(&["chats"])[0].clone();
    let chat = |name: &str| chat[name].clone();
    let id = chat("id").as_str().expect("chats have ids").to_owned();
    for format in ["html", "csv", "txt"] {
        let to = place.file(format).display().to_string();
        let answer = place.json(&["export", "--format", format, "--to", &to]);
        assert_eq!(answer["messages"], 300, "{format}");
        assert_eq!(answer["is_folder"], format != "csv", "{format}");
        let folder = place.file("folder");
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let in_it = folder.display().to_string();
        let one = ["export", "--format", format, "--chat", &id, "--to", &in_it];
        let first = place.json(&one);
        assert_eq!(first["messages"], chat("messages"), "{format}");
        let path = first["path"].as_str().expect("it says where").to_owned();
        assert!(path.ends_with(&format!(".{format}")), "{path}");
        let second = place.json(&one);
        assert_ne!(second["path"], path.as_str(), "what is there stays");
    }
    let table = place.file("bom.csv").display().to_string();
    place.json(&["export", "--format", "csv", "--bom", "--to", &table]);
    let bytes = std::fs::read(&table).expect("the table is there");
    assert!(
        bytes.starts_with(b"\xef\xbb\xbfaccount,"),
        "the mark comes first"
    );
    let said = place.run(&["export", "--format", "html", "--to", "-", "--json"]);
    assert_eq!(
        (said.code, said.error_code().as_str()),
        (1, "several_files")
    );
    let told = place.run(&["export", "--to", &table, "--progress-json"]);
    assert_eq!(
        told.err.trim(),
        r#"{"done":0,"stage":"export","total":300}"#
    );
}

#[test]
fn a_day_that_is_the_last_one_asked_for_belongs_to_it() {
    let (place, _server) = connected(300);
    place.json(&["sync"]);
    let to = place.file("out.jsonl").display().to_string();
    let days = |arguments: &[&str]| {
        place.json(&[&["export", "--to", &to], arguments].concat());
        let text = std::fs::read_to_string(&to).expect("the file is there");
        let lines = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"));
        let day = |line: Value| line["at"].as_str().map(|at| at[..10].to_owned());
        lines.filter_map(day).collect::<Vec<_>>()
    };
    let mut all = days(&[]);
    all.sort();
    let middle = all[all.len() / 2].clone();
    let mut found = [days(&["--until", &middle]), days(&["--since", &middle])].concat();
    found.sort();
    assert!(found.contains(&middle));
    found.dedup();
    all.dedup();
    assert_eq!(found, all, "together they are all days");
    let one = days(&["--since", &middle, "--until", &middle]);
    assert!(
        !one.is_empty() && one.iter().all(|day| *day == middle),
        "{one:?}"
    );
}

#[test]
fn an_export_that_is_killed_leaves_no_half_under_its_name() {
    let (place, _server) = connected(3_000);
    place.json(&["sync"]);
    let (folder, to) = (place.file("out"), place.file("out/all"));
    std::fs::create_dir(&folder).expect("a folder can be made");
    for _ in 0..5 {
        let running = place.start(&[
            "export",
            "--format",
            "html",
            "--to",
            &to.display().to_string(),
        ]);
        // It has begun, or is over already: in both cases the name stands for all of it, or for nothing.
        while std::fs::read_dir(&folder)
            .expect("the folder is there")
            .next()
            .is_none()
        {
            std::thread::yield_now();
        }
        running.kill();
        assert!(!to.exists() || to.join("index.html").is_file());
        std::fs::remove_dir_all(&folder).expect("it can be emptied");
        std::fs::create_dir(&folder).expect("and made again");
    }
}

#[test]
fn the_demo_fills_an_empty_home_and_no_other() {
    let place = Place::new();
    let stats = place.json(&["demo"]);
    assert!(
        stats["messages"].as_i64() > Some(15_000),
        "a life of six years: {stats}"
    );
    assert!(stats["conversations"].as_i64() > Some(15));
    let said = place.run(&["demo", "--json"]);
    assert_eq!(
        (said.code, said.error_code().as_str()),
        (1, "home_not_empty")
    );
    let again = &place.json(&["sync"])["runs"][0];
    assert_eq!(
        again["outcome"], "completed",
        "the server inside the program starts when it is needed"
    );
    assert_eq!(again["saved"], 0, "everything is there");
}

#[test]
fn reading_goes_on_while_another_program_holds_the_folder() {
    let (place, _server) = connected(50);
    place.json(&["sync"]);
    let lock = std::fs::File::open(place.home().join("lock")).expect("the lock is a file");
    lock.lock().expect("it can be taken");
    assert_eq!(place.json(&["stats"])["messages"], 50);
    assert_eq!(
        place.json(&["chats"]).as_array().map(Vec::is_empty),
        Some(false)
    );
    let said = place.run(&["sync", "--json"]);
    assert_eq!(
        (said.code, said.error_code().as_str()),
        (1, "held"),
        "two must not write at a time"
    );
    said.assert_one_sentence();
}

#[test]
fn wrong_usage_is_told_apart() {
    let place = Place::new();
    assert_eq!(place.run(&["read"]).code, 2);
    assert_eq!(place.run(&["chats", "--filter", "blue"]).code, 2);
    place.json(&["demo"]);
    let chats = place.json(&["chats", "--limit", "1"]);
    let jid = chats[0]["jid"].as_str().expect("a chat");
    assert_eq!(place.run(&["read", jid, "--date", "yesterday"]).code, 2);
    let said = place.run(&["read", "nobody", "--json"]);
    assert_eq!((said.code, said.error_code().as_str()), (1, "no_chat"));
    for words in [&["--help"][..], &["--version"], &["completions", "bash"]] {
        assert_eq!(place.run(words).code, 0, "{words:?}");
    }
}
