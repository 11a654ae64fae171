//! Which lines differ: those of the listings by their longest common part, printed ones by place.

use std::collections::BTreeSet;

use loopscope_trace::{Listing, Token};

/// Longer listings are held against each other line by line.
const LONGEST: usize = 400;

/// The places of the lines that only one of the two has.
pub fn lines(left: &Listing, right: &Listing) -> [BTreeSet<usize>; 2] {
    let text = |listing: &Listing| listing.lines.iter().map(|line| words(line)).collect();
    let (left, right): (Vec<String>, Vec<String>) = (text(left), text(right));
    let kept = common(&left, &right);
    let without = |count: usize, side: usize| {
        let same: BTreeSet<usize> = kept.iter().map(|pair| pair[side]).collect();
        (0..count).filter(|place| !same.contains(place)).collect()
    };
    [without(left.len(), 0), without(right.len(), 1)]
}

fn words(line: &[Token]) -> String {
    line.iter().map(|token| token.text.as_str()).collect()
}

/// Places of a longest common part, in order.
fn common(left: &[String], right: &[String]) -> Vec<[usize; 2]> {
    if left.len() > LONGEST || right.len() > LONGEST {
        let both = left.iter().zip(right).enumerate();
        return both
            .filter(|(_, (one, other))| one == other)
            .map(|(place, _)| [place, place])
            .collect();
    }
    // How long a common part the rests from here on have.
    let mut rest = vec![vec![0_usize; right.len() + 1]; left.len() + 1];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            rest[i][j] = if left[i] == right[j] {
                rest[i + 1][j + 1] + 1
            } else {
                rest[i + 1][j].max(rest[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut kept) = (0, 0, Vec::new());
    while i < left.len() && j < right.len() {
        if left[i] == right[j] {
            kept.push([i, j]);
            (i, j) = (i + 1, j + 1);
        } else if rest[i + 1][j] >= rest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    kept
}
