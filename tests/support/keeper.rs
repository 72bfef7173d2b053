//! A server process, made to be killed.
//!
//! `keeper FILE HOST:PORT` serves the file and says `listening HOST:PORT`. It never ends by itself.

use std::{error::Error, path::Path};

use threadkeep_server::serve;
use threadkeep_server_store::Store;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, address] = arguments.as_slice() else {
        return Err("keeper FILE HOST:PORT".into());
    };
    let store = Store::open(Path::new(file))?;
    let listener = TcpListener::bind(address).await?;
    println!("listening {}", listener.local_addr()?);
    serve(listener, store, std::future::pending()).await?;
    Ok(())
}
