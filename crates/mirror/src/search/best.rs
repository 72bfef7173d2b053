//! Hits by how well they fit, of the newest thousand: what weighs is how often a message has the words in
//! how short a text, how rare a word is among those hits, and whether the words stand as they were typed.

use super::{asking::Fit, expression::Expression, query::Phrase, token::Token};
/// So many are weighed.
pub(super) const WEIGHED: usize = 1_000;

/// The usual constants of BM25, and the length of a usual message.
const K1: f64 = 1.2;
const B: f64 = 0.75;
const USUAL_LENGTH: f64 = 12.0;

/// Some of the best of these, those before `behind` left out.
pub(super) fn of(expression: &Expression, fits: Vec<Fit>, behind: usize, limit: usize) -> Vec<Fit> {
    let weights = weights(expression, &fits);
    let mut places: Vec<usize> = (0..fits.len()).collect();
    // A stable sort: of equals the newer one comes first.
    places.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]));
    let mut fits: Vec<Option<Fit>> = fits.into_iter().map(Some).collect();
    let wanted = places.into_iter().skip(behind).take(limit);
    wanted.filter_map(|place| fits[place].take()).collect()
}

fn weights(expression: &Expression, fits: &[Fit]) -> Vec<f64> {
    let phrases: Vec<&Phrase> = expression.phrases().collect();
    let typed: Vec<&str> = phrases
        .iter()
        .flat_map(|phrase| &phrase.words)
        .map(String::as_str)
        .collect();
    let mut weights = vec![0.0; fits.len()];
    for phrase in &phrases {
        let counts: Vec<f64> = fits.iter().map(|fit| occurrences(phrase, fit)).collect();
        let having = counts.iter().filter(|count| **count > 0.0).count() as f64;
        let rarity = 1.0 + ((fits.len() as f64 - having + 0.5) / (having + 0.5)).ln_1p();
        for ((weight, count), fit) in weights.iter_mut().zip(counts).zip(fits) {
            let length: usize = fit.passages.iter().map(Vec::len).sum();
            let room = K1 * (1.0 - B + B * length as f64 / USUAL_LENGTH);
            *weight += rarity * count * (K1 + 1.0) / (count + room);
        }
    }
    for (weight, fit) in weights.iter_mut().zip(fits) {
        if typed.len() > 1 && fit.passages.iter().any(|tokens| holds(tokens, &typed)) {
            *weight *= 1.5;
        }
    }
    weights
}

/// How often, a word that only begins so counting half.
fn occurrences(phrase: &Phrase, fit: &Fit) -> f64 {
    let whole = Phrase {
        prefix: false,
        ..phrase.clone()
    };
    let count = |phrase: &Phrase| {
        let of = |tokens: &Vec<Token>| phrase.places(tokens).count();
        fit.passages.iter().map(of).sum::<usize>() as f64
    };
    f64::midpoint(count(phrase), count(&whole))
}

fn holds(tokens: &[Token], words: &[&str]) -> bool {
    tokens.windows(words.len()).any(|window| {
        window
            .iter()
            .zip(words)
            .all(|(token, word)| token.word.starts_with(word))
    })
}
