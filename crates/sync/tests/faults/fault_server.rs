//! A server on a raw socket: honest by default, and wrong on the wire in ways that no HTTP library
//! would let it be.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use threadkeep_protocol::{Id, NDJSON, Seq, Stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
};

use crate::world::World;

mod head;
mod packed;

pub use packed::{gzip, http, zstd};

use head::{parse, read_head};

/// What was asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// How many requests came before it.
    pub nth: usize,
    pub path: String,
    /// How many connections came before the one that it came by.
    pub connection: usize,
    /// The stream, where a page or lines were asked for.
    pub stream: Option<Stream>,
    /// The chat whose newest messages were asked for.
    pub chat: Option<Id>,
    pub since: Seq,
    pub limit: usize,
    /// The bucket of the digest, where one was asked for.
    pub bucket: Option<u8>,
    /// The stream whose digest was asked for.
    pub digest: Option<Stream>,
    /// In lower case, by name in lower case.
    pub headers: BTreeMap<String, String>,
}

impl Request {
    pub fn wants_lines(&self) -> bool {
        self.headers
            .get("accept")
            .is_some_and(|accept| accept.contains(NDJSON))
    }
}

/// How to answer.
#[derive(Debug, Clone)]
pub enum Reply {
    /// As the world is.
    Honest,
    /// As the world is, compressed.
    Gzip,
    /// The same, with another encoding.
    Zstd,
    /// As the world is, compressed, and no more than so many bytes of that; the length agrees.
    PartOf(fn(&[u8]) -> Vec<u8>, &'static str, usize),
    /// The honest body, changed.
    Changed(fn(String) -> String),
    /// 200 with this JSON.
    Json(String),
    /// 200 with these lines.
    Lines(String),
    /// Status line, header lines and body, written out; the length is added.
    Http(&'static str, String),
    /// These bytes and no more; then the connection is closed.
    Raw(Vec<u8>),
    /// The honest answer, closed after so many bytes of its body.
    CutAfter(usize),
    /// The honest answer; after so many bytes of its body nothing more, ever.
    StallAfter(usize),
    /// The honest body under a length that is wrong by so much.
    WrongLength(isize),
    /// The honest answer in bytes that come after so long each.
    Drip(Duration),
    /// Nothing, ever.
    Hang,
    /// Live events, as somebody says them.
    Feed(Feed),
}

/// What a live connection says; clones are the same one. It ends when its other half is dropped.
#[derive(Debug, Clone)]
pub struct Feed(Arc<tokio::sync::Mutex<mpsc::Receiver<String>>>);

impl Feed {
    /// What says it, and the reply.
    pub fn open() -> (mpsc::Sender<String>, Reply) {
        let (sender, receiver) = mpsc::channel(64);
        let feed = Self(Arc::new(tokio::sync::Mutex::new(receiver)));
        (sender, Reply::Feed(feed))
    }
}

type Script = Box<dyn FnMut(&Request, &mut World) -> Reply + Send>;

struct State {
    world: World,
    script: Script,
    requests: Vec<Request>,
}

/// Serves until dropped.
pub struct FaultServer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl FaultServer {
    pub async fn start(world: World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            world,
            script: Box::new(|_, _| Reply::Honest),
            requests: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            let mut connections = 0..;
            while let Ok((socket, _)) = listener.accept().await {
                let connection = connections.next().unwrap_or_default();
                tokio::spawn(converse(socket, connection, Arc::clone(&shared)));
            }
        });
        Self {
            address,
            state,
            task,
        }
    }

    /// From now on every request is answered as `script` says; it may change the world before.
    pub fn script(&self, script: impl FnMut(&Request, &mut World) -> Reply + Send + 'static) {
        self.state().script = Box::new(script);
    }

    /// From now on everything is answered honestly.
    pub fn be_honest(&self) {
        self.script(|_, _| Reply::Honest);
    }

    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.state().world)
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What an honest server says.
struct Honest {
    text: String,
    is_lines: bool,
}

impl Honest {
    fn json(text: String) -> Self {
        Self {
            text,
            is_lines: false,
        }
    }

    /// The head of the answer, without a length.
    const fn head(&self) -> &'static str {
        if self.is_lines {
            "200 OK\r\ncontent-type: application/x-ndjson"
        } else {
            "200 OK\r\ncontent-type: application/json; charset=utf-8"
        }
    }

    /// The whole answer. Lines come in chunks, as long as nobody knows how many there are.
    fn whole(&self) -> Vec<u8> {
        if self.is_lines {
            [self.part(self.text.len()), b"0\r\n\r\n".to_vec()].concat()
        } else {
            http(self.head(), self.text.as_bytes())
        }
    }

    /// So many bytes of it, with a head that promises more.
    fn part(&self, bytes: usize) -> Vec<u8> {
        let bytes = &self.text.as_bytes()[..bytes.min(self.text.len())];
        if !self.is_lines {
            let head = format!(
                "HTTP/1.1 {}\r\ncontent-length: {}\r\n\r\n",
                self.head(),
                self.text.len()
            );
            return [head.as_bytes(), bytes].concat();
        }
        let mut part = format!(
            "HTTP/1.1 {}\r\ntransfer-encoding: chunked\r\n\r\n",
            self.head()
        );
        let mut part = std::mem::take(&mut part).into_bytes();
        for chunk in bytes.chunks(700) {
            part.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
            part.extend(chunk);
            part.extend(b"\r\n");
        }
        part
    }
}

