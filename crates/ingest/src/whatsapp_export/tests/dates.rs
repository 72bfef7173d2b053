use super::*;

fn text(dates: &[&str]) -> String {
    dates
        .iter()
        .map(|date| format!("{date}, 9:41 - Ana: hi\n"))
        .collect()
}

#[rstest]
#[case::over_twelve_first(&["1/2/20", "13/2/20"], ("D/M/YY", true), "2020-02-01")]
#[case::over_twelve_second(&["1/2/20", "1/13/20"], ("M/D/YY", true), "2020-01-02")]
#[case::forward_by_days(&["1/1/20", "2/1/20", "1/2/20"], ("D/M/YY", true), "2020-01-01")]
#[case::forward_by_months(&["1/1/20", "1/2/20", "2/1/20"], ("M/D/YY", true), "2020-01-01")]
#[case::year_of_four(&["2020-03-04"], ("YYYY-MM-DD", true), "2020-03-04")]
#[case::only_a_year_of_chats(&["05/03/21"], ("DD/MM/YY", false), "2021-03-05")]
#[case::a_year_before_chats(&["20/12/31", "21/01/01"], ("YY/MM/DD", true), "2020-12-31")]
#[case::a_year_that_may_be_a_day(&["20/12/31"], ("D/M/YY", false), "2031-12-20")]
#[case::nothing_tells(&["1.2.20"], ("D.M.YY", false), "2020-02-01")]
#[case::nothing_tells_with_slashes(&["01/02/2020"], ("DD/MM/YYYY", false), "2020-02-01")]
fn the_whole_text_decides_the_order(
    #[case] dates: &[&str],
    #[case] order: (&str, bool),
    #[case] first: &str,
) {
    let kept = android(&text(dates));
    assert_eq!(kept.order(), order);
    assert_eq!(kept.messages.len(), dates.len());
    let time = kept.messages[0].timestamp.to_string();
    assert!(time.starts_with(first), "{time}");
}

#[test]
fn americans_write_the_month_first() {
    let kept = android("1/2/20, 9:41 PM - Ana: hi\n");
    assert_eq!(kept.order(), ("M/D/YY", false));
}

#[test]
fn one_quoted_date_does_not_turn_the_balance() {
    let days: Vec<String> = (0..400)
        .map(|n| format!("{}/{}/20", n % 12 + 1, n / 36 + 1))
        .collect();
    let mut sorted: Vec<&str> = days.iter().map(String::as_str).collect();
    sorted.sort_by_key(|day| {
        let (day, month) = day.split_once('/').unwrap();
        (month.to_owned(), day.parse::<u8>().unwrap())
    });
    let kept = android(&format!("{}1/31/20, 9:41 - Eve: no\n", text(&sorted)));
    assert_eq!(kept.order(), ("D/M/YY", true));
    assert_eq!(
        kept.messages.len(),
        400,
        "what is no date in this order is text"
    );
}

#[test]
fn the_zone_is_the_person_s_and_told() {
    let options = Options {
        zone: TimeZone::get("Asia/Kolkata").unwrap(),
        ..Options::default()
    };
    let kept = read_place(&file("x.txt", "31/12/20, 9:41 pm - Ana: hi\n"), &options);
    assert_eq!(
        kept.messages[0].timestamp.to_string(),
        "2020-12-31T16:11:00Z"
    );
    assert!(
        kept.decisions
            .contains(&Decision::Zone("Asia/Kolkata".to_owned()))
    );
}

#[test]
fn another_zone_makes_no_other_ids() {
    let place = file("x.txt", "31/12/20, 9:41 pm - Ana: hi\n");
    let ids = ["Asia/Kolkata", "America/Lima"].map(|zone| {
        let zone = TimeZone::get(zone).unwrap();
        let options = Options {
            zone,
            ..Options::default()
        };
        read_place(&place, &options).messages[0]
            .external_message_id
            .clone()
    });
    assert_eq!(ids[0], ids[1]);
}
