//! Ida looks around, then keeps her own things on this computer.

use threadkeep_app::view::ChatQuery;
use threadkeep_server_store::{NewIntegration, Store};
use threadkeep_tests::Device;

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_comes_by_a_pull_and_goes_without_a_trace() {
    let laptop = Device::new("Ida's laptop").await;
    let sample = laptop
        .app
        .add_sample()
        .await
        .expect("the sample can be made");
    assert_eq!(
        (sample.is_sample, sample.messages),
        (true, 0),
        "made, and not pulled yet"
    );
    laptop.sync().await;
    let messages = laptop.app.stats().await.expect("there are stats").messages;
    assert!(messages > 15_000, "a life of six years: {messages}");

    let again = laptop
        .app
        .add_sample()
        .await
        .expect("it may be asked for twice");
    assert_eq!(again.id, sample.id, "there is one sample");
    let reports = laptop.sync().await;
    assert_eq!(
        (reports[0].saved, reports[0].updated),
        (0, 0),
        "and making it again changed nothing"
    );

    laptop.app.remove_sample().await.expect("it can be removed");
    assert!(
        laptop.app.accounts().await.expect("a list").is_empty(),
        "no account is left"
    );
    let chats = laptop
        .app
        .chats(ChatQuery::default())
        .await
        .expect("a list")
        .chats;
    assert!(chats.is_empty(), "and no chat");
    assert_eq!(
        laptop.app.stats().await.expect("there are stats").messages,
        0
    );
    let store = Store::open(&laptop.app.home().server_file()).expect("the server's file opens");
    let left = store.all_integrations().await.expect("a list");
    assert!(left.is_empty(), "nor anything on the server inside the app");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_a_crash_kept_from_being_mirrored_is_found_again() {
    let laptop = Device::new("Ida's laptop").await;
    let store = Store::open(&laptop.app.home().server_file()).expect("the server's file opens");
    let new = NewIntegration {
        integration_type: "whatsapp".into(),
        display_name: "This computer".into(),
        external_id: None,
    };
    store
        .create_integration(new)
        .await
        .expect("an account can be made");
    let first = laptop.app.use_this_computer().await.expect("it is adopted");
    let second = laptop
        .app
        .use_this_computer()
        .await
        .expect("it may be asked for twice");
    assert_eq!(first.id, second.id, "one account");
    assert_eq!(
        store.all_integrations().await.expect("a list").len(),
        1,
        "here and there"
    );
    laptop.sync().await;
}
