//! What a client asks, read from its socket.

use tokio::{io::AsyncReadExt, net::TcpStream};

use super::Request;

pub(super) async fn read_head(socket: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    // A body, where one comes, is read so that the next head is found behind it.
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or_default();
    socket.read_exact(&mut vec![0; length]).await.ok()?;
    Some(head)
}

pub(super) fn parse(head: &str, nth: usize, connection: usize) -> Request {
    let mut lines = head.lines();
    let target = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let number = |name: &str| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|&(key, _)| key == name)
            .and_then(|(_, value)| value.parse::<i64>().ok())
    };
    let digest = path
        .strip_prefix("/sync/digest/")
        .and_then(|rest| rest.strip_suffix("/1"))
        .and_then(|name| name.parse().ok());
    let parts: Vec<&str> = path.split('/').collect();
    let (stream, chat) = match parts[..] {
        ["", "sync", stream, _] => (stream.parse().ok(), None),
        ["", "sync", "messages", _, chat] => (None, chat.parse().ok()),
        _ => (None, None),
    };
    Request {
        nth,
        connection,
        path: path.to_owned(),
        stream,
        chat,
        since: number("since_seq").unwrap_or_default(),
        limit: number("limit").unwrap_or_default() as usize,
        bucket: number("bucket").and_then(|bucket| bucket.try_into().ok()),
        digest,
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_lowercase()))
            .collect(),
    }
}
