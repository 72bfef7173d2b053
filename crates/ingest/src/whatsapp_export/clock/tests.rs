use jiff::civil::date;

use super::*;

const fn at(hour: u8, minute: u8) -> Time {
    Time {
        hour,
        minute,
        second: None,
        is_of_twelve: false,
    }
}

fn berlin() -> Clock {
    Clock::new(TimeZone::get("Europe/Berlin").unwrap())
}

#[test]
fn messages_of_one_minute_keep_their_order() {
    let mut clock = berlin();
    let day = date(2020, 12, 31);
    let times: Vec<_> = (0..5)
        .map(|_| clock.moment(day, at(21, 41)).to_string())
        .collect();
    assert_eq!(times[0], "2020-12-31T20:41:00Z");
    assert_eq!(times[4], "2020-12-31T20:41:00.004Z");
    assert_eq!(
        clock.moment(day, at(21, 42)).to_string(),
        "2020-12-31T20:42:00Z"
    );
}

#[test]
fn more_messages_than_a_minute_has_milliseconds_stay_in_it() {
    let mut clock = berlin();
    let day = date(2020, 12, 31);
    let last = (0..60_010)
        .map(|_| clock.moment(day, at(21, 41)))
        .last()
        .unwrap();
    assert_eq!(last.to_string(), "2020-12-31T20:41:59.999Z");
}

#[test]
fn an_hour_that_comes_twice_is_read_in_the_order_of_the_lines() {
    let mut clock = berlin();
    let day = date(2020, 10, 25);
    let shown = [
        at(1, 50),
        at(2, 10),
        at(2, 50),
        at(2, 5),
        at(2, 40),
        at(3, 0),
    ];
    let times = shown.map(|time| clock.moment(day, time).to_string());
    assert_eq!(
        times,
        [
            "2020-10-24T23:50:00Z",
            "2020-10-25T00:10:00Z",
            "2020-10-25T00:50:00Z",
            "2020-10-25T01:05:00Z",
            "2020-10-25T01:40:00Z",
            "2020-10-25T02:00:00Z",
        ],
        "2:05 after 2:50 is the second 2:05"
    );
}

#[test]
fn an_hour_that_is_left_out_is_an_hour_later() {
    let mut clock = berlin();
    let read = clock.moment(date(2020, 3, 29), at(2, 30));
    assert_eq!(read.to_string(), "2020-03-29T01:30:00Z");
}
