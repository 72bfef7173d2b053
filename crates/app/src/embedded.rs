//! The sync server inside the app: this computer's canonical record, on a loopback port that only
//! this process knows, behind a token that lives as long as it does.

use std::net::Ipv4Addr;

use threadkeep_content::Contents;
use threadkeep_home::Home;
use threadkeep_protocol::IntegrationId;
use threadkeep_server::{Options, ServeError, serve_with};
use threadkeep_server_store::{NewToken, Scope, Store};
use tokio::{net::TcpListener, sync::Mutex, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::Error;

/// The server's name in the mirror, instead of an address: the port is another at each start.
pub(crate) const EMBEDDED: &str = "embedded";

/// The server inside the app, started when it is first needed.
#[derive(Debug)]
pub(crate) struct Embedded {
    home: Home,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    store: Store,
    address: Url,
    /// What opens it now, and which accounts.
    key: (String, Vec<IntegrationId>),
    stop: CancellationToken,
    task: JoinHandle<Result<(), ServeError>>,
}

/// Where to reach it, and what opens it.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(crate) address: Url,
    pub(crate) token: String,
    pub(crate) store: Store,
}

impl Embedded {
    pub(crate) fn new(home: Home) -> Self {
        Self {
            home,
            running: Mutex::new(None),
        }
    }

    /// Starts it if need be. A token opens the accounts that were there when it was made, so a new
    /// one is made when there are others; the old one stays good for what runs.
    pub(crate) async fn open(&self) -> Result<Door, Error> {
        let mut slot = self.running.lock().await;
        let server = match slot.take() {
            Some(server) => slot.insert(server),
            None => slot.insert(start(&self.home).await?),
        };
        let accounts = server
            .store
            .all_integrations()
            .await?
            .into_iter()
            .map(|found| found.id);
        let accounts = accounts.collect::<Vec<_>>();
        if server.key.1 != accounts {
            server.key = (mint(&server.store, accounts.clone()).await?, accounts);
        }
        Ok(Door {
            address: server.address.clone(),
            token: server.key.0.clone(),
            store: server.store.clone(),
        })
    }

    /// Whether something has needed it.
    pub(crate) async fn is_running(&self) -> bool {
        self.running.lock().await.is_some()
    }

    /// The bytes of files that it keeps.
    pub(crate) fn contents(&self) -> Contents {
        let mut folder = self.home.server_file().into_os_string();
        folder.push(".media");
        Contents::new(folder.into())
    }

    /// Finishes what runs and stops.
    pub(crate) async fn close(&self) {
        let Some(server) = self.running.lock().await.take() else {
            return;
        };
        server.stop.cancel();
        // It has its own limit for what still runs; how it ended is in its log.
        _ = server.task.await;
        _ = server.store.revoke_tokens_labelled(EMBEDDED).await;
    }
}

async fn start(home: &Home) -> Result<Running, Error> {
    let store = Store::open(&home.server_file())?;
    // Those of processes that were killed open nothing any more.
    store.revoke_tokens_labelled(EMBEDDED).await?;
    // What feeds an import here is this process, and it has not begun to.
    store.cancel_running_imports().await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(Error::Listen)?;
    let port = listener.local_addr().map_err(Error::Listen)?.port();
    let address = format!("http://127.0.0.1:{port}/");
    let address = Url::parse(&address).map_err(|_| Error::Address(address))?;
    let stop = CancellationToken::new();
    let stopped = stop.clone().cancelled_owned();
    let task = tokio::spawn(serve_with(
        listener,
        store.clone(),
        Options::embedded(),
        stopped,
    ));
    Ok(Running {
        store,
        address,
        key: Default::default(),
        stop,
        task,
    })
}

async fn mint(store: &Store, integrations: Vec<IntegrationId>) -> Result<String, Error> {
    let scopes = vec![Scope::Read, Scope::Ingest];
    let label = EMBEDDED.to_owned();
    let new = NewToken {
        label,
        integrations,
        scopes,
        expires_at: None,
    };
    Ok(store.create_token(new).await?.token)
}
