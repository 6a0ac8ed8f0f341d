//! From a piece's bytes to its id.

use super::vocabulary::Vocabulary;

/// Open addressing over ids, 4 bytes a slot; the bytes stay in the vocabulary, which every call must bring along.
#[derive(Debug)]
pub(super) struct PieceIndex {
    slots: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl PieceIndex {
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let slots = vec![FREE; (vocabulary.len() * 2).next_power_of_two()];
        let mut index = Self { slots };
        for id in 0..vocabulary.len() as u32 {
            let piece = vocabulary.piece(id);
            if piece.is_empty() {
                continue;
            }
            let slot = index.slot(vocabulary, piece);
            // Of equal pieces the first stays.
            if index.slots[slot] == FREE {
                index.slots[slot] = id;
            }
        }
        index
    }

    pub(super) fn find(&self, vocabulary: &Vocabulary, piece: &[u8]) -> Option<u32> {
        self.slots.get(self.slot(vocabulary, piece)).copied().filter(|id| *id != FREE)
    }

    /// The slot of `piece`, or the free one where it would go; there always is one, since half of them are free.
    fn slot(&self, vocabulary: &Vocabulary, piece: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = crc32fast::hash(piece) as usize & mask;
        while self.slots[slot] != FREE && vocabulary.piece(self.slots[slot]) != piece {
            slot = (slot + 1) & mask;
        }
        slot
    }
}
