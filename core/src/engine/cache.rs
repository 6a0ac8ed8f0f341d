//! The key-value cache: half precision, in blocks that forks share until they write.

use super::kernels::{BLOCK, Kernels};
use crate::model::LlamaConfig;
use std::sync::Arc;

/// Keys and values of a sequence. Slot `i` holds those of its `i`-th token.
///
/// A block holds [`BLOCK`] slots of all layers; in it, per layer, the keys of each head one slot after the other,
/// then the values. Growing adds a block and moves nothing; a clone shares the blocks, and only one that is written to
/// is copied.
#[derive(Clone, Debug)]
pub(super) struct Cache {
    blocks: Vec<Arc<[u16]>>,
    layers: usize,
    heads: usize,
    key_length: usize,
    value_length: usize,
}

impl Cache {
    pub(super) fn new(config: &LlamaConfig) -> Self {
        let LlamaConfig { block_count, head_count_kv, key_length, value_length, .. } = *config;
        Self { blocks: Vec::new(), layers: block_count, heads: head_count_kv, key_length, value_length }
    }

    /// For one layer at a time, as an encoder needs it.
    pub(super) fn of_one_layer(heads: usize, length: usize) -> Self {
        Self { blocks: Vec::new(), layers: 1, heads, key_length: length, value_length: length }
    }

    /// Makes room for `slots` slots.
    pub(super) fn reserve(&mut self, slots: usize) {
        while self.blocks.len() * BLOCK < slots {
            self.blocks.push(vec![0; self.layers * self.layer_len()].into());
        }
    }

    /// The blocks, to read.
    pub(super) fn blocks(&self) -> &[Arc<[u16]>] {
        &self.blocks
    }

    /// Where `layer`'s keys and values begin in each block.
    pub(super) fn offsets(&self, layer: usize) -> (usize, usize) {
        let keys = layer * self.layer_len();
        (keys, keys + self.heads * BLOCK * self.key_length)
    }

    /// Writes `layer`'s keys and values of the slots from `first` on; both hold a row of whole heads per slot.
    pub(super) fn write(
        &mut self,
        kernels: &Kernels,
        layer: usize,
        first: usize,
        keys: &[f32],
        values: &[f32],
    ) {
        let (keys_at, values_at) = self.offsets(layer);
        let parts = [(keys_at, self.key_length, keys), (values_at, self.value_length, values)];
        for (at, length, rows) in parts {
            for (i, row) in rows.chunks_exact(self.heads * length).enumerate() {
                let slot = first + i;
                let block = Arc::make_mut(&mut self.blocks[slot / BLOCK]);
                for (head, row) in row.chunks_exact(length).enumerate() {
                    let at = at + (head * BLOCK + slot % BLOCK) * length;
                    kernels.narrow(row, &mut block[at..at + length]);
                }
            }
        }
    }

    /// Bytes of heap; blocks that forks share are counted in each.
    pub(super) fn bytes(&self) -> usize {
        self.blocks.len() * self.layers * self.layer_len() * size_of::<u16>()
    }

    fn layer_len(&self) -> usize {
        BLOCK * self.heads * (self.key_length + self.value_length)
    }
}
