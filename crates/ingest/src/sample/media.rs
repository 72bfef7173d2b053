//! Pictures small enough to be made up: PNG, uncompressed, with a palette.

use base64::Engine;

use super::random::Random;

const WIDTH: usize = 20;
const HEIGHT: usize = 15;
const COLOURS: usize = 12;

/// A thumbnail of a landscape that does not exist, in base64: a sky, hills, a sun or moon.
pub(super) fn thumbnail(random: &mut Random) -> String {
    let mut palette = Vec::with_capacity(3 * COLOURS);
    let (top, low, land) = (colour(random), colour(random), colour(random));
    for step in 0..8_u16 {
        let mixed = |place: usize| {
            let (from, to) = (u16::from(top[place]), u16::from(low[place]));
            ((from * (7 - step) + to * step) / 7) as u8
        };
        palette.extend([mixed(0), mixed(1), mixed(2)]);
    }
    palette.extend([255, 236, 180]);
    palette.extend(land);
    palette.extend(land.map(|part| part / 2));
    palette.extend(land.map(|part| part / 4));
    let (mut hill, mut near) = (8 + random.below(4), 12);
    let (sun_x, sun_y) = (2 + random.below(WIDTH - 4), 1 + random.below(5));
    let mut rows = vec![[0_u8; WIDTH + 1]; HEIGHT];
    for x in 0..WIDTH {
        hill = (hill + random.below(3)).saturating_sub(1).clamp(6, 12);
        near = (near + random.below(3)).saturating_sub(1).clamp(10, 14);
        for (y, row) in rows.iter_mut().enumerate() {
            let is_sun = x.abs_diff(sun_x) + y.abs_diff(sun_y) < 3;
            // The first byte of a row names its filter: none.
            row[x + 1] = match y {
                y if y > near + 1 => 11,
                y if y > near => 10,
                y if y > hill => 9,
                _ if is_sun => 8,
                y => (y * 8 / HEIGHT) as u8,
            };
        }
    }
    base64::engine::general_purpose::STANDARD.encode(png(&palette, &rows.concat()))
}

fn colour(random: &mut Random) -> [u8; 3] {
    let bytes = random.next().to_le_bytes();
    [bytes[0] / 2 + 90, bytes[1] / 2 + 80, bytes[2] / 2 + 70]
}

fn png(palette: &[u8], pixels: &[u8]) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend((WIDTH as u32).to_be_bytes());
    header.extend((HEIGHT as u32).to_be_bytes());
    // Eight bits a pixel, with a palette.
    header.extend([8, 3, 0, 0, 0]);
    let length = pixels.len() as u16;
    let mut stored = vec![0x78, 0x01, 0x01];
    stored.extend(length.to_le_bytes());
    stored.extend((!length).to_le_bytes());
    stored.extend(pixels);
    stored.extend(adler32(pixels).to_be_bytes());
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [
        (b"IHDR", header.as_slice()),
        (b"PLTE", palette),
        (b"IDAT", stored.as_slice()),
        (b"IEND", &[]),
    ] {
        png.extend((data.len() as u32).to_be_bytes());
        let start = png.len();
        png.extend(name);
        png.extend(data);
        let sum = crc32(&png[start..]);
        png.extend(sum.to_be_bytes());
    }
    png
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut one, mut two) = (1_u32, 0_u32);
    for byte in bytes {
        one = (one + u32::from(*byte)) % 65_521;
        two = (two + one) % 65_521;
    }
    two << 16 | one
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                sum >> 1 ^ 0xedb8_8320
            } else {
                sum >> 1
            };
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn thumbnails_are_small_and_differ() {
        let mut random = Random::new(1);
        let (one, other) = (thumbnail(&mut random), thumbnail(&mut random));
        assert!(one.len() <= 1_024, "{} characters", one.len());
        assert_ne!(one, other);
    }
}
