//! A rendered template block, cut at its slots and filled for every request.

use std::borrow::Cow;

use super::count::{Counted, Counter};
use super::format::escape::Escape;
use super::format::wrap;
use super::slot::{CLOSE, NEXT, OPEN, Op, Slot, Values};

/// A rendered template block, cut at its slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Box<str>, Counted),
    Slot(Slot, Vec<Op>),
}

impl Frame {
    /// Cuts what minijinja printed.
    pub fn cut(rendered: &str) -> Self {
        let mut pieces = Vec::new();
        let mut parts = rendered.split(OPEN);
        push_text(&mut pieces, parts.next().unwrap_or_default());
        for part in parts {
            let (slot, after) = part.split_once(CLOSE).unwrap_or((part, ""));
            pieces.extend(parse_slot(slot));
            push_text(&mut pieces, after);
        }
        Self(pieces)
    }

    /// Appends words.
    pub fn push_words(&mut self, words: &str) {
        push_text(&mut self.0, words);
    }

    /// Appends a slot, with what is done to its value.
    pub fn push_slot(&mut self, slot: Slot, ops: Vec<Op>) {
        self.0.push(Piece::Slot(slot, ops));
    }

    /// Whether `slot` is printed.
    pub fn prints(&self, slot: Slot) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Slot(printed, _) if *printed == slot))
    }

    /// Whether `slot` is printed, and nothing is done to it.
    pub fn prints_bare(&self, slot: Slot) -> bool {
        let of_slot = |piece: &&Piece| matches!(piece, Piece::Slot(printed, _) if *printed == slot);
        let mut printed = self.0.iter().filter(of_slot).peekable();
        printed.peek().is_some()
            && printed.all(|piece| matches!(piece, Piece::Slot(_, ops) if ops.is_empty()))
    }

    /// The same frame with its text escaped, for slots that will be.
    pub fn escaped(&self, escape: Escape) -> Self {
        let escaped = |piece: &Piece| match piece {
            Piece::Text(text, counted) => {
                let mut out = String::with_capacity(text.len());
                escape.push(&mut out, text);
                Piece::Text(out.into(), *counted)
            }
            slot @ Piece::Slot(..) => slot.clone(),
        };
        Self(self.0.iter().map(escaped).collect())
    }

    /// How many words it has with its slots filled.
    pub fn words(&self, values: Values<'_>) -> u32 {
        let mut counter = Counter::default();
        for piece in &self.0 {
            match piece {
                Piece::Text(_, counted) => counter.counted(*counted),
                Piece::Slot(slot, ops) if ops.is_empty() => {
                    counter.text(values.get(*slot).unwrap_or_default());
                }
                slot @ Piece::Slot(..) => {
                    let mut text = String::new();
                    slot.fill(&mut text, values, Escape::Nothing);
                    counter.text(&text);
                }
            }
        }
        counter.words()
    }

    /// Appends the frame with its slots filled, each escaped.
    pub fn fill(&self, out: &mut String, values: Values<'_>, escape: Escape) {
        for piece in &self.0 {
            piece.fill(out, values, escape);
        }
    }

    /// The whole text, if there are no slots in it.
    pub fn as_text(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text, _)] => Some(text),
            _ => None,
        }
    }

    /// The same, with `body` called where the slot of that name stands.
    ///
    /// # Errors
    /// What `body` reports.
    pub fn fill_around<E>(
        &self,
        out: &mut String,
        values: Values<'_>,
        escape: Escape,
        body: impl FnOnce(&mut String) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut body = Some(body);
        for piece in &self.0 {
            match (piece, &mut body) {
                (Piece::Slot(Slot::Body, _), body) => body.take().map_or(Ok(()), |body| body(out))?,
                (piece, _) => piece.fill(out, values, escape),
            }
        }
        Ok(())
    }
}

impl Piece {
    fn fill(&self, out: &mut String, values: Values<'_>, escape: Escape) {
        match self {
            Self::Text(text, _) => out.push_str(text),
            Self::Slot(slot, ops) => {
                let Some(value) = values.get(*slot) else { return };
                match (ops.as_slice(), escape) {
                    ([], _) if slot.is_markup() => out.push_str(value),
                    ([], _) => escape.push(out, value),
                    ([Op::Wrap(first, rest)], Escape::Nothing) => {
                        wrap::push_wrapped(out, value, first, rest);
                    }
                    ([Op::Rule(c)], Escape::Nothing) => wrap::push_rule(out, value, *c),
                    ([Op::Article], _) if *slot == Slot::Title && values.article.is_some() => {
                        out.push_str(values.article.unwrap_or_default());
                        out.push(' ');
                        escape.push(out, value);
                    }
                    _ => {
                        let text = ops.iter().fold(Cow::Borrowed(value), |text, op| op.apply(text));
                        escape.push(out, &text);
                    }
                }
            }
        }
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.into(), Counted::new(text)));
    }
}

fn parse_slot(text: &str) -> Option<Piece> {
    let mut parts = text.split(NEXT);
    let index: usize = parts.next()?.parse().ok()?;
    let slot = *Slot::ALL.get(index)?;
    let mut ops = Vec::new();
    while let Some(name) = parts.next() {
        ops.push(match name {
            "a" => Op::Article,
            "p" => Op::Possessive,
            "c" => Op::Capital,
            "w" => Op::Wrap(parts.next()?.to_owned(), parts.next()?.to_owned()),
            "r" => Op::Rule(parts.next()?.chars().next()?),
            _ => return None,
        });
    }
    Some(Piece::Slot(slot, ops))
}
