use rstest::rstest;

use super::{super::date::Order, *};

/// 2020-12-31 at 21:41, as phones write it.
#[rstest]
#[case::us("12/31/20, 9:41 PM - A: b")]
#[case::us_narrow("12/31/20, 9:41\u{202f}PM - A: b")]
#[case::us_ios("[12/31/20, 9:41:07 PM] A: b")]
#[case::us_ios_narrow("[12/31/20, 9:41:07\u{202f}PM] A: b")]
#[case::us_four("12/31/2020, 9:41 PM - A: b")]
#[case::gb("31/12/2020, 21:41 - A: b")]
#[case::gb_ios("[31/12/2020, 21:41:07] A: b")]
#[case::india("31/12/20, 9:41 pm - A: b")]
#[case::australia("31/12/20, 9:41 pm - A: b")]
#[case::canada("2020-12-31, 9:41 p.m. - A: b")]
#[case::south_africa("2020/12/31, 21:41 - A: b")]
#[case::old_ios("31/12/2020, 21:41:07: A: b")]
#[case::old_ios_twelve("31/12/2020, 9:41:07 PM: A: b")]
#[case::german("31.12.20, 21:41 - A: b")]
#[case::german_ios("[31.12.20, 21:41:07] A: b")]
#[case::german_old("31.12.2020, 21:41 - A: b")]
#[case::austrian_clock("[31.12.20 21:41:07] A: b")]
#[case::french("31/12/2020 à 21:41 - A: b")]
#[case::french_comma("31/12/2020, 21:41 - A: b")]
#[case::french_ios("[31/12/2020 21:41:07] A: b")]
#[case::quebec("2020-12-31 21 h 41 - A: b")]
#[case::spanish("31/12/20, 21:41 - A: b")]
#[case::spanish_halves("31/12/20, 9:41 p. m. - A: b")]
#[case::spanish_hard_spaces("31/12/20, 9:41\u{a0}p.\u{a0}m. - A: b")]
#[case::mexico("31/12/2020 09:41 p. m. - A: b")]
#[case::at_the("31/12/20 a las 21:41 - A: b")]
#[case::portuguese("31/12/2020 21:41 - A: b")]
#[case::brazilian("31/12/20 às 21:41 - A: b")]
#[case::italian("31/12/20, 21:41 - A: b")]
#[case::italian_dots("31/12/20, 21.41 - A: b")]
#[case::dutch("31-12-2020 21:41 - A: b")]
#[case::dutch_ios("[31-12-2020 21:41:07] A: b")]
#[case::danish("31.12.2020 21.41 - A: b")]
#[case::danish_at("31.12.2020 kl. 21.41 - A: b")]
#[case::finnish("31.12.2020 klo 21.41 - A: b")]
#[case::finnish_ios("[31.12.2020 klo 21.41.07] A: b")]
#[case::swedish("2020-12-31 21:41 - A: b")]
#[case::norwegian("31.12.2020, 21:41 - A: b")]
#[case::polish("31.12.2020, 21:41 - A: b")]
#[case::czech("31.12.20 21:41 - A: b")]
#[case::slovak_spaces("31. 12. 2020 21:41 - A: b")]
#[case::croatian("31. 12. 2020. 21:41 - A: b")]
#[case::slovenian("31. 12. 20, 21:41 - A: b")]
#[case::hungarian("2020. 12. 31. 21:41 - A: b")]
#[case::hungarian_halves("2020. 12. 31. du. 9:41 - A: b")]
#[case::bulgarian("31.12.20 г., 21:41 - A: b")]
#[case::russian("31.12.2020, 21:41 - A: b")]
#[case::ukrainian("31.12.20, 21:41 - A: b")]
#[case::lithuanian("2020-12-31 21:41 - A: b")]
#[case::turkish("31.12.2020 21:41 - A: b")]
#[case::turkish_halves("31.12.2020 ÖS 9:41 - A: b")]
#[case::greek("31/12/20, 9:41 μ.μ. - A: b")]
#[case::albanian("31.12.20, 9:41 e pasdites - A: b")]
#[case::hebrew("31.12.2020, 21:41 - A: b")]
#[case::hebrew_marks("\u{200f}[31.12.2020, 21:41:07] A: b")]
#[case::arabic("31\u{200f}/12\u{200f}/2020، 9:41 م - A: b")]
#[case::arabic_digits("٣١\u{200f}/١٢\u{200f}/٢٠٢٠، ٩:٤١ م - A: b")]
#[case::arabic_ios("\u{200f}[٣١\u{200f}/١٢\u{200f}/٢٠٢٠، ٩:٤١:٠٧\u{a0}م] A: b")]
#[case::arabic_latin_ios("[\u{200f}31\u{200f}/12\u{200f}/2020، 21:41:07] A: b")]
#[case::hijri("[١٦\u{200f}/٥\u{200f}/١٤٤٢ هـ، ٩:٤١:٠٧ م] A: b")]
#[case::persian("۱۳۹۹/۱۰/۱۱،\u{200f} ۲۱:۴۱ - A: b")]
#[case::persian_short("۹۹/۱۰/۱۱، ۲۱:۴۱ - A: b")]
#[case::urdu("31/12/2020، 9:41 PM - A: b")]
#[case::hindi("31/12/20, 9:41 pm - A: b")]
#[case::marathi_digits("३१/१२/२०, ९:४१ PM - A: b")]
#[case::bengali_digits("৩১/১২/২০, ৯:৪১ PM - A: b")]
#[case::tamil("31/12/20, பிற்பகல் 9:41 - A: b")]
#[case::thai_buddhist("31/12/2563 21:41 - A: b")]
#[case::thai_digits("๓๑/๑๒/๒๕๖๓ ๒๑:๔๑ - A: b")]
#[case::buddhist_era("[31/12/2563 BE, 21:41:07] A: b")]
#[case::buddhist_short("31/12/63 21:41 - A: b")]
#[case::chinese("2020/12/31 下午9:41 - A: b")]
#[case::chinese_evening("2020/12/31, 晚上9:41 - A: b")]
#[case::chinese_signs("2020年12月31日 21:41 - A: b")]
#[case::taiwan_republic("109/12/31 下午9:41 - A: b")]
#[case::japanese("2020/12/31 21:41 - A: b")]
#[case::japanese_ios("[2020/12/31 21:41:07] A: b")]
#[case::japanese_era("[12/31/R2, 21:41:07] A: b")]
#[case::japanese_era_first("R2/12/31 21:41 - A: b")]
#[case::korean("2020. 12. 31. 오후 9:41 - A: b")]
#[case::korean_signs("2020년 12월 31일 오후 9:41 - A: b")]
#[case::vietnamese("31/12/2020, 21:41 - A: b")]
#[case::vietnamese_ios("[21:41:07, 31/12/2020] A: b")]
#[case::vietnamese_halves("9:41 CH, 31/12/2020 - A: b")]
#[case::indonesian("31/12/20 21.41 - A: b")]
#[case::indonesian_ios("[31/12/20 21.41.07] A: b")]
#[case::tilde("[2020-12-31 21:41] A: b")]
#[case::long_dash("31/12/2020, 21:41 – A: b")]
#[case::mark_before("\u{200e}[12/31/20, 9:41:07 PM] A: b")]
fn a_phone_s_way_to_write_is_read(#[case] line: &str) {
    let header = header(line).unwrap();
    assert_eq!(header.rest, "A: b");
    assert_eq!((header.time.hour, header.time.minute), (21, 41), "{line}");
    assert!(matches!(header.time.second, None | Some(7)), "{line}");
    let day = jiff::civil::date(2020, 12, 31);
    let orders = Order::ALL
        .into_iter()
        .filter(|order| order.fits(header.shape));
    let dates: Vec<_> = orders
        .filter_map(|order| order.date(&header.date))
        .collect();
    assert!(dates.contains(&(day, true)), "{line}: {dates:?}");
}

