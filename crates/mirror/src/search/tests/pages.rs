//! Order and pages.

use serde_json::json;
use threadkeep_protocol::Timestamp;

use super::*;

/// Messages that arrive in another order than they were sent, many within one day.
async fn shuffled(count: u64) -> Place {
    let place = Place::new().await;
    let rows = (1..=count).map(|number| {
        // A walk that meets every number below the count, which has no factor in common with 7.
        let hours = (number * 7) % count;
        said(
            number,
            1 + number % 3,
            json!({"content": format!("soup {hours}"),
                "timestamp": Timestamp::from_seconds(1_600_000_000 + i64::try_from(hours * 3_600).unwrap())}),
        )
    });
    for rows in rows.collect::<Vec<_>>().chunks(40) {
        place.put(rows.to_vec()).await;
        place.caught_up().await;
    }
    place
}

/// The hours of all hits, page after page.
async fn walk(place: &Place, mut query: SearchQuery) -> Vec<u64> {
    let mut hours = Vec::new();
    loop {
        let found = place.ask(query.clone()).await;
        hours.extend(found.hits.iter().map(|hit| {
            let hour = hit.message.content.trim_start_matches("soup ");
            hour.parse::<u64>().unwrap()
        }));
        match found.next {
            None => return hours,
            next => query.place = next,
        }
    }
}

#[tokio::test]
async fn pages_go_back_in_time_whatever_the_order_of_arrival() {
    let place = shuffled(200).await;
    for limit in [1, 7, 200] {
        let hours = walk(
            &place,
            SearchQuery {
                limit,
                ..query("soup")
            },
        )
        .await;
        assert_eq!(
            hours,
            (0..200).rev().collect::<Vec<_>>(),
            "each once, in order, {limit} at a time"
        );
    }
}

#[tokio::test]
async fn from_a_place_both_ways_lead_on() {
    let place = shuffled(100).await;
    let middle = place.ask(query("soup 50")).await.hits.remove(0);
    let from = Some(SearchPlace::Message(middle.message.key));
    let older = SearchQuery {
        place: from,
        limit: 9,
        ..query("soup")
    };
    let newer = SearchQuery {
        toward: Toward::Newer,
        ..older.clone()
    };
    assert_eq!(walk(&place, older).await, (0..50).rev().collect::<Vec<_>>());
    assert_eq!(walk(&place, newer).await, (51..100).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_chat_alone_is_searched() {
    let place = shuffled(60).await;
    let chat = place.ask(query("soup 7 ")).await.hits.remove(0).chat.pk;
    let here = SearchQuery {
        chat: Some(chat),
        ..query("soup")
    };
    let found = place.ask(here).await;
    assert_eq!(found.hits.len(), 20, "a third of them");
    assert!(found.hits.iter().all(|hit| hit.chat.pk == chat));
    let nothing = SearchQuery {
        chat: Some(chat),
        ..query("")
    };
    assert!(
        place.ask(nothing).await.hits.is_empty(),
        "no words, no hits"
    );
}

#[tokio::test]
async fn a_page_says_how_many_there_are() {
    let place = shuffled(60).await;
    let about = place
        .ask(SearchQuery {
            limit: 5,
            ..query("soup")
        })
        .await
        .about;
    assert_eq!(
        about,
        Some(About {
            hits: 60,
            more: false
        })
    );
    let about = place.ask(query("nothing")).await.about;
    assert_eq!(about, Some(About::default()));
}

#[tokio::test]
async fn many_are_counted_to_the_end_only_where_nobody_types() {
    let place = Place::new().await;
    let rows = (1..=1_100).map(|number| said(number, 1, json!({"content": "soup"})));
    place.put(rows.collect()).await;
    let first = SearchQuery {
        limit: 5,
        ..query("soup")
    };
    let most = About {
        hits: 1_000,
        more: true,
    };
    for order in [Order::Newest, Order::Best] {
        let asked = SearchQuery {
            order,
            ..first.clone()
        };
        assert_eq!(place.ask(asked).await.about, Some(most), "{order:?}");
    }
    let all = About {
        hits: 1_100,
        more: false,
    };
    let found = place.search.look_up(first).await.unwrap();
    assert_eq!(found.about, Some(all), "what a chat has is looked up");
}

#[tokio::test]
async fn the_best_come_first_and_of_equals_the_newest() {
    let place = Place::new().await;
    for (number, text) in (1..).zip([
        "red onion soup and bread with many other things on the side of it",
        "onion",
        "soup of onion, soup of leek",
        "onion soup",
        "onions and soup",
        "onion soup",
    ]) {
        place.say(number, text).await;
    }
    let best = SearchQuery {
        order: Order::Best,
        ..query("onion soup")
    };
    let found = names(&place.ask(best.clone()).await);
    assert_eq!(found[..2], ["6", "4"], "nothing else but what was typed");
    assert_eq!(
        found.last().map(String::as_str),
        Some("1"),
        "lost in a long text"
    );
    let mut paged = Vec::new();
    let mut page = SearchQuery { limit: 2, ..best };
    loop {
        let found = place.ask(page.clone()).await;
        paged.extend(names(&found));
        match found.next {
            None => break,
            next => page.place = next,
        }
    }
    assert_eq!(paged, found, "in pages too");
}
