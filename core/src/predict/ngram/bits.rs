//! Bits, the least significant of a byte first, and whole numbers in exponential Golomb code.

/// What [`Bits::number`] gives where no number can be read.
pub(super) const NO_NUMBER: u32 = u32::MAX;
/// Bits of a number behind its first one at most: with as many zeros before and six bits behind, they fit a window of 57.
const LONGEST: u32 = 25;

/// A place in a string of bits. Reading past the end gives zeros, and no number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The bit that is read next.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// At least 57 bits from here on.
    fn window(&self) -> u64 {
        let start = self.at / 8;
        let word = match self.bytes.get(start..).and_then(<[u8]>::first_chunk::<8>) {
            Some(chunk) => u64::from_le_bytes(*chunk),
            None => {
                let mut chunk = [0; 8];
                let rest = self.bytes.get(start..).unwrap_or_default();
                chunk.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                u64::from_le_bytes(chunk)
            }
        };
        word >> (self.at % 8)
    }

    /// The next `count` bits, 32 at most.
    pub(super) fn bits(&mut self, count: u32) -> u32 {
        let value = self.window() & ((1 << count) - 1);
        self.at = self.at.saturating_add(count as usize);
        value as u32
    }

    /// A number of parameter `k`, 15 at most; [`NO_NUMBER`] where there is none.
    ///
    /// `z` zeros, a one, and the low `k + z` bits of the number plus 2ᵏ, whose highest bit the zeros tell.
    pub(super) fn number(&mut self, k: u32) -> u32 {
        self.number_and_bits(k, 0).0
    }

    /// A number, and the `count` bits behind it, six at most.
    pub(super) fn number_and_bits(&mut self, k: u32, count: u32) -> (u32, u32) {
        let window = self.window();
        let zeros = window.trailing_zeros();
        let length = k + zeros;
        if length > LONGEST {
            return (NO_NUMBER, 0);
        }
        let low = (window >> (zeros + 1)) & ((1 << length) - 1);
        let used = zeros + 1 + length;
        let behind = (window >> used) & ((1 << count) - 1);
        self.at = self.at.saturating_add((used + count) as usize);
        (((1 << length) + low - (1 << k)) as u32, behind as u32)
    }
}

/// Appends bits.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits of the last byte in use; 0 if it is full.
    used: u32,
}

impl BitWriter {
    pub(super) fn len(&self) -> usize {
        match self.used {
            0 => 8 * self.bytes.len(),
            used => 8 * (self.bytes.len() - 1) + used as usize,
        }
    }

    pub(super) fn bits(&mut self, value: u32, count: u32) {
        for place in 0..count {
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= (((value >> place) & 1) as u8) << self.used;
            }
            self.used = (self.used + 1) % 8;
        }
    }

    pub(super) fn number(&mut self, value: u32, k: u32) {
        let shifted = value + (1 << k);
        let length = shifted.ilog2();
        debug_assert!(length <= LONGEST, "{value} is too large");
        self.bits(0, length - k);
        self.bits(1, 1);
        self.bits(shifted, length);
    }

    /// All of `other`.
    pub(super) fn append(&mut self, other: &Self) {
        let whole = other.len() / 8;
        if self.used == 0 {
            self.bytes.extend_from_slice(&other.bytes[..whole]);
        } else {
            other.bytes[..whole].iter().for_each(|&byte| self.bits(u32::from(byte), 8));
        }
        if let Some(&last) = other.bytes.get(whole) {
            self.bits(u32::from(last), other.used);
        }
    }

    /// Goes on at the next whole byte; its place.
    pub(super) fn align(&mut self) -> usize {
        self.used = 0;
        self.bytes.len()
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Bits of [`BitWriter::number`].
pub(super) fn number_bits(value: u32, k: u32) -> u32 {
    let length = (value + (1 << k)).ilog2();
    2 * length - k + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(values in prop::collection::vec((0_u32..1 << 24, 0_u32..16, 0_u32..20), 0..40)) {
            let (mut writer, mut nested) = (BitWriter::default(), BitWriter::default());
            writer.bits(5, 3);
            for &(value, k, count) in &values {
                let before = nested.len();
                nested.number(value, k);
                prop_assert_eq!(nested.len() - before, number_bits(value, k) as usize);
                nested.bits(value, count);
            }
            writer.append(&nested);
            let end = writer.len();
            let bytes = writer.into_bytes();
            let mut reader = Bits::new(&bytes, 3);
            for (value, k, count) in values {
                let with = count.min(6);
                let (number, behind) = reader.number_and_bits(k, with);
                prop_assert_eq!(number, value);
                let all = behind | reader.bits(count - with) << with;
                prop_assert_eq!(all, value & ((1 << count) - 1));
            }
            prop_assert_eq!(reader.at(), end);
        }

        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..20), at in 0_usize..400, k in 0_u32..16) {
            let mut reader = Bits::new(&bytes, at);
            let value = reader.number(k);
            prop_assert!(value == NO_NUMBER || value < 1 << 27);
            prop_assert!(reader.bits(32) as u64 <= u64::from(u32::MAX));
        }
    }

    #[test]
    fn nothing_is_behind_the_end() {
        assert_eq!(Bits::new(&[0xff], 8).number(0), NO_NUMBER);
        assert_eq!(Bits::new(&[0xff], usize::MAX).number(3), NO_NUMBER);
        assert_eq!(Bits::new(&[], 0).bits(7), 0);
    }
}
