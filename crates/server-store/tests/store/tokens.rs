//! Tokens and integrations.

use threadkeep_protocol::Timestamp;
use threadkeep_server_store::{NewToken, Scope, StoreError};

use crate::bed::{Bed, integrate};

fn new_token(integrations: Vec<i64>, scopes: Vec<Scope>) -> NewToken {
    NewToken {
        label: "laptop".into(),
        integrations,
        scopes,
        expires_at: None,
    }
}

#[tokio::test]
async fn a_token_opens_what_it_was_made_for() {
    let bed = Bed::new().await;
    let other = integrate(&bed.store).await;
    let made = bed
        .store
        .create_token(new_token(vec![bed.integration], vec![Scope::Read]))
        .await
        .unwrap();
    assert!(
        made.token.starts_with("tk_") && made.token.len() == 3 + 43,
        "32 bytes in base64url"
    );
    let grant = bed.store.authenticate(&made.token).await.unwrap().unwrap();
    assert_eq!(grant.token_id, made.id);
    assert!(grant.may(Scope::Read, bed.integration));
    assert!(!grant.may(Scope::Read, other) && !grant.may(Scope::Ingest, bed.integration));
    let readable = bed.store.integrations(&grant).await.unwrap();
    assert_eq!(
        readable.iter().map(|i| i.id).collect::<Vec<_>>(),
        vec![bed.integration]
    );
    assert_eq!(bed.store.integration(other + 1).await.unwrap(), None);
}

#[tokio::test]
async fn a_token_that_only_writes_lists_nothing_to_read() {
    let bed = Bed::new().await;
    let made = bed
        .store
        .create_token(new_token(vec![bed.integration], vec![Scope::Ingest]))
        .await
        .unwrap();
    let grant = bed.store.authenticate(&made.token).await.unwrap().unwrap();
    assert_eq!(bed.store.integrations(&grant).await.unwrap(), vec![]);
}

#[tokio::test]
async fn unknown_expired_and_revoked_tokens_open_nothing() {
    let bed = Bed::new().await;
    let expired = NewToken {
        expires_at: Some(Timestamp::from_seconds(1)),
        ..new_token(vec![bed.integration], vec![Scope::Admin])
    };
    let expired = bed.store.create_token(expired).await.unwrap();
    let revoked = bed
        .store
        .create_token(new_token(vec![bed.integration], vec![Scope::Admin]))
        .await
        .unwrap();
    assert!(
        bed.store
            .authenticate(&revoked.token)
            .await
            .unwrap()
            .is_some()
    );
    assert!(bed.store.revoke_token(revoked.id).await.unwrap());
    assert!(
        !bed.store.revoke_token(revoked.id).await.unwrap(),
        "there is none any more"
    );
    for token in [expired.token.as_str(), &revoked.token, "", "tk_", "tk_AAAA"] {
        assert_eq!(bed.store.authenticate(token).await.unwrap(), None);
    }
}

#[tokio::test]
async fn tokens_are_listed_and_revoked_by_label() {
    let bed = Bed::new().await;
    for _ in 0..2 {
        bed.store
            .create_token(new_token(vec![bed.integration], vec![Scope::Read]))
            .await
            .unwrap();
    }
    let other = NewToken {
        label: "phone".into(),
        ..new_token(vec![], vec![Scope::Ingest])
    };
    bed.store.create_token(other).await.unwrap();
    assert_eq!(bed.store.tokens().await.unwrap().len(), 3);
    assert_eq!(bed.store.revoke_tokens_labelled("laptop").await.unwrap(), 2);
    let left = bed.store.tokens().await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(
        (left[0].label.as_str(), left[0].scopes.as_slice()),
        ("phone", [Scope::Ingest].as_slice())
    );
}

#[tokio::test]
async fn a_token_for_an_unknown_integration_is_not_made() {
    let bed = Bed::new().await;
    let made = bed
        .store
        .create_token(new_token(vec![bed.integration, 99], vec![Scope::Read]))
        .await;
    assert!(matches!(made, Err(StoreError::UnknownIntegration(99))));
    assert_eq!(
        bed.store.tokens().await.unwrap(),
        vec![],
        "half a token is none"
    );
}

#[tokio::test]
async fn the_file_holds_no_token() {
    let bed = Bed::new().await;
    let made = bed
        .store
        .create_token(new_token(vec![bed.integration], vec![Scope::Read]))
        .await
        .unwrap();
    let label = b"laptop".as_slice();
    let secret = &made.token.as_bytes()[3..];
    let holds = |needle: &[u8]| {
        let wal = bed.path.with_file_name("server.db-wal");
        [&bed.path, &wal].into_iter().any(|path| {
            let bytes = std::fs::read(path).unwrap();
            bytes.windows(needle.len()).any(|window| window == needle)
        })
    };
    assert!(holds(label), "the search finds what is there");
    assert!(!holds(secret), "the token is kept as a hash only");
    assert!(!format!("{made:?}").contains(std::str::from_utf8(secret).unwrap()));
}
