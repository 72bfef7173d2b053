//! Noor's pictures: the phone's bridge brings their bytes to the server, and her laptop fetches them.

use std::{path::PathBuf, time::Duration};

use serde_json::json;
use threadkeep_app::{
    App, FetchWhich,
    view::{Anchor, ChatQuery, Media as MediaView, MediaSettings, MediaState},
};
use threadkeep_content::{Contents, Hash};
use threadkeep_protocol::{IntegrationId, Media, Record};
use threadkeep_server::Options;
use threadkeep_server_store::Scope;
use threadkeep_sync::{Remote, RemoteOptions};
use threadkeep_tests::{
    Device, TestServer,
    records::{message, revoked},
};

const CHAT: &str = "4915500000001@s.whatsapp.net";

/// A machine under load is slow, and nothing here is about speed.
const PATIENCE: Duration = Duration::from_secs(60);

fn bytes(n: u8) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".as_slice(), &vec![n; 40_000]].concat()
}

/// A picture that is announced.
fn picture(n: u8, file_name: &str) -> Record {
    let media = json!({
        "media_type": "image", "mime_type": "image/png", "file_name": file_name,
        "file_size": bytes(n).len(), "sha256": Hash::of(&bytes(n)).to_string(),
    });
    let fields = json!({"message_type": "image", "media": media});
    message(CHAT, &format!("P{n}"), i64::from(n), fields)
}

struct Noor {
    server: TestServer,
    account: IntegrationId,
    laptop: Device,
}

impl Noor {
    /// Some pictures are announced; her laptop knows of them and fetches by itself only what is asked for.
    async fn with_pictures(count: u8) -> Self {
        let server = TestServer::start().await;
        let account = server.integration("Noor").await;
        let records = (1..=count).map(|n| picture(n, "../../evil/../name.png"));
        server.ingest(account, records.enumerate().collect()).await;
        let laptop = Device::new("Noor's laptop").await;
        laptop.connect(&server, account).await;
        let by_hand = MediaSettings {
            automatic: false,
            ..MediaSettings::default()
        };
        laptop
            .app
            .set_media_settings(by_hand)
            .await
            .expect("it is kept");
        Self {
            server,
            account,
            laptop,
        }
    }

    /// The bridge brings the bytes of a picture.
    async fn bring(&self, n: u8) {
        let rows = self.server.store.page::<Media>(self.account, 0, 100).await;
        let hash = Hash::of(&bytes(n)).to_string();
        let rows = rows.expect("rows are read").rows;
        let row = rows.iter().find(|row| row.sha256.as_ref() == Some(&hash));
        let token = self.server.token(self.account, Scope::Ingest).await;
        let url = self.server.url.parse().expect("an address");
        let remote = Remote::new(url, Some(token), RemoteOptions::default()).expect("a remote");
        let put = remote.put_media(self.account, row.expect("it was announced").id, bytes(n));
        assert_eq!(put.await.expect("the bytes are taken").sha256, hash);
    }

    /// Where the server keeps a picture.
    fn on_server(&self, n: u8) -> PathBuf {
        let contents = Options::default().contents(&self.server.store);
        contents.path(&Hash::of(&bytes(n)))
    }

    fn app(&self) -> &App {
        &self.laptop.app
    }

    fn on_laptop(&self, n: u8) -> PathBuf {
        Contents::new(self.app().home().media_dir()).path(&Hash::of(&bytes(n)))
    }

    /// The pictures as the reader shows them, oldest first.
    async fn shown(&self) -> Vec<MediaView> {
        let chats = self
            .app()
            .chats(ChatQuery::default())
            .await
            .expect("chats")
            .chats;
        let page = self.app().messages(&chats[0].id, Anchor::Oldest, 100).await;
        let messages = page.expect("messages").messages.into_iter();
        messages.filter_map(|message| message.media).collect()
    }

    async fn states(&self) -> Vec<MediaState> {
        self.shown().await.iter().map(|media| media.state).collect()
    }

