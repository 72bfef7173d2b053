//! AES-256 in GCM, over a stream.
//!
//! `aes-gcm` wants the whole text at once, which for a backup is more than memory should hold. These are its own two
//! parts, the counter mode and the hash, joined as the standard says (NIST SP 800-38D, 7.2, with an IV that is not 12
//! bytes long and without additional data); a test holds the two against each other.

use aes::{
    Aes256,
    cipher::{BlockEncrypt, KeyInit, KeyIvInit, StreamCipher},
};
use ctr::Ctr32BE;
use ghash::{GHash, universal_hash::UniversalHash};

pub(super) const BLOCK: usize = 16;

pub(super) struct Gcm {
    cipher: Ctr32BE<Aes256>,
    hash: GHash,
    /// What hides the tag: the first block of the key stream.
    mask: [u8; BLOCK],
    bytes: u64,
}

impl Gcm {
    pub(super) fn new(key: &[u8; 32], iv: &[u8; BLOCK]) -> Self {
        let mut hash_key = ghash::Block::default();
        Aes256::new(key.into()).encrypt_block(&mut hash_key);
        let hash = GHash::new(&hash_key);
        let mut first = hash.clone();
        first.update_padded(iv);
        first.update(&[lengths(0, BLOCK as u64).into()]);
        let mut cipher = Ctr32BE::<Aes256>::new(key.into(), &first.finalize());
        let mut mask = [0; BLOCK];
        cipher.apply_keystream(&mut mask);
        Self {
            cipher,
            hash,
            mask,
            bytes: 0,
        }
    }

    /// Decrypts in place. Only the last piece may be other than whole blocks.
    pub(super) fn decrypt(&mut self, piece: &mut [u8]) {
        self.hash.update_padded(piece);
        self.bytes += piece.len() as u64;
        self.cipher.apply_keystream(piece);
    }

    /// The tag of all that was decrypted.
    pub(super) fn tag(mut self) -> [u8; BLOCK] {
        self.hash.update(&[lengths(0, self.bytes).into()]);
        let mut tag: [u8; BLOCK] = self.hash.finalize().into();
        for (byte, mask) in tag.iter_mut().zip(self.mask) {
            *byte ^= mask;
        }
        tag
    }
}

/// The last block of the hash: both lengths in bits.
fn lengths(additional: u64, text: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..8].copy_from_slice(&(additional * 8).to_be_bytes());
    block[8..].copy_from_slice(&(text * 8).to_be_bytes());
    block
}

#[cfg(test)]
mod tests {
    use aes_gcm::{AeadInPlace, AesGcm, aes::cipher::consts::U16};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_gcm_of_the_library(
            key: [u8; 32],
            iv: [u8; 16],
            text in proptest::collection::vec(any::<u8>(), 0..400),
            piece in 1_usize..6,
        ) {
            let mut encrypted = text.clone();
            let library = <AesGcm<aes_gcm::aes::Aes256, U16> as aes_gcm::KeyInit>::new(&key.into());
            let tag = library.encrypt_in_place_detached(&iv.into(), &[], &mut encrypted).unwrap();
            let mut ours = Gcm::new(&key, &iv);
            for piece in encrypted.chunks_mut(piece * BLOCK) {
                ours.decrypt(piece);
            }
            prop_assert_eq!(encrypted, text);
            prop_assert_eq!(ours.tag(), <[u8; 16]>::from(tag));
        }
    }
}
