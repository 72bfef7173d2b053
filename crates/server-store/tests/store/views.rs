//! Views: of a stream exactly what the view's rules cover, whichever way the store finds it. It is long because
//! every way is compared with one filter by hand.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use threadkeep_protocol::{
    Buckets, Contact, Conversation, Id, Media, MediaRecord, Message, Participant, Receipt,
    ReceiptTimes, Record, Row, Rule, Seq, Stream, Timestamp, View,
};
use threadkeep_server_store::{Slice, StoreError, StoredRow};

use crate::bed::{
    ANA, ANA_LID, BOB, Bed, GROUP, address, at, contact, edit, mine, participant, said,
};

const CHATS: [&str; 4] = [ANA, BOB, GROUP, "491513333333@s.whatsapp.net"];

/// What a client would keep that asks for all of a slice, and how many answers that took.
async fn walk<R: StoredRow>(bed: &Bed, slice: &Slice, limit: u32) -> (Vec<R>, usize) {
    let (mut rows, mut cursor, mut answers, mut left) = (Vec::new(), 0, 0, None);
    loop {
        let page = bed
            .store
            .page_of::<R>(bed.integration, slice.clone(), cursor, limit)
            .await
            .unwrap();
        answers += 1;
        let ascends = page.rows.is_sorted_by(|a: &R, b: &R| a.seq() < b.seq());
        assert!(ascends && page.rows.len() <= limit as usize);
        if let (Some(first), Some(last)) = (page.rows.first(), page.rows.last()) {
            assert!(first.seq() > cursor && last.seq() <= page.latest_seq);
        }
        // Where it is told, it is true.
        let is_counted = page.total_count > 0;
        if let Some(left) = left.filter(|_| is_counted) {
            assert_eq!(page.total_count, left, "total_count says what is left");
        }
        left = is_counted.then(|| page.total_count - page.rows.len() as i64);
        if !page.has_more && is_counted {
            assert_eq!(page.total_count, page.rows.len() as i64);
        }
        assert!(
            !page.has_more || page.latest_seq > cursor,
            "an answer that is not the last leads on"
        );
        cursor = page.latest_seq;
        rows.extend(page.rows);
        if !page.has_more {
            let latest = bed.store.status(bed.integration).await.unwrap();
            let latest = latest.latest_seq(R::STREAM);
            let end = slice.until_seq.unwrap_or(latest).min(latest);
            assert_eq!(
                cursor, end,
                "the cursor passes over what is not in the view"
            );
            return (rows, answers);
        }
    }
}

/// A few hundred messages of four chats, with files and receipts, in no order.
async fn filled() -> Bed {
    let bed = Bed::new().await;
    let mut records = vec![
        Record::Contact(contact(ANA)),
        Record::Participant(participant(GROUP, BOB)),
    ];
    for n in 0..400_i64 {
        let chat = CHATS[(n * 7 % 11 % 4) as usize];
        let mut message = mine(chat, &format!("m{n}"), n * 37 % 401);
        if n % 3 == 0 {
            message.media = Some(MediaRecord {
                media_type: "image".into(),
                ..Default::default()
            });
        }
        if n % 5 == 0 {
            message.receipts = vec![ReceiptTimes {
                participant_external_id: BOB.into(),
                read_at: Some(at(1_000)),
                ..Default::default()
            }];
        }
        records.push(said(message));
    }
    bed.tell(records).await;
    let edits = (0..40).map(|n| {
        let n = n * 9;
        edit(
            CHATS[(n * 7 % 11 % 4) as usize],
            &format!("m{n}"),
            "edited",
            2_000,
        )
    });
    bed.tell(edits).await;
    bed
}

/// Everything there is, to filter by hand.
struct All {
    conversations: Vec<Conversation>,
    messages: Vec<Message>,
    media: Vec<Media>,
    receipts: Vec<Receipt>,
}

impl All {
    async fn of(bed: &Bed) -> Self {
        Self {
            conversations: bed.rows().await,
            messages: bed.rows().await,
            media: bed.rows().await,
            receipts: bed.rows().await,
        }
    }

    fn chat(&self, address: &str) -> Id {
        let found = self
            .conversations
            .iter()
            .find(|row| row.external_conversation_id == address);
        found.unwrap().id
    }

