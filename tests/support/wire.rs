//! A network between a computer and a server, as bad as a story needs it.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

/// What comes behind these bytes of an answer waits.
const LET_THROUGH: usize = 64 * 1024;

/// Bytes go both ways through it until it is dropped.
pub struct Wire {
    /// Where it can be reached in the server's place.
    pub url: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

struct State {
    server: String,
    /// After how many bytes of answers the next connections are cut, one each.
    cuts: Mutex<VecDeque<usize>>,
    connections: AtomicUsize,
    /// Answers to requests that begin so are held.
    held: watch::Sender<Option<String>>,
    /// How many such requests came.
    holds: AtomicUsize,
}

impl Wire {
    /// A good network to that server.
    pub async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("loopback has a free port");
        let address = listener.local_addr();
        let url = format!("http://{}", address.expect("a bound socket has an address"));
        let state = Arc::new(State {
            server: server.trim_start_matches("http://").to_owned(),
            cuts: Mutex::default(),
            connections: AtomicUsize::new(0),
            held: watch::Sender::new(None),
            holds: AtomicUsize::new(0),
        });
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(join(client, Arc::clone(&shared)));
            }
        });
        Self { url, state, task }
    }

    /// The next connections break after so many bytes of answers, one each; those after them hold.
    pub fn cut_after(&self, bytes: impl IntoIterator<Item = usize>) {
        self.state.cuts().extend(bytes);
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }

    /// How many cuts are still to come.
    pub fn cuts_left(&self) -> usize {
        self.state.cuts().len()
    }

    /// Only the beginning of an answer comes through where the request's path begins so.
    pub fn hold(&self, path: &str) {
        self.state.held.send_replace(Some(format!("GET {path}")));
    }

    /// How many requests came whose answers were to be held.
    pub fn holds(&self) -> usize {
        self.state.holds.load(Ordering::Relaxed)
    }

    /// What was held comes through.
    pub fn release(&self) {
        self.state.held.send_replace(None);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    fn cuts(&self) -> std::sync::MutexGuard<'_, VecDeque<usize>> {
        self.cuts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn join(client: TcpStream, state: Arc<State>) {
    let Ok(server) = TcpStream::connect(&state.server).await else {
        return;
    };
    let cut = state.cuts().pop_front().unwrap_or(usize::MAX);
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let slow = Arc::new(AtomicUsize::new(usize::MAX));
    tokio::select! {
        () = asking(from_client, to_server, &state, &slow) => {}
        () = answering(from_server, to_client, cut, &state, &slow) => {}
    }
}

/// Passes requests on, and notes when one is to be answered slowly.
async fn asking(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &State,
    slow: &AtomicUsize,
) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let is_held = state
            .held
            .borrow()
            .as_ref()
            .is_some_and(|start| bytes.starts_with(start.as_bytes()));
        if is_held {
            slow.store(LET_THROUGH, Ordering::Relaxed);
            state.holds.fetch_add(1, Ordering::Relaxed);
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

async fn answering(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut left: usize,
    state: &State,
    slow: &AtomicUsize,
) {
    let mut held = state.held.subscribe();
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let let_through = slow.load(Ordering::Relaxed);
        if let_through < count && held.wait_for(Option::is_none).await.is_err() {
            return;
        }
        if let_through != usize::MAX {
            slow.store(let_through.saturating_sub(count), Ordering::Relaxed);
        }
        let count = count.min(left);
        left -= count;
        if to.write_all(&bytes[..count]).await.is_err() || left == 0 {
            return;
        }
    }
}