async fn converse(mut socket: TcpStream, connection: usize, state: Arc<Mutex<State>>) {
    while let Some(head) = read_head(&mut socket).await {
        let (reply, honest) = {
            let mut state = state.lock().unwrap();
            let request = parse(&head, state.requests.len(), connection);
            state.requests.push(request.clone());
            let State { world, script, .. } = &mut *state;
            let reply = script(&request, world);
            (reply, honest_body(&request, world))
        };
        if answer(&mut socket, reply, honest).await.is_none() {
            let _ = socket.shutdown().await;
            return;
        }
    }
}

/// `None` where the connection ends with the answer.
async fn answer(socket: &mut TcpStream, reply: Reply, honest: Option<Honest>) -> Option<()> {
    let Some(honest) = honest else {
        // The world does not know it; a script that answers anyway does so in full.
        return match reply {
            Reply::Http(head, body) => write(socket, &http(head, body.as_bytes())).await,
            Reply::Json(body) => write(socket, &Honest::json(body).whole()).await,
            Reply::Feed(feed) => say(socket, feed).await,
            Reply::Raw(bytes) => {
                write(socket, &bytes).await;
                None
            }
            Reply::Hang => std::future::pending().await,
            _ => {
                let body = br#"{"error":"no such thing"}"#;
                let head = "404 Not Found\r\ncontent-type: application/json";
                write(socket, &http(head, body)).await
            }
        };
    };
    match reply {
        Reply::Honest => write(socket, &honest.whole()).await,
        Reply::Changed(change) => {
            let changed = Honest {
                text: change(honest.text),
                ..honest
            };
            write(socket, &changed.whole()).await
        }
        Reply::Gzip => write(socket, &packed(&honest, gzip, "gzip", usize::MAX)).await,
        Reply::Zstd => write(socket, &packed(&honest, zstd, "zstd", usize::MAX)).await,
        Reply::PartOf(pack, encoding, bytes) => {
            write(socket, &packed(&honest, pack, encoding, bytes)).await
        }
        Reply::Json(body) => write(socket, &Honest::json(body).whole()).await,
        Reply::Lines(text) => {
            let lines = Honest {
                text,
                is_lines: true,
            };
            write(socket, &lines.whole()).await
        }
        Reply::Http(head, body) => write(socket, &http(head, body.as_bytes())).await,
        Reply::Raw(bytes) => {
            write(socket, &bytes).await;
            None
        }
        Reply::CutAfter(bytes) => {
            write(socket, &honest.part(bytes.min(honest.text.len() - 1))).await;
            None
        }
        Reply::StallAfter(bytes) => {
            write(socket, &honest.part(bytes.min(honest.text.len() - 1))).await;
            std::future::pending().await
        }
        Reply::WrongLength(by) => {
            let length = honest.text.len().saturating_add_signed(by);
            let head = format!(
                "HTTP/1.1 {}\r\ncontent-length: {length}\r\n\r\n",
                honest.head()
            );
            write(socket, &[head.as_bytes(), honest.text.as_bytes()].concat()).await;
            None
        }
        Reply::Drip(pause) => {
            for byte in honest.whole() {
                write(socket, &[byte]).await?;
                tokio::time::sleep(pause).await;
            }
            Some(())
        }
        Reply::Hang => std::future::pending().await,
        Reply::Feed(feed) => say(socket, feed).await,
    }
}

/// Ends with the feed, or as soon as the client is gone.
async fn say(socket: &mut TcpStream, feed: Feed) -> Option<()> {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    write(socket, head).await?;
    let mut feed = feed.0.lock().await;
    let mut byte = [0];
    loop {
        tokio::select! {
            _ = socket.read(&mut byte) => return None,
            words = feed.recv() => write(socket, words?.as_bytes()).await?,
        }
    }
}

fn packed(honest: &Honest, pack: fn(&[u8]) -> Vec<u8>, encoding: &str, most: usize) -> Vec<u8> {
    let mut body = pack(honest.text.as_bytes());
    body.truncate(most);
    http(
        &format!("{}\r\ncontent-encoding: {encoding}", honest.head()),
        &body,
    )
}

async fn write(socket: &mut TcpStream, bytes: &[u8]) -> Option<()> {
    socket.write_all(bytes).await.ok()
}

/// What an honest server says; nothing where it knows no such thing.
fn honest_body(request: &Request, world: &World) -> Option<Honest> {
    if let Some(stream) = request.stream {
        let known = world.streams.contains(&stream) && request.path.ends_with("/1");
        if let Some(bucket) = request.bucket {
            let page = world.bucket(stream, bucket, request.since, request.limit);
            return known.then(|| Honest::json(page));
        }
        let is_lines = world.speaks_lines && request.wants_lines();
        let text = if is_lines { World::lines } else { World::page };
        return known.then(|| Honest {
            text: text(world, stream, request.since, request.limit),
            is_lines,
        });
    }
    if let Some(chat) = request.chat {
        return world.recent(chat, request.limit).map(Honest::json);
    }
    if let Some(stream) = request.digest {
        let known = world.tells_digest && world.streams.contains(&stream);
        let digest = serde_json::to_string(&world.digest(stream)).unwrap();
        return known.then(|| Honest::json(digest));
    }
    let text = match request.path.as_str() {
        "/health" => Some(r#"{"status":"ok","version":"1.2.3"}"#.into()),
        "/integrations" => Some(r#"[{"id":1,"integration_type":"whatsapp"}]"#.into()),
        "/sync/status/1" if world.tells_status => {
            Some(serde_json::to_string(&world.status()).unwrap())
        }
        _ => None,
    };
    text.map(Honest::json)
}
