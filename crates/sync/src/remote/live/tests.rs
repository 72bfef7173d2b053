use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::RemoteOptions;

/// Longer than any test waits.
const LONG: Duration = Duration::from_secs(3_600);

/// A connection for live events, and the end of it that speaks.
async fn connected() -> (Live, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let base = format!("http://{address}").parse().unwrap();
    let remote = Remote::new(base, None, RemoteOptions::default()).unwrap();
    let accepting = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.unwrap());
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
        socket.write_all(answer).await.unwrap();
        socket
    };
    let (live, socket) = tokio::join!(remote.live(1, LONG), accepting);
    (live.unwrap(), socket)
}

#[tokio::test]
async fn each_heartbeat_puts_off_the_end_of_a_quiet_connection() {
    let (mut live, mut server) = connected().await;
    for _ in 0..3 {
        let before = live.deadline;
        server.write_all(b":\n\n").await.unwrap();
        while live.deadline == before {
            tokio::select! {
                biased;
                heard = live.next() => panic!("nothing was said: {heard:?}"),
                () = tokio::task::yield_now() => {}
            }
        }
        assert!(live.deadline > before, "the silence is counted anew");
    }
}
