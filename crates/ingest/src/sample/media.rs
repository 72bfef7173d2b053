//! Pictures small enough to be made up: PNG, uncompressed, with a palette.

use base64::Engine;

use super::random::Random;

/// Shades of a sky, from the top down.
const SKY: usize = 48;
/// Palette: the sky, then these.
const SUN: u8 = 48;
const FAR: u8 = 49;
const MIDDLE: u8 = 50;
const NEAR: u8 = 51;

/// Where the lines of the hills bend.
const BENDS: usize = 9;

/// A landscape that does not exist: a sky, hills, a sun or moon. Heights are thousandths of the picture's.
pub(super) struct Landscape {
    palette: Vec<u8>,
    far: [usize; BENDS],
    near: [usize; BENDS],
    sun: (usize, usize),
}

impl Landscape {
    pub(super) fn new(random: &mut Random) -> Self {
        let (top, low, land) = (colour(random), colour(random), colour(random));
        let mut palette = Vec::with_capacity(3 * (SKY + 4));
        for step in 0..SKY {
            let mixed = |place: usize| {
                let (from, to) = (usize::from(top[place]), usize::from(low[place]));
                ((from * (SKY - 1 - step) + to * step) / (SKY - 1)) as u8
            };
            palette.extend([mixed(0), mixed(1), mixed(2)]);
        }
        palette.extend([255, 236, 180]);
        palette.extend(land);
        palette.extend(land.map(|part| part / 3 * 2));
        palette.extend(land.map(|part| part / 3));
        Self {
            palette,
            far: line(560, 220, random),
            near: line(760, 160, random),
            sun: (120 + random.below(760), 100 + random.below(280)),
        }
    }

    /// As a PNG of this size.
    pub(super) fn draw(&self, width: usize, height: usize) -> Vec<u8> {
        let mut rows = Vec::with_capacity((width + 1) * height);
        let radius = height / 12 + 1;
        let (sun_x, sun_y) = (self.sun.0 * width / 1_000, self.sun.1 * height / 1_000);
        for y in 0..height {
            // The first byte of a row names its filter: none.
            rows.push(0);
            for x in 0..width {
                let (far, near) = (at(&self.far, x, width), at(&self.near, x, width));
                let (far, near) = (far * height / 1_000, near * height / 1_000);
                let away = x.abs_diff(sun_x).pow(2) + y.abs_diff(sun_y).pow(2);
                rows.push(match y {
                    y if y > near + height / 7 => NEAR,
                    y if y > near => MIDDLE,
                    y if y > far => FAR,
                    _ if away < radius.pow(2) => SUN,
                    y => (y * (SKY - 1) / height) as u8,
                });
            }
        }
        png(width, height, &self.palette, &rows)
    }
}

/// A thumbnail of a landscape, in base64.
pub(super) fn thumbnail(random: &mut Random) -> String {
    small(&Landscape::new(random))
}

/// A landscape's own thumbnail, in base64.
pub(super) fn small(landscape: &Landscape) -> String {
    base64::engine::general_purpose::STANDARD.encode(landscape.draw(20, 15))
}

/// Heights around one, each not far from the one before.
fn line(around: usize, spread: usize, random: &mut Random) -> [usize; BENDS] {
    let mut height = around;
    [(); BENDS].map(|()| {
        height = (height + random.below(spread)).saturating_sub(spread / 2);
        height = height.clamp(around - spread / 2, around + spread / 2);
        height
    })
}

/// The height of a line at a column, straight between its bends.
fn at(line: &[usize; BENDS], x: usize, width: usize) -> usize {
    let place = x * (BENDS - 1);
    let (bend, rest) = (place / width, place % width);
    (line[bend] * (width - rest) + line[bend + 1] * rest) / width
}

fn colour(random: &mut Random) -> [u8; 3] {
    let bytes = random.next().to_le_bytes();
    [bytes[0] / 2 + 90, bytes[1] / 2 + 80, bytes[2] / 2 + 70]
}

fn png(width: usize, height: usize, palette: &[u8], pixels: &[u8]) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    // Eight bits a pixel, with a palette.
    header.extend([8, 3, 0, 0, 0]);
    let mut stored = vec![0x78, 0x01];
    let mut blocks = pixels.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        stored.push(u8::from(blocks.peek().is_none()));
        stored.extend(length.to_le_bytes());
        stored.extend((!length).to_le_bytes());
        stored.extend(block);
    }
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