#[rstest]
#[case::noon("12:05 PM", 12)]
#[case::midnight("12:05 AM", 0)]
#[case::before("1:05 AM", 1)]
#[case::after("1:05 PM", 13)]
#[case::already_of_24("13:05 PM", 13)]
#[case::zero("0:05 AM", 0)]
#[case::twenty_four("24:05", 0)]
#[case::chinese_night("凌晨1:05", 1)]
#[case::chinese_noon("中午12:05", 12)]
#[case::chinese_after_noon("中午1:05", 13)]
#[case::chinese_before_noon("中午11:05", 11)]
#[case::hindi_night("रात 11:05", 23)]
#[case::night_after_midnight("1:05 at night", 1)]
fn halves_of_the_day_make_hours(#[case] time: &str, #[case] hour: u8) {
    let line = format!("31/12/2020, {time} - A: b");
    let found = header(&line).unwrap().time;
    assert_eq!((found.hour, found.minute), (hour, 5));
}

#[rstest]
#[case::empty("")]
#[case::words("Hello: you")]
#[case::date_alone("12/31/20")]
#[case::no_time("12/31/20 - A: b")]
#[case::no_end("12/31/20, 9:41 PM A: b")]
#[case::month_of_three("12/312/20, 9:41 PM - A: b")]
#[case::minute_of_one("12/31/20, 9:4 PM - A: b")]
#[case::minute_of_sixty("12/31/20, 9:60 PM - A: b")]
#[case::hour_of_25("12/31/20, 25:41 - A: b")]
#[case::two_signs("12/31.20, 9:41 PM - A: b")]
#[case::unknown_half("12/31/20, 9:41 XM - A: b")]
#[case::a_sentence("1/2/2020 something happened at 9:41 - A: b")]
#[case::two_years("2020/12/2020, 9:41 - A: b")]
#[case::open_bracket("[12/31/20, 9:41:07 PM A: b")]
#[case::five_digits("12/31/20201, 9:41 - A: b")]
#[case::version("1.2.3: fixed")]
#[case::address("10.0.0.1:8080 - open")]
fn what_only_looks_like_it_is_text(#[case] line: &str) {
    assert_eq!(header(line), None, "{line}");
}

#[test]
fn one_form_is_told_from_another() {
    let shape = |line| header(line).unwrap().shape;
    let form = shape("12/31/20, 9:41 PM - A: b");
    assert_eq!(
        form,
        shape("1/2/20, 10:01 AM - B: c"),
        "numbers do not matter"
    );
    for other in [
        "[12/31/20, 9:41 PM] A: b",
        "12.31.20, 9:41 PM - A: b",
        "12/31/2020, 9:41 PM - A: b",
        "12/31/20 9:41 PM - A: b",
        "9:41 PM, 12/31/20 - A: b",
    ] {
        assert_ne!(form, shape(other), "{other} is of another phone");
    }
}
