//! Secure connections that do not come about.

use std::{net::SocketAddr, sync::Arc};

use rstest::rstest;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

use crate::{
    bench::{Bench, IMPATIENT, codes, remote, remote_with},
    fault_server::FaultServer,
    world::World,
};

#[tokio::test]
async fn https_to_a_plain_port_says_so() {
    // It waits for the end of a head that never comes.
    let server = FaultServer::start(World::with_messages(0)).await;
    let error = remote_with(&format!("https://{}", server.address), IMPATIENT)
        .health()
        .await
        .unwrap_err();
    assert_eq!(error.code(), "tls");
    assert!(error.to_string().contains("plain HTTP"), "{error}");
}

#[tokio::test]
async fn https_to_a_plain_port_that_answers_every_byte_says_so() {
    // What most web servers do: complain in HTTP.
    let complaint = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    let address = serve_bytes(|_| complaint.to_vec()).await;
    let error = remote(&format!("https://{address}"))
        .health()
        .await
        .unwrap_err();
    assert_eq!(error.code(), "tls");
    assert!(error.to_string().contains("plain HTTP"), "{error}");
}

/// TLS servers meet plain HTTP with an alert, with silence, or with a complaint in plain HTTP.
#[rstest]
#[case::an_alert(&[0x15, 3, 3, 0, 2, 2, 50])]
#[case::silence(&[])]
#[case::a_complaint(
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\nNope"
)]
#[tokio::test]
async fn plain_http_to_a_tls_port_says_so(#[case] to_plain: &'static [u8]) {
    const HANDSHAKE: u8 = 0x16;
    // Refuses every handshake with the alert `handshake_failure`: TLS enough to be told from HTTP.
    let address = serve_bytes(move |first| {
        if first == HANDSHAKE {
            vec![0x15, 3, 3, 0, 2, 2, 40]
        } else {
            to_plain.to_vec()
        }
    })
    .await;
    let error = remote(&format!("http://{address}"))
        .health()
        .await
        .unwrap_err();
    assert_eq!(error.code(), "tls", "{error:?}");
    assert!(error.to_string().contains("https://"), "{error}");

    let error = remote(&format!("https://{address}"))
        .health()
        .await
        .unwrap_err();
    assert_eq!(error.code(), "tls");
    assert!(
        !error.to_string().contains("http://"),
        "the scheme is right: {error}"
    );
}

#[tokio::test]
async fn a_port_that_hangs_up_on_everything_is_not_taken_for_tls() {
    let address = serve_bytes(|_| Vec::new()).await;
    let error = remote(&format!("http://{address}"))
        .health()
        .await
        .unwrap_err();
    assert_eq!(error.code(), "interrupted", "{error:?}");
}

/// Answers the first bytes of every connection by the first of them and hangs up.
async fn serve_bytes(answer: impl Fn(u8) -> Vec<u8> + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut bytes = [0; 4_096];
            if matches!(socket.read(&mut bytes).await, Ok(1..)) {
                let _ = socket.write_all(&answer(bytes[0])).await;
            }
            let _ = socket.shutdown().await;
        }
    });
    address
}

/// A TLS server like any other, with a certificate that nobody has signed.
async fn serve_tls() -> SocketAddr {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // Whoever does not trust the certificate hangs up here.
            let _ = acceptor.accept(socket).await;
        }
    });
    address
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_is_not_trusted_and_the_run_says_so_once() {
    let mut bench = Bench::new(World::with_messages(5)).await;
    bench.remote = remote(&format!("https://{}", serve_tls().await));
    let report = bench.sync().await;
    assert_eq!(codes(&report), ["tls"]);
    assert!(
        report.errors[0].message.contains("certificate"),
        "{:?}",
        report.errors
    );
    assert_eq!(
        report.requests, 1,
        "it will not be trusted the next time either"
    );
    bench.assert_empty().await;
}

#[tokio::test]
async fn plain_http_to_a_real_tls_server_says_so() {
    let address = serve_tls().await;
    let error = remote(&format!("http://{address}"))
        .health()
        .await
        .unwrap_err();
    assert_eq!(error.code(), "tls", "{error:?}");
    assert!(error.to_string().contains("https://"), "{error}");
}
