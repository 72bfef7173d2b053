//! Taking an account away.

use threadkeep_protocol::Message;
use threadkeep_server_store::{NewIntegration, NewToken, Scope};

use crate::bed::{ANA, BOB, Bed, GROUP, message, mine, reaction, said};

#[tokio::test]
async fn an_account_goes_with_everything_it_has_and_no_other_is_touched() {
    let (gone, stays) = (Bed::new().await, "another account");
    let new = NewIntegration {
        integration_type: "whatsapp".into(),
        display_name: stays.into(),
        external_id: None,
    };
    let other = gone.store.create_integration(new).await.unwrap().id;
    let token = NewToken {
        label: String::new(),
        integrations: vec![gone.integration, other],
        scopes: vec![Scope::Read],
        expires_at: None,
    };
    let token = gone.store.create_token(token).await.unwrap().token;
    gone.tell([
        said(message(GROUP, "a", 1)),
        said(mine(ANA, "b", 2)),
        reaction(ANA, "not here yet", BOB, "👍", 3),
    ])
    .await;

    gone.store
        .remove_integration(gone.integration)
        .await
        .unwrap();
    let left = gone.store.all_integrations().await.unwrap();
    assert_eq!(left.iter().map(|each| each.id).collect::<Vec<_>>(), [other]);
    let page = gone.store.page::<Message>(gone.integration, 0, 10).await;
    assert!(page.is_err(), "nobody reads it any more");
    let grant = gone
        .store
        .authenticate(&token)
        .await
        .unwrap()
        .expect("the token opens the other");
    assert_eq!(grant.integrations, [other], "and the other only");
    gone.store
        .remove_integration(gone.integration)
        .await
        .expect("twice is once");
}
