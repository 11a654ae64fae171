//! What a search in the menu may hit, and how well.

/// The texts of a row that a search may hit, what counts most first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    parts: Vec<String>,
}

/// How a word stands in a text, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// As a word, or words, of its own.
    Whole,
    /// At the beginning of a word.
    Begins,
    /// Anywhere.
    Inside,
}

impl Searched {
    /// Texts in the order in which they count: a hit in the first one is shown before a hit in the second.
    pub fn new(parts: impl IntoIterator<Item = String>) -> Self {
        let parts = parts.into_iter().map(|part| part.to_lowercase());
        Self {
            parts: parts.collect(),
        }
    }

    /// How well it is hit by all that is sought at one place, least is best; `None` where it is not.
    pub fn rank(&self, sought: &str) -> Option<usize> {
        self.cost(&sought.trim().to_lowercase())
    }

    /// How well it is hit by the words of what is sought, each wherever it stands; `None` where one is missing.
    fn rank_of_words(&self, sought: &str) -> Option<usize> {
        let sought = sought.to_lowercase();
        let costs = sought.split_whitespace().map(|word| self.cost(word));
        costs.sum()
    }

    /// The best place of one text, and how it stands there.
    fn cost(&self, sought: &str) -> Option<usize> {
        let parts = self.parts.iter().enumerate();
        let costs = parts.filter_map(|(place, part)| Some(3 * place + fit(part, sought)? as usize));
        costs.min()
    }
}

impl From<String> for Searched {
    fn from(part: String) -> Self {
        Self::new([part])
    }
}

/// How a text stands in another one at best.
fn fit(text: &str, sought: &str) -> Option<Fit> {
    let own = |letter: Option<char>| {
        !letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    };
    let places = text.match_indices(sought);
    let fits = places.map(|(at, found)| {
        let begins = own(text[..at].chars().next_back());
        let ends = own(text[at + found.len()..].chars().next());
        match (begins, ends) {
            (true, true) => Fit::Whole,
            (true, false) => Fit::Begins,
            (false, _) => Fit::Inside,
        }
    });
    fits.min()
}

/// The rows that are hit, the best first; equal ones stay in their order. Where no row has all of it at one place, those that
/// have its words.
pub fn found<'a, T>(rows: &'a [T], sought: &str, of: impl Fn(&T) -> &Searched) -> Vec<&'a T> {
    let ranked = |rank: &dyn Fn(&Searched) -> Option<usize>| -> Vec<&'a T> {
        let ranked = rows.iter().filter_map(|row| Some((rank(of(row))?, row)));
        let mut ranked: Vec<(usize, &T)> = ranked.collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, row)| row).collect()
    };
    let together = ranked(&|searched| searched.rank(sought));
    if together.is_empty() {
        return ranked(&|searched| searched.rank_of_words(sought));
    }
    together
}