    /// The ids that a view has, of all three streams.
    fn covered(&self, view: Option<&View>) -> BTreeSet<Id> {
        let Some(view) = view else {
            let messages = self.messages.iter().map(|row| row.id);
            let others = self.media.iter().map(|row| row.id);
            return messages
                .chain(others)
                .chain(self.receipts.iter().map(|row| row.id))
                .collect();
        };
        let merged: BTreeSet<Id> = self
            .conversations
            .iter()
            .filter(|row| row.merged_into.is_some())
            .map(|row| row.id)
            .collect();
        let covered: BTreeMap<Id, Rule> = self
            .messages
            .iter()
            .filter(|row| !merged.contains(&row.conversation_id))
            .map(|row| (row.id, view.rule(row.conversation_id), row.timestamp))
            .filter(|(_, rule, timestamp)| rule.covers(*timestamp))
            .map(|(id, rule, _)| (id, rule))
            .collect();
        let media = self.media.iter().filter(|row| {
            let rule = covered.get(&row.message_id);
            rule.is_some_and(|rule| rule.media)
        });
        let receipts = self.receipts.iter();
        let receipts = receipts.filter(|row| covered.contains_key(&row.message_id));
        covered
            .keys()
            .copied()
            .chain(media.map(|row| row.id))
            .chain(receipts.map(|row| row.id))
            .collect()
    }
}

/// What comes of a slice over all three streams.
async fn come(bed: &Bed, slice: &Slice, limit: u32) -> BTreeSet<Id> {
    let (messages, _) = walk::<Message>(bed, slice, limit).await;
    let (media, _) = walk::<Media>(bed, slice, limit).await;
    let (receipts, _) = walk::<Receipt>(bed, slice, limit).await;
    let count = messages.len() + media.len() + receipts.len();
    let ids: BTreeSet<Id> = messages
        .iter()
        .map(Row::id)
        .chain(media.iter().map(Row::id))
        .chain(receipts.iter().map(Row::id))
        .collect();
    assert_eq!(ids.len(), count, "nothing comes twice");
    ids
}

async fn put(bed: &Bed, view: &View) -> String {
    bed.store
        .put_view(bed.integration, view.clone())
        .await
        .unwrap()
}

/// One chat and nothing else.
fn only(chat: Id) -> View {
    View::new(Rule::NONE, [(chat, Rule::ALL)])
}

#[tokio::test]
async fn one_chat_of_many_comes_and_the_cursor_goes_to_the_end() {
    let bed = filled().await;
    let all = All::of(&bed).await;
    let ana = all.chat(ANA);
    let slice = Slice {
        view: Some(put(&bed, &only(ana)).await),
        ..Slice::default()
    };
    for limit in [1, 10, 1_000] {
        let (rows, _) = walk::<Message>(&bed, &slice, limit).await;
        assert!(rows.len() > 50, "there is something to come");
        assert!(rows.iter().all(|row| row.conversation_id == ana));
        assert_eq!(
            come(&bed, &slice, limit).await,
            all.covered(Some(&only(ana)))
        );
    }
    let (whole, _) = walk::<Conversation>(&bed, &slice, 10).await;
    assert_eq!(
        whole, all.conversations,
        "a person sees what there is to choose"
    );
    assert_eq!(
        walk::<Contact>(&bed, &slice, 10).await.0,
        bed.rows::<Contact>().await
    );
    let participants = walk::<Participant>(&bed, &slice, 10).await.0;
    assert_eq!(participants, bed.rows::<Participant>().await);
}

#[tokio::test]
async fn what_is_new_in_a_view_comes_past_its_cursor() {
    let bed = filled().await;
    let all = All::of(&bed).await;
    let view = put(&bed, &only(all.chat(ANA))).await;
    let slice = Slice {
        view: Some(view),
        ..Slice::default()
    };
    let cursor = bed.last_seq().await;
    bed.tell([
        said(mine(ANA, "wanted", 5_000)),
        said(mine(BOB, "not wanted", 5_000)),
    ])
    .await;
    let page = bed
        .store
        .page_of::<Message>(bed.integration, slice, cursor, 10)
        .await
        .unwrap();
    let names: Vec<&str> = page
        .rows
        .iter()
        .map(|row| row.external_message_id.as_str())
        .collect();
    assert_eq!(names, ["wanted"]);
    assert_eq!(
        page.latest_seq,
        bed.store
            .status(bed.integration)
            .await
            .unwrap()
            .latest_message_seq
    );
}

#[tokio::test]
async fn a_chat_that_became_another_has_nothing_in_a_view() {
    let bed = filled().await;
    // One message is in both, so that something stays behind.
    bed.tell([
        said(mine(ANA_LID, "hidden", 10)),
        said(mine(ANA_LID, "m0", 0)),
    ])
    .await;
    bed.tell([address(ANA_LID, ANA)]).await;
    let all = All::of(&bed).await;
    let (hidden, ana) = (all.chat(ANA_LID), all.chat(ANA));
    let in_hidden = all
        .messages
        .iter()
        .filter(|row| row.conversation_id == hidden);
    assert_eq!(in_hidden.count(), 1, "what stays behind is in the stream");
    for (chat, expected) in [(hidden, false), (ana, true)] {
        for view in [
            only(chat),
            View::new(Rule::ALL, [(all.chat(BOB), Rule::NONE)]),
        ] {
            let slice = Slice {
                view: Some(put(&bed, &view).await),
                ..Slice::default()
            };
            let come = come(&bed, &slice, 50).await;
            assert_eq!(come, all.covered(Some(&view)));
            let has_moved = all
                .messages
                .iter()
                .any(|row| row.external_message_id == "hidden" && come.contains(&row.id));
            assert_eq!(has_moved, expected || view.default == Rule::ALL);
        }
    }
}

