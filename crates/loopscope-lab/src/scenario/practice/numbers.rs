//! Numbers from a seed: Steele's splitmix.

/// A row of numbers; the same seed gives the same row.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// The row of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number: at least 0, and less than `end`. An end of 0 is one of 1.
    pub fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = u32::try_from((number ^ (number >> 31)) >> 32).unwrap_or(0);
        number % end.max(1)
    }

    /// The next number, with both ends.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// Puts a list into an order at random.
    pub fn mix<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            let end = u32::try_from(place + 1).unwrap_or(u32::MAX);
            list.swap(place, self.below(end) as usize);
        }
    }
}
