use std::{io::Write, sync::LazyLock};

use aes_gcm::{AeadInPlace, AesGcm, KeyInit, aes::cipher::consts::U16};
use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

const IV: [u8; 16] = [9; 16];
const SALT: [u8; 32] = [7; 32];

/// Makes backups as the app does.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Backup {
    Crypt12,
    Crypt14,
    Crypt15,
}

impl Backup {
    /// The key as a person has it.
    pub(in super::super) fn key(self) -> Vec<u8> {
        match self {
            Self::Crypt15 => b"2a".repeat(32),
            Self::Crypt12 | Self::Crypt14 => {
                let mut file = b"\xac\xed\x00\x05ur\x00\x02[B\xac\xf3\x17\xf8\x06\x08T\xe0\x02\x00\x00xp\x00\x00\x00\x83".to_vec();
                file.extend([0, 1, 2]);
                file.extend(SALT);
                file.extend([0; 64]);
                file.extend([0x2a; 32]);
                assert_eq!(file.len(), 158, "as long as the app's");
                file
            }
        }
    }

    fn header(self) -> Vec<u8> {
        let field = |number: u8, bytes: &[u8]| {
            [
                &[number << 3 | 2, u8::try_from(bytes.len()).unwrap()],
                bytes,
            ]
            .concat()
        };
        let info = field(4, &[field(1, b"2.22.5.13"), field(3, b"67")].concat());
        let message = match self {
            Self::Crypt12 => return [&[0, 1, 2], &SALT[..], &[8; 16], &IV].concat(),
            Self::Crypt14 => {
                let cipher = [
                    field(1, &[0, 1]),
                    field(2, b"2"),
                    field(3, &SALT),
                    field(4, &[8; 16]),
                    field(5, &IV),
                ];
                [vec![8, 0], field(2, &cipher.concat()), info].concat()
            }
            Self::Crypt15 => [vec![8, 1], field(3, &field(1, &IV)), info].concat(),
        };
        [vec![u8::try_from(message.len()).unwrap()], message].concat()
    }

    /// A backup of a database.
    pub(in super::super) fn of(self, database: &[u8], has_md5: bool) -> Vec<u8> {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(database).unwrap();
        self.packed(&packed.finish().unwrap(), has_md5)
    }

    /// A backup of bytes as they are.
    pub(in super::super) fn packed(self, bytes: &[u8], has_md5: bool) -> Vec<u8> {
        let secret = Secret::read(&self.key()).unwrap();
        let salt = (!matches!(self, Self::Crypt15)).then_some(&SALT[..]);
        let key = secret.cipher_key(salt).unwrap();
        let mut text = bytes.to_vec();
        let tag = <AesGcm<aes_gcm::aes::Aes256, U16> as KeyInit>::new(&key.into())
            .encrypt_in_place_detached(&IV.into(), &[], &mut text)
            .unwrap();
        let mut whole = [self.header(), text, tag.to_vec()].concat();
        if has_md5 {
            let md5 = Md5::digest(&whole);
            whole.extend(md5);
        }
        if matches!(self, Self::Crypt12) {
            whole.extend(b"--67");
        }
        whole
    }
}

/// Something that begins as a database and does not pack away to nothing.
static DATABASE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut database = b"SQLite format 3\0".to_vec();
    let mut state = 1_u32;
    database.extend((0..700_000).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    }));
    database
});

fn decrypted(bytes: &[u8], key: &[u8]) -> Result<Vec<u8>, ReadError> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("backup");
    std::fs::write(&path, bytes).unwrap();
    let input = Input::open(&path, Limits::default()).unwrap();
    let (database, _) = decrypt(&input, &input.entries()[0], &Key::new(key.to_vec()))?;
    Ok(std::fs::read(database.path().join(COPY)).unwrap())
}

#[rstest]
fn a_backup_gives_the_database_back(
    #[values(Backup::Crypt12, Backup::Crypt14, Backup::Crypt15)] backup: Backup,
    #[values(16, 17, 5_000, 262_144, 700_016)] length: usize,
) {
    let database = &DATABASE[..length];
    let found = decrypted(&backup.of(database, true), &backup.key()).unwrap();
    assert!(
        found == database,
        "all {length} bytes, whatever pieces they came in"
    );
}

#[rstest]
fn a_database_that_was_not_packed_is_taken(
    #[values(Backup::Crypt14, Backup::Crypt15)] backup: Backup,
) {
    let found = decrypted(&backup.packed(&DATABASE, false), &backup.key()).unwrap();
    assert!(found == *DATABASE);
}

#[rstest]
fn the_end_decides(
    #[values(Backup::Crypt12, Backup::Crypt14, Backup::Crypt15)] backup: Backup,
    #[values(1, 4, 16, 20, 36, 1_000, 600_000)] missing: usize,
) {
    let whole = backup.of(&DATABASE, true);
    let cut = decrypted(&whole[..whole.len() - missing], &backup.key());
    assert_eq!(
        cut.is_ok(),
        missing == 16,
        "{backup:?} without its last {missing} bytes; the tag is what counts"
    );
    if let Err(error) = cut {
        assert!(error.to_string().contains("cut off or damaged"), "{error}");
    }
}

#[rstest]
fn another_key_is_told_from_damage(
    #[values(Backup::Crypt12, Backup::Crypt14, Backup::Crypt15)] backup: Backup,
) {
    let whole = backup.of(&DATABASE, true);
    let mut other_salt = Backup::Crypt14.key();
    other_salt[40] ^= 1;
    for key in [&b"2b".repeat(32)[..], &other_salt, b"", &[0; 158]] {
        let error = decrypted(&whole, key).unwrap_err();
        assert!(matches!(error, ReadError::WrongKey), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_changed_byte_is_never_believed(at in any::<prop::sample::Index>(), bit in 0_u8..8, kind in 0..3) {
        let backup = [Backup::Crypt12, Backup::Crypt14, Backup::Crypt15][usize::try_from(kind).unwrap()];
        let whole = backup.of(&DATABASE[..20_000], true);
        let mut changed = whole.clone();
        changed[at.index(whole.len())] ^= 1 << bit;
        // What is not covered by the tag may change: the checksum itself, and parts of the header that decide nothing.
        if let Ok(database) = decrypted(&changed, &backup.key()) {
            prop_assert!(database == DATABASE[..20_000]);
        }
    }
}