/// Ana's hidden chat, with a file and receipts, becomes her chat, which has one of its messages already.
/// A client that keeps only her chat has a cursor past everything that was there before.
#[tokio::test]
async fn what_moves_into_a_chat_of_the_view_comes_with_its_files_and_receipts() {
    let bed = filled().await;
    let mut photo = mine(ANA_LID, "photo", 10);
    photo.media = Some(MediaRecord {
        media_type: "image".into(),
        ..Default::default()
    });
    photo.receipts = [ANA_LID, BOB]
        .map(|who| ReceiptTimes {
            participant_external_id: who.into(),
            read_at: Some(at(1_000)),
            ..Default::default()
        })
        .into();
    let mut known = mine(ANA_LID, "m0", 0);
    known.media.clone_from(&photo.media);
    bed.tell([said(photo), said(known)]).await;
    let ana = All::of(&bed).await.chat(ANA);
    let view = only(ana);
    let slice = Slice {
        view: Some(put(&bed, &view).await),
        ..Slice::default()
    };
    let held = come(&bed, &slice, 100).await;
    let cursor = bed.last_seq().await;
    bed.tell([address(ANA_LID, ANA)]).await;

    let past = |stream: Vec<(Id, Seq)>| {
        let past = stream.into_iter().filter(|(_, seq)| *seq > cursor);
        past.map(|(id, _)| id).collect::<Vec<Id>>()
    };
    let (messages, _) = walk::<Message>(&bed, &slice, 50).await;
    let (media, _) = walk::<Media>(&bed, &slice, 50).await;
    let (receipts, _) = walk::<Receipt>(&bed, &slice, 50).await;
    let news: BTreeSet<Id> = [
        past(messages.iter().map(|row| (row.id, row.seq)).collect()),
        past(media.iter().map(|row| (row.id, row.seq)).collect()),
        past(receipts.iter().map(|row| (row.id, row.seq)).collect()),
    ]
    .concat()
    .into_iter()
    .collect();
    let now = All::of(&bed).await.covered(Some(&view));
    assert!(
        now.difference(&held).all(|id| news.contains(id)),
        "whatever is in the view now and was not before comes past the cursor"
    );
    let moved = bed.message("photo").await.id;
    let of_moved = receipts.iter().filter(|row| row.message_id == moved);
    assert_eq!(of_moved.count(), 2, "there was something to miss");
    assert!(media.iter().any(|row| row.message_id == moved));
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn a_view_is_known_by_what_it_says() {
    let bed = filled().await;
    let all = All::of(&bed).await;
    let (ana, bob) = (all.chat(ANA), all.chat(BOB));
    let a = View::new(Rule::NONE, [(ana, Rule::ALL), (bob, Rule::ALL)]);
    let mut b = a.clone();
    b.chats.reverse();
    let id = put(&bed, &a).await;
    assert_eq!(put(&bed, &b).await, id, "the order says nothing");
    assert_eq!(put(&bed, &a).await, id, "put again it is the same");
    assert_ne!(put(&bed, &only(ana)).await, id);
    assert_eq!(bed.count("SELECT count(*) FROM views"), 2);
}

#[tokio::test]
async fn a_view_that_is_not_kept_is_told_apart() {
    let bed = filled().await;
    let other = crate::bed::integrate(&bed.store).await;
    let id = put(&bed, &View::everything()).await;
    for (integration, view) in [(bed.integration, "unknown"), (other, id.as_str())] {
        for slice in [
            Slice {
                view: Some(view.into()),
                ..Slice::default()
            },
            Slice {
                beyond: Some(view.into()),
                ..Slice::default()
            },
        ] {
            let page = bed
                .store
                .page_of::<Message>(integration, slice, 0, 10)
                .await;
            assert!(matches!(page, Err(StoreError::UnknownView)), "{page:?}");
        }
    }
}

#[tokio::test]
async fn views_that_nobody_uses_go_and_the_last_one_stays() {
    let bed = Bed::new().await;
    let view = |n: i64| {
        let since = Some(Timestamp::from_seconds(n));
        View::new(Rule { since, ..Rule::ALL }, [])
    };
    let first = put(&bed, &view(0)).await;
    for n in 1..520 {
        put(&bed, &view(n)).await;
    }
    assert_eq!(
        bed.count("SELECT count(*) FROM views"),
        500,
        "no client fills the disk"
    );
    let again = put(&bed, &view(0)).await;
    assert_eq!(again, first);
    let slice = Slice {
        view: Some(again),
        ..Slice::default()
    };
    let page = bed
        .store
        .page_of::<Message>(bed.integration, slice, 0, 10)
        .await;
    assert!(
        page.is_ok(),
        "what was put is kept, whatever has to go for it"
    );
}

/// The sums of a view are those of its rows, and its buckets hold them.
async fn assert_sums_hold<R: StoredRow>(bed: &Bed, slice: &Slice) {
    let (rows, _) = walk::<R>(bed, slice, 100).await;
    let mut buckets = Buckets::default();
    for row in &rows {
        buckets.add(row.id(), row.seq());
    }
    let digest = bed
        .store
        .digest(bed.integration, R::STREAM, slice.view.clone())
        .await
        .unwrap();
    assert_eq!(digest.buckets, buckets, "{}", R::STREAM);
    assert_eq!(digest.count as usize, rows.len(), "{}", R::STREAM);
    let mut in_buckets = BTreeSet::new();
    for bucket in 0..=255 {
        let bucket = Some(bucket);
        let slice = Slice {
            bucket,
            ..slice.clone()
        };
        let page = bed
            .store
            .page_of::<R>(bed.integration, slice, 0, 1_000)
            .await
            .unwrap();
        assert!(!page.has_more);
        in_buckets.extend(page.rows.iter().map(Row::id));
    }
    let ids: BTreeSet<Id> = rows.iter().map(Row::id).collect();
    assert_eq!(in_buckets, ids, "{}", R::STREAM);
}

#[tokio::test]
async fn a_view_can_be_compared_in_sums() {
    let bed = filled().await;
    let all = All::of(&bed).await;
    let since = Rule {
        since: Some(at(200)),
        media: false,
        included: true,
    };
    let view = View::new(
        Rule::NONE,
        [(all.chat(ANA), since), (all.chat(BOB), Rule::ALL)],
    );
    let slice = Slice {
        view: Some(put(&bed, &view).await),
        ..Slice::default()
    };
    assert_sums_hold::<Conversation>(&bed, &slice).await;
    assert_sums_hold::<Message>(&bed, &slice).await;
    assert_sums_hold::<Media>(&bed, &slice).await;
    assert_sums_hold::<Receipt>(&bed, &slice).await;
    let unknown = Some("unknown".to_owned());
    let digest = bed
        .store
        .digest(bed.integration, Stream::Messages, unknown)
        .await;
    assert!(matches!(digest, Err(StoreError::UnknownView)));
}

fn rules() -> impl Strategy<Value = Rule> {
    (
        any::<bool>(),
        proptest::option::of(0..401_i64),
        any::<bool>(),
    )
        .prop_map(|(included, since, media)| Rule {
            included,
            since: since.map(at),
            media,
        })
}

fn views() -> impl Strategy<Value = (Rule, Vec<Option<Rule>>)> {
    (
        rules(),
        proptest::collection::vec(proptest::option::of(rules()), 4),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever is wanted, had and asked for at a time: exactly that comes, once.
    #[test]
    fn a_slice_is_what_one_view_has_and_the_other_had_not(
        new in proptest::option::of(views()),
        old in proptest::option::of(views()),
        until in proptest::option::of(0..1_200_i64),
        limit in 1..150_u32,
    ) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let bed = filled().await;
            let all = All::of(&bed).await;
            let view = |said: Option<(Rule, Vec<Option<Rule>>)>| {
                said.map(|(default, chats)| {
                    let chats = chats.into_iter().zip(CHATS);
                    View::new(default, chats.filter_map(|(rule, chat)| Some((all.chat(chat), rule?))))
                })
            };
            let (new, old) = (view(new), view(old));
            let mut slice = Slice { until_seq: until, ..Slice::default() };
            if let Some(new) = &new {
                slice.view = Some(put(&bed, new).await);
            }
            if let Some(old) = &old {
                slice.beyond = Some(put(&bed, old).await);
            }
            let had = old.as_ref().map_or_else(BTreeSet::new, |old| all.covered(Some(old)));
            let seqs: BTreeMap<Id, Seq> = all.messages.iter().map(|row| (row.id, row.seq))
                .chain(all.media.iter().map(|row| (row.id, row.seq)))
                .chain(all.receipts.iter().map(|row| (row.id, row.seq)))
                .collect();
            let expected: BTreeSet<Id> = all.covered(new.as_ref()).into_iter()
                .filter(|id| !had.contains(id))
                .filter(|id| until.is_none_or(|until| seqs[id] <= until))
                .collect();
            assert_eq!(come(&bed, &slice, limit).await, expected);
        });
    }
}
