use rstest::rstest;
use serde_json::json;

use super::*;

#[rstest]
#[case::number(json!(1_700_000_000), Some(1_700_000_000))]
#[case::float(json!(1.7e9), Some(1_700_000_000))]
#[case::digits(json!("1700000000"), Some(1_700_000_000))]
#[case::spaced_digits(json!(" 12 "), Some(12))]
#[case::halves(json!({"low": 1_700_000_000, "high": 0, "unsigned": true}), Some(1_700_000_000))]
#[case::signed_low_half(json!({"low": -1, "high": 0, "unsigned": true}), Some(4_294_967_295))]
#[case::both_halves(json!({"low": 0, "high": 1, "unsigned": false}), Some(4_294_967_296))]
#[case::negative(json!({"low": -1, "high": -1, "unsigned": false}), Some(-1))]
#[case::all_bits_unsigned(json!({"low": -1, "high": -1, "unsigned": true}), Some(i64::MAX))]
#[case::past_the_range(json!("18446744073709551615"), Some(i64::MAX))]
#[case::past_the_range_as_a_number(json!(u64::MAX), Some(i64::MAX))]
#[case::one_half(json!({"low": 1}), None)]
#[case::words(json!("soon"), None)]
#[case::nothing(json!(null), None)]
#[case::list(json!([1]), None)]
fn longs_come_in_many_forms(#[case] value: Value, #[case] expected: Option<i64>) {
    assert_eq!(long(&value), expected);
}

#[rstest]
#[case::base64(json!("/9j/"))]
#[case::base64_for_addresses(json!("_9j_"))]
#[case::buffer_of_base64(json!({"type": "Buffer", "data": "/9j/"}))]
#[case::buffer_of_numbers(json!({"type": "Buffer", "data": [255, 216, 255]}))]
#[case::array(json!([255, 216, 255]))]
#[case::numbered(json!({"0": 255, "1": 216, "2": 255}))]
fn bytes_come_in_many_forms(#[case] value: Value) {
    assert_eq!(bytes(&value), Some(vec![255, 216, 255]));
}

#[test]
fn numbered_bytes_are_put_in_the_order_of_their_numbers_not_of_their_names() {
    let object: Map<String, Value> = (0..12_u8).map(|n| (n.to_string(), json!(n))).collect();
    assert_eq!(
        bytes(&Value::Object(object)),
        Some((0..12).collect()),
        "\"10\" sorts before \"2\""
    );
}

#[rstest]
#[case::too_large(json!([256]))]
#[case::gap(json!({"0": 1, "7": 2}))]
#[case::empty(json!({}))]
#[case::no_base64(json!("ä"))]
#[case::number(json!(3))]
fn what_is_no_bytes_is_none(#[case] value: Value) {
    assert_eq!(bytes(&value), None);
}

#[rstest]
#[case(json!({"s": "READ"}), true)]
#[case(json!({"s": 4}), true)]
#[case(json!({"s": "4"}), true)]
#[case(json!({"s": "PLAYED"}), false)]
#[case(json!({"s": null}), false)]
#[case(json!({}), false)]
fn enums_come_as_names_and_as_numbers(#[case] value: Value, #[case] expected: bool) {
    assert_eq!(is(&value, "s", ("READ", 4)), expected);
}

#[rstest]
#[case::seconds(json!(1_600_000_000), Some(1_600_000_000_000))]
#[case::milliseconds(json!(1_600_000_000_123_i64), Some(1_600_000_000_123))]
#[case::milliseconds_as_digits(json!("1600000000123"), Some(1_600_000_000_123))]
#[case::far_from_now(json!(99_999_999_999_i64), Some(99_999_999_999_000))]
#[case::before_1970(json!(-5), Some(-5_000))]
#[case::none(json!(0), None)]
fn a_time_in_milliseconds_where_seconds_belong_is_told_by_its_size(
    #[case] value: Value,
    #[case] millis: Option<i64>,
) {
    let told = seconds(&json!({"at": value}), "at");
    assert_eq!(told.map(Timestamp::millis), millis);
}
