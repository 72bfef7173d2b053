//! A network with a round trip, on one computer: bytes go both ways, each half a round trip late. Nothing
//! is lost and nothing is slower than that, so a pull through it shows what waiting costs.

use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
    time::{Instant, sleep_until},
};

/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// Pieces on the way: at 100 ms of round trip room for more than a gigabyte a second.
const ON_THE_WAY: usize = 1_024;

/// Pass connections on to a server, half a round trip late each way.
#[derive(Args)]
pub struct Relay {
    /// `HOST:PORT`
    #[arg(long)]
    to: String,
    /// The round trip that it adds, in milliseconds
    #[arg(long)]
    rtt: u64,
}

impl Relay {
    /// Runs until it is killed; prints its address first.
    pub async fn run(self) -> anyhow::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("relaying on http://{}", listener.local_addr()?);
        let late = Duration::from_millis(self.rtt) / 2;
        loop {
            let (near, _) = listener.accept().await?;
            let to = self.to.clone();
            tokio::spawn(async move {
                if let Err(error) = join(near, &to, late).await {
                    eprintln!("a connection was not passed on: {error:#}");
                }
            });
        }
    }
}

async fn join(near: TcpStream, to: &str, late: Duration) -> anyhow::Result<()> {
    // What a connection costs on such a network is one round trip more.
    tokio::time::sleep(late * 2).await;
    let far = TcpStream::connect(to).await.context("connecting")?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let (from_near, to_near) = near.into_split();
    let (from_far, to_far) = far.into_split();
    tokio::join!(pass(from_near, to_far, late), pass(from_far, to_near, late));
    Ok(())
}

/// Passes one direction on until it ends; a broken connection is an end like any other.
async fn pass(from: OwnedReadHalf, to: OwnedWriteHalf, late: Duration) {
    let (sender, receiver) = mpsc::channel(ON_THE_WAY);
    tokio::join!(read(from, sender, late), write(receiver, to));
}

async fn read(mut from: OwnedReadHalf, sender: mpsc::Sender<(Instant, Vec<u8>)>, late: Duration) {
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        match from.read_buf(&mut piece).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
        if sender.send((Instant::now() + late, piece)).await.is_err() {
            return;
        }
    }
}

async fn write(mut receiver: mpsc::Receiver<(Instant, Vec<u8>)>, mut to: OwnedWriteHalf) {
    while let Some((due, piece)) = receiver.recv().await {
        sleep_until(due).await;
        if to.write_all(&piece).await.is_err() {
            return;
        }
    }
    // Nobody listens any more, if this fails.
    _ = to.shutdown().await;
}
