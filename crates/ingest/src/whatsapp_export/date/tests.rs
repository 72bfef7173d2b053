use jiff::civil::date;
use rstest::rstest;

use super::{super::header::header, *};

fn read(order: Order, written: &str) -> Option<(Date, bool)> {
    let line = format!("{written}, 9:41 - A: b");
    order.date(&header(&line).unwrap().date)
}

#[rstest]
#[case::persian_new_year("1400/1/1", (2021, 3, 21))]
#[case::persian_leap_day("1399/12/30", (2021, 3, 20))]
#[case::hijri_new_year("1443/1/1", (2021, 8, 9))]
#[case::hijri_long_month("1442/9/30", (2021, 5, 12))]
#[case::buddhist("2564/2/3", (2021, 2, 3))]
#[case::republic("110/2/3", (2021, 2, 3))]
#[case::ours("2021/2/3", (2021, 2, 3))]
#[case::reiwa("R3/2/3", (2021, 2, 3))]
#[case::heisei("H31/2/3", (2019, 2, 3))]
fn a_year_says_its_calendar(#[case] written: &str, #[case] (year, month, day): (i16, i8, i8)) {
    assert_eq!(
        read(Order::Year, written),
        Some((date(year, month, day), true))
    );
}

#[rstest]
#[case::no_day(Order::Day, "30/2/2020")]
#[case::no_leap_year(Order::Day, "29/2/2021")]
#[case::no_month(Order::Day, "1/13/2020")]
#[case::zero(Order::Day, "0/1/2020")]
#[case::persian_short_month(Order::Year, "1400/12/30")]
#[case::hijri_short_month(Order::Year, "1442/10/30")]
#[case::year_as_a_day(Order::Year, "1/2/2020")]
fn what_is_in_no_calendar_is_no_date(#[case] order: Order, #[case] written: &str) {
    assert_eq!(read(order, written), None);
}

#[test]
fn a_year_without_chats_is_a_doubt_and_no_error() {
    assert_eq!(read(Order::Day, "1/2/05"), Some((date(2005, 2, 1), false)));
    assert_eq!(
        read(Order::Day, "1/2/1999"),
        Some((date(1999, 2, 1), false))
    );
}

#[rstest]
#[case("01/02/20", Order::Month, true, "MM/DD/YY")]
#[case("1/2/20", Order::Day, false, "D/M/YY")]
#[case("2020-01-02", Order::Year, true, "YYYY-MM-DD")]
#[case("01.02.2020", Order::Day, true, "DD.MM.YYYY")]
fn an_order_is_told_in_letters(
    #[case] written: &str,
    #[case] order: Order,
    #[case] padded: bool,
    #[case] letters: &str,
) {
    let line = format!("{written}, 9:41 - A: b");
    let header = header(&line).unwrap();
    assert_eq!(order.letters(header.shape, &header.date, padded), letters);
}
