//! Any page size, pages or lines, the newest messages first or not, any growth and edits between answers,
//! any cuts: the same mirror.

use proptest::prelude::*;
use threadkeep_sync::{Outcome, PageLimit, RecentFirst};
use tokio_util::sync::CancellationToken;

use crate::{bench::Bench, fault_server::Reply, world::World};

/// What happens at a request.
#[derive(Debug, Clone)]
enum Happening {
    Nothing,
    Message,
    Conversation,
    Edit(usize),
    Rename(usize),
    ServerFault,
    Cut(usize),
    Restore,
    Stop,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        8 => Just(Happening::Nothing),
        3 => Just(Happening::Message),
        1 => Just(Happening::Conversation),
        4 => any::<prop::sample::Index>().prop_map(|i| Happening::Edit(i.index(10_000))),
        1 => any::<prop::sample::Index>().prop_map(|i| Happening::Rename(i.index(100))),
        1 => Just(Happening::ServerFault),
        1 => (0_usize..3_000).prop_map(Happening::Cut),
        1 => Just(Happening::Restore),
        1 => Just(Happening::Stop),
    ]
}

async fn pull_through(
    messages: usize,
    limit: u32,
    server_limit: usize,
    streaming: bool,
    happenings: Vec<Happening>,
) {
    let mut bench = Bench::new(World::with_messages(messages)).await;
    bench.options.streaming = streaming;
    bench.options.recent_first = streaming.then_some(RecentFirst {
        chats: 2,
        messages: 3,
    });
    bench.options.page_limit = PageLimit::all(limit);
    let cancel = std::sync::Arc::new(std::sync::Mutex::new(CancellationToken::new()));
    let trigger = std::sync::Arc::clone(&cancel);
    let mut happenings = happenings.into_iter();
    bench.server.script(move |request, world| {
        match happenings.next().unwrap_or(Happening::Nothing) {
            Happening::Nothing => {}
            Happening::Message => world.add_message(),
            Happening::Conversation => world.add_conversation(),
            Happening::Edit(number) if messages > 0 => {
                world.edit_message(number, &format!("edited at {}", request.nth));
            }
            Happening::Edit(_) => {}
            Happening::Rename(number) => {
                world.rename_conversation(number, &format!("renamed at {}", request.nth));
            }
            Happening::ServerFault => {
                return Reply::Http("500 Internal Server Error", String::new());
            }
            Happening::Cut(bytes) => return Reply::CutAfter(bytes),
            Happening::Restore => {
                let old = std::mem::replace(world, World::with_messages(0));
                *world = old.restored(&format!("restored at {}", request.nth));
            }
            Happening::Stop => trigger.lock().unwrap().cancel(),
        }
        // A server may send fewer rows than it was asked for.
        match request.stream {
            Some(stream) => {
                let limit = request.limit.min(server_limit);
                if request.wants_lines() {
                    return Reply::Lines(world.lines(stream, request.since, limit));
                }
                Reply::Json(world.page(stream, request.since, limit))
            }
            None => Reply::Honest,
        }
    });
    // Every run may end anywhere; the script runs out of things that happen.
    for _ in 0..50 {
        let fresh = CancellationToken::new();
        *cancel.lock().unwrap() = fresh.clone();
        if bench.sync_until(fresh).await.outcome == Outcome::Completed {
            break;
        }
    }
    bench.assert_recovers().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_way_ends_in_the_same_mirror(
        messages in 0_usize..60,
        limit in 1_u32..30,
        server_limit in 1_usize..30,
        streaming in any::<bool>(),
        happenings in prop::collection::vec(happening(), 0..60),
    ) {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
            .block_on(pull_through(messages, limit, server_limit, streaming, happenings));
    }
}
