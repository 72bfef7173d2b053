//! A server that is killed while a phone answers.

use super::*;

/// A server process.
struct Keeper {
    process: Child,
    address: String,
}

impl Keeper {
    fn start(file: &Path, address: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_keeper"))
            .args([file.as_os_str(), address.as_ref()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output is a pipe"))
            .read_line(&mut line)
            .expect("it says something");
        let address = line.trim().strip_prefix("listening ");
        let address = address.expect("it listens").to_owned();
        Self { process, address }
    }

    fn kill(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Loses power, and gets it back.
    fn cut(&mut self, file: &Path) {
        self.kill();
        *self = Self::start(file, &self.address.clone());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_in_the_middle_loses_and_doubles_nothing() {
    // The store is filled by a server of this process; then another one serves its file.
    let mut server = TestServer::start().await;
    let account = server.integration("Eva").await;
    let mut phone = Phone::new(&server, account, ANA, 460).await;
    phone.link(10).await;
    let token = server.token(account, Scope::Read).await;
    server.stop().await;
    let mut keeper = Keeper::start(&server.file(), "127.0.0.1:0");
    server.url = format!("http://{}", keeper.address);
    phone.moved_to(&server);
    let laptop = Device::new("laptop").await;
    let connected = laptop.app.connect(&server.url, &token, &[]).await;
    connected.expect("the token is good");
    laptop.sync().await;
    let id = chat(&laptop).await;

    let (mut states, mut resume) = (BTreeSet::new(), false);
    for round in 0..3 {
        // Two answers, and a third question that the server will not live to see answered.
        let asking = laptop
            .app
            .load_history(&id, HistoryGoal::Messages(1_000), resume, |_| {});
        let killing = async {
            let mut answered = 0;
            let unanswered = loop {
                if let [request] = &phone.requests(5).await[..] {
                    if answered == 2 {
                        break request.clone();
                    }
                    phone.answer(request, Manner::Answer).await;
                    answered += 1;
                }
            };
            keeper.cut(&server.file());
            unanswered
        };
        let (ended, unanswered) = tokio::join!(asking, killing);
        let ended = ended.expect("the app waits for the server to come back");
        assert_eq!(ended.status, HistoryStatus::Interrupted, "round {round}");
        assert_eq!(
            ended.messages_synced,
            100 * (round + 1),
            "what was acknowledged is kept"
        );
        assert!(
            ended
                .error_message
                .expect("it says why")
                .contains("restarted")
        );
        states.insert(kept(&laptop.mirror_file()).0);
        // The answer comes after all: it is kept, and counts for nobody.
        if round == 1 {
            phone.answer(&unanswered, Manner::Answer).await;
        }
        resume = true;
    }
    assert_eq!(states, BTreeSet::from(["interrupted".to_owned()]));
    let resuming = load(&laptop, HistoryGoal::Messages(1_000), true);
    let loaded = while_serving(&phone, Manner::Answer, resuming).await;
    assert_eq!(loaded.status, HistoryStatus::Completed);
    assert_has_all(&laptop, &phone).await;
    keeper.kill();
}