    /// Waits until the pictures stand so.
    async fn until(&self, wanted: &[MediaState]) {
        let so = async {
            while self.states().await != wanted {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, so).await.is_err() {
            panic!("still {:?}, not {wanted:?}", self.shown().await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_comes_when_it_is_asked_for_and_not_before_the_server_has_it() {
    use MediaState::{Here, NotOnServer, OnServer};

    let noor = Noor::with_pictures(2).await;
    noor.laptop.sync().await;
    assert_eq!(
        noor.states().await,
        [NotOnServer, NotOnServer],
        "announced, and nowhere"
    );
    noor.bring(1).await;
    noor.bring(2).await;
    noor.laptop.sync().await;
    assert_eq!(noor.states().await, [OnServer, OnServer], "the rows moved");

    noor.app().fetch_by_itself();
    noor.app()
        .want_media(&noor.shown().await[0].id)
        .await
        .expect("it can be asked for");
    noor.until(&[Here, OnServer]).await;
    assert!(
        std::fs::read(noor.on_laptop(1)).expect("it is here") == bytes(1),
        "every byte"
    );
    assert!(!noor.on_laptop(2).exists(), "nobody asked for the other");

    let by_itself = MediaSettings::default();
    noor.app()
        .set_media_settings(by_itself)
        .await
        .expect("it is kept");
    noor.until(&[Here, Here]).await;

    let folder = noor.laptop.home().join("saved");
    let id = noor.shown().await[0].id.clone();
    let saved = noor
        .app()
        .save_media(&id, folder.clone())
        .await
        .expect("it can be saved");
    assert_eq!(saved, folder.join("name.png"), "a name is no path");
    let again = noor
        .app()
        .save_media(&id, folder.clone())
        .await
        .expect("twice");
    assert_eq!(
        again,
        folder.join("name (2).png"),
        "nothing is written over"
    );
    let seen = noor
        .app()
        .shown_media(&id)
        .await
        .expect("it is here")
        .expect("it is a picture");
    assert_eq!(
        (seen.media_type, seen.length),
        ("image/png", bytes(1).len() as u64)
    );
    let noor = noor.laptop.restart().await;
    assert!(noor.app.shown_media(&id).await.is_ok(), "it is still here");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_damaged_or_lost_is_told_and_comes_when_it_is_mended() {
    use MediaState::{Failed, Gone, Here};

    let noor = Noor::with_pictures(2).await;
    noor.bring(1).await;
    noor.bring(2).await;
    noor.laptop.sync().await;
    let damaged = [bytes(1), b"!".to_vec()].concat();
    std::fs::write(noor.on_server(1), damaged).expect("the server's disk fails");
    std::fs::remove_file(noor.on_server(2)).expect("and loses a file");
    noor.app().fetch_by_itself();
    for media in noor.shown().await {
        noor.app()
            .want_media(&media.id)
            .await
            .expect("it can be asked for");
    }
    noor.until(&[Failed, Gone]).await;
    let [first, second] = &noor.shown().await[..] else {
        panic!("two pictures")
    };
    assert_eq!(first.error.as_deref(), Some("media_wrong"));
    assert!(!noor.on_laptop(1).exists(), "nothing wrong is kept");

    std::fs::write(noor.on_server(1), bytes(1)).expect("somebody mends it");
    std::fs::write(noor.on_server(2), bytes(2)).expect("both");
    noor.app().want_media(&first.id).await.expect("again");
    noor.app().want_media(&second.id).await.expect("again");
    noor.until(&[Here, Here]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_left_alone_until_somebody_asks() {
    use MediaState::{Failed, Here, OnServer};

    let mut noor = Noor::with_pictures(1).await;
    noor.bring(1).await;
    noor.laptop.sync().await;
    noor.server.stop().await;
    noor.app().fetch_by_itself();
    let id = noor.shown().await[0].id.clone();
    noor.app()
        .want_media(&id)
        .await
        .expect("it can be asked for");
    noor.until(&[Failed]).await;
    assert_eq!(noor.shown().await[0].error.as_deref(), Some("unreachable"));
    noor.app()
        .leave_media(&id)
        .await
        .expect("it can be called off");
    noor.until(&[OnServer]).await;
    noor.server.resume().await;
    noor.app()
        .want_media(&id)
        .await
        .expect("and asked for again");
    noor.until(&[Here]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_terminals_way_brings_all_and_what_was_taken_back_goes() {
    use MediaState::Here;

    let noor = Noor::with_pictures(3).await;
    for n in 1..=3 {
        noor.bring(n).await;
    }
    noor.laptop.sync().await;
    let which = FetchWhich::All { largest: i64::MAX };
    let came = noor
        .app()
        .fetch_media(which, |_| {})
        .await
        .expect("they come");
    assert_eq!((came, noor.states().await), (3, vec![Here, Here, Here]));
    assert_eq!(
        noor.app().stats().await.expect("stats").bytes.media,
        3 * 40_008
    );

    let id = noor.shown().await[1].id.clone();
    let back = vec![(0, revoked(CHAT, "P2", 9))];
    noor.server.ingest(noor.account, back).await;
    noor.laptop.sync().await;
    let shown = noor.app().shown_media(&id).await;
    assert!(
        shown.is_err(),
        "what was taken back is shown no more: {shown:?}"
    );
    assert!(
        noor.app()
            .save_media(&id, noor.laptop.home())
            .await
            .is_err(),
        "nor saved"
    );
}
