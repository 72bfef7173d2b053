use std::time::Duration;

use super::*;

fn contents() -> (tempfile::TempDir, Contents) {
    let folder = tempfile::tempdir().unwrap();
    let contents = Contents::new(folder.path().join("media"));
    (folder, contents)
}

fn put(contents: &Contents, bytes: &[u8]) -> Hash {
    let hash = Hash::of(bytes);
    let mut draft = contents.draft().unwrap();
    draft.write(bytes).unwrap();
    assert_eq!(draft.finish(&hash).unwrap(), Finished::Kept);
    hash
}

#[rstest::rstest]
#[case::path_up("../../../../../../../../../../../../../../../../../../../../etc/passwd")]
#[case::upper_case("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
#[case::short("ba7816bf")]
#[case::long("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
#[case::many_bytes_a_character("éé7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
#[case::nothing("")]
fn only_a_hash_is_a_name(#[case] text: &str) {
    assert_eq!(text.parse::<Hash>(), Err(NoHash));
}

#[test]
fn a_hash_is_the_one_of_the_standard() {
    let hash = Hash::of(b"abc");
    let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hash.to_string(), text);
    assert_eq!(text.parse(), Ok(hash));
}

#[test]
fn what_is_kept_has_its_hash_and_is_the_owners_alone() {
    let (_folder, contents) = contents();
    let hash = put(&contents, b"a picture");
    assert_eq!(contents.length(&hash), Some(9));
    assert_eq!(Hash::of_file(&contents.path(&hash)).unwrap(), hash);
    assert_eq!(put(&contents, b"a picture"), hash, "twice is once");
    assert_eq!(contents.hashes().unwrap(), [hash]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&contents.path(&hash)), 0o600);
        assert_eq!(mode(contents.folder()), 0o700);
    }
}

#[test]
fn other_bytes_than_expected_are_thrown_away() {
    let (_folder, contents) = contents();
    let expected = Hash::of(b"a picture");
    let mut draft = contents.resume(&expected).unwrap();
    draft.write(b"another one").unwrap();
    assert_eq!(draft.finish(&expected).unwrap(), Finished::Wrong);
    assert_eq!(contents.length(&expected), None);
    let again = contents.resume(&expected).unwrap();
    assert_eq!(again.length(), 0, "nothing of it is resumed");
}

#[test]
fn a_draft_goes_on_where_it_was_left() {
    let (_folder, contents) = contents();
    let hash = Hash::of(b"one two three");
    let mut draft = contents.resume(&hash).unwrap();
    draft.write(b"one ").unwrap();
    drop(draft);
    let mut draft = contents.resume(&hash).unwrap();
    assert_eq!(draft.length(), 4, "what had come is there");
    draft.write(b"two three").unwrap();
    assert_eq!(draft.finish(&hash).unwrap(), Finished::Kept);
    assert_eq!(fs::read(contents.path(&hash)).unwrap(), b"one two three");
}

#[test]
fn a_draft_begins_anew() {
    let (_folder, contents) = contents();
    let hash = Hash::of(b"new");
    let mut draft = contents.resume(&hash).unwrap();
    draft.write(b"something else that is longer").unwrap();
    draft.restart().unwrap();
    draft.write(b"new").unwrap();
    assert_eq!(draft.finish(&hash).unwrap(), Finished::Kept);
    assert_eq!(fs::read(contents.path(&hash)).unwrap(), b"new");
}

#[test]
fn what_nobody_names_is_swept_and_what_is_new_is_not() {
    let (_folder, contents) = contents();
    let (named, left) = (put(&contents, b"named"), put(&contents, b"left"));
    contents
        .resume(&Hash::of(b"half"))
        .unwrap()
        .write(b"ha")
        .unwrap();
    let hour = Duration::from_secs(3_600);
    let young = contents.sweep(hour, |_| false).unwrap();
    assert_eq!(
        (young.kept, young.gone),
        (2, 0),
        "it may be about to be named"
    );
    let swept = contents
        .sweep(Duration::ZERO, |hash| *hash == named)
        .unwrap();
    assert_eq!((swept.kept, swept.kept_bytes, swept.gone), (1, 5, 2));
    assert_eq!(
        (contents.length(&named), contents.length(&left)),
        (Some(5), None)
    );
    assert_eq!(contents.resume(&Hash::of(b"half")).unwrap().length(), 0);
}

#[test]
fn a_folder_that_is_not_there_holds_nothing() {
    let (_folder, contents) = contents();
    assert_eq!(
        contents.sweep(Duration::ZERO, |_| true).unwrap(),
        Swept::default()
    );
}

#[test]
fn a_file_of_a_folder_beside_is_taken_in_without_a_copy_if_it_is_whole() {
    let (folder, contents) = contents();
    let other = Contents::new(folder.path().join("server"));
    let (sound, damaged) = (put(&other, b"sound"), put(&other, b"damaged"));
    fs::write(other.path(&damaged), b"dAmaged").unwrap();
    assert!(contents.link_from(&other, &sound).unwrap());
    assert_eq!(fs::read(contents.path(&sound)).unwrap(), b"sound");
    assert!(!contents.link_from(&other, &damaged).unwrap());
    assert_eq!(contents.length(&damaged), None);
    assert!(!contents.link_from(&other, &Hash::of(b"absent")).unwrap());
}
