use rstest::rstest;
use threadkeep_protocol::{DeliveryStatus, ME, MessageReaction, Timestamp};

use super::*;

#[test]
fn an_answer_names_what_it_answers() {
    let archive = Archive::new();
    let parent = archive.message(&Row {
        text: Some("When?"),
        stanza: Some("3A0000AA"),
        ..Row::default()
    });
    // By the protobuf, by the row, and to one that is not there.
    let metadata = |id: &str| {
        [
            number(3, 1),
            field(5, id),
            field(6, ANA),
            field(19, field(1, "Quoted")),
        ]
        .concat()
    };
    let media = archive.media("ZMETADATA", [metadata("3A0000AA")]);
    archive.message(&Row {
        text: Some("Now"),
        stanza: Some("B"),
        media: Some(media),
        ..Row::default()
    });
    let answer = archive.message(&Row {
        text: Some("Later"),
        stanza: Some("C"),
        ..Row::default()
    });
    archive.run(
        "UPDATE ZWAMESSAGE SET ZPARENTMESSAGE = ?1 WHERE Z_PK = ?2",
        [parent, answer],
    );
    let media = archive.media("ZMETADATA", [b"bplist00 \x2a\x14 of an old version"]);
    archive.message(&Row {
        text: Some("Old"),
        stanza: Some("D"),
        media: Some(media),
        ..Row::default()
    });
    let replies: Vec<_> = archive
        .read()
        .messages()
        .into_iter()
        .map(|message| (message.reply_to_external_id, message.reply_to_preview))
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        replies,
        [
            (None, None),
            (some("3A0000AA"), some("Quoted")),
            (some("3A0000AA"), some("When?")),
            (None, None),
        ]
    );
}

#[test]
fn reactions_are_of_others_and_of_oneself() {
    let archive = Archive::new();
    let of_ben = [
        field(1, "R1"),
        field(2, BEN),
        field(3, "👍"),
        number(4, 1_600_000_100_500),
    ]
    .concat();
    let own = [field(1, "R2"), field(2, "🎉"), number(3, 1_600_000_200_000)].concat();
    let taken_back = [field(1, "R3"), field(2, ANA), field(3, ""), number(4, 1)].concat();
    let info = [
        field(7, [field(1, of_ben), field(2, own)].concat()),
        field(7, field(1, taken_back)),
    ]
    .concat();
    let info = archive.info(&info);
    archive.message(&Row {
        text: Some("Done"),
        is_from_me: true,
        info: Some(info),
        ..Row::default()
    });
    let reaction = |who: &str, emoji: &str, millis| MessageReaction {
        sender_external_id: who.to_owned(),
        emoji: emoji.to_owned(),
        at: Some(Timestamp::from_millis(millis)),
    };
    assert_eq!(
        archive.one().reactions,
        [
            reaction(BEN, "👍", 1_600_000_100_500),
            reaction(ME, "🎉", 1_600_000_200_000),
        ]
    );
}

#[rstest]
#[case(1, true, Some(DeliveryStatus::Sent))]
#[case(6, true, Some(DeliveryStatus::Delivered))]
#[case(8, true, Some(DeliveryStatus::Read))]
#[case(5, true, None)]
#[case::of_another(8, false, None)]
fn a_status_is_of_ones_own_messages(
    #[case] number: i64,
    #[case] is_from_me: bool,
    #[case] status: Option<DeliveryStatus>,
) {
    let archive = Archive::new();
    archive.message(&Row {
        text: Some("Hi"),
        is_from_me,
        ..Row::default()
    });
    archive.run(
        "UPDATE ZWAMESSAGE SET ZMESSAGESTATUS = ?1, ZSTARRED = 1, ZFLAGS = 384",
        [number],
    );
    let message = archive.one();
    assert_eq!(message.delivery_status, status);
    assert_eq!(
        (message.is_starred, message.is_forwarded),
        (Some(true), Some(true))
    );
}
