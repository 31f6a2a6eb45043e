//! Templates with slots: rendered once by minijinja, filled anew for every request.
//!
//! A value that only the request knows enters a template as a [`Slot`]: an opaque object that can
//! be tested for presence, printed, and passed through the text filters, and nothing else. What
//! minijinja prints is cut at the slots into a [`Frame`](super::frame::Frame), which is then filled by copying. So a
//! template stays the only place of its words, and a request never waits for an interpreter.
//! Templates cannot branch on what a caller wrote, only on whether it is there.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

use super::english;
use super::format::wrap;

/// A value that a request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the name is the variable in the templates")]
pub enum Slot {
    Title,
    Employer,
    Department,
    Team,
    Task,
    Step,
    Workplace,
    Pay,
    Fixed,
    Wage,
    Note,
    Remark,
    Benefits,
    Items,
    Date,
    Email,
    Mission,
    Location,
    Text,
    Label,
    Href,
    Heading,
    Section,
    Language,
    Markup,
    Body,
}

/// The number of slots.
const SLOTS: usize = Slot::Body as usize + 1;

impl Slot {
    /// All slots.
    pub const ALL: [Self; SLOTS] = [
        Self::Title,
        Self::Employer,
        Self::Department,
        Self::Team,
        Self::Task,
        Self::Step,
        Self::Workplace,
        Self::Pay,
        Self::Fixed,
        Self::Wage,
        Self::Note,
        Self::Remark,
        Self::Benefits,
        Self::Items,
        Self::Date,
        Self::Email,
        Self::Mission,
        Self::Location,
        Self::Text,
        Self::Label,
        Self::Href,
        Self::Heading,
        Self::Section,
        Self::Language,
        Self::Markup,
        Self::Body,
    ];

    /// Whether its value is markup already, and printed as it is.
    pub fn is_markup(self) -> bool {
        self == Self::Markup
    }

    /// The variable in the templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Employer => "employer",
            Self::Department => "department",
            Self::Team => "team",
            Self::Task => "task",
            Self::Step => "step",
            Self::Workplace => "workplace",
            Self::Pay => "pay",
            Self::Fixed => "fixed",
            Self::Wage => "wage",
            Self::Note => "note",
            Self::Remark => "remark",
            Self::Benefits => "benefits",
            Self::Items => "items",
            Self::Date => "date",
            Self::Email => "email",
            Self::Mission => "mission",
            Self::Location => "location",
            Self::Text => "text",
            Self::Label => "label",
            Self::Href => "href",
            Self::Heading => "heading",
            Self::Section => "section",
            Self::Language => "language",
            Self::Markup => "markup",
            Self::Body => "body",
        }
    }
}

/// What a request brings to one block: its slots, each with its value or nothing.
///
/// Borrowed, since a block has few of them, and there are dozens of blocks in a posting.
#[derive(Clone, Copy, Debug, Default)]
pub struct Values<'v> {
    given: &'v [(Slot, Option<&'v str>)],
    /// Those of the whole posting, which only the phrases of an own tone may all use.
    beside: &'v [(Slot, Option<&'v str>)],
    /// The article of the title, where it is known beforehand.
    pub(super) article: Option<&'static str>,
}

impl<'v> Values<'v> {
    /// No values.
    pub const NONE: Self = Self { given: &[], beside: &[], article: None };

    /// These values.
    pub fn of(given: &'v [(Slot, Option<&'v str>)]) -> Self {
        Self { given, ..Self::NONE }
    }

    /// These values, and `beside` for slots that have none.
    pub fn beside(mut self, beside: &'v [(Slot, Option<&'v str>)]) -> Self {
        self.beside = beside;
        self
    }

    /// These values, with the article of the title.
    pub fn with_article(mut self, article: Option<&'static str>) -> Self {
        self.article = article;
        self
    }

    /// The value of `slot`.
    pub fn get(&self, slot: Slot) -> Option<&'v str> {
        let of = |values: &[(Slot, Option<&'v str>)]| {
            values.iter().find(|(given, _)| *given == slot).and_then(|(_, value)| *value)
        };
        of(self.given).or_else(|| of(self.beside))
    }

    /// Which of `slots` have a value, one bit each. The body of a block always has one.
    pub fn shape(&self, slots: &[Slot]) -> usize {
        let given = |slot: Slot| slot == Slot::Body || self.get(slot).is_some();
        slots.iter().enumerate().fold(0, |shape, (n, slot)| shape | (usize::from(given(*slot)) << n))
    }
}

/// What a filter does to a slot's value when it is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Puts "a" or "an" before it.
    Article,
    /// Makes it a possessive.
    Possessive,
    /// Gives it a capital first letter.
    Capital,
    /// Wraps it, with what the first and the other lines start with.
    Wrap(String, String),
    /// A line of this character as wide as the value.
    Rule(char),
}

impl Op {
    /// Applies the operation.
    pub fn apply<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        match self {
            Self::Article => Cow::Owned(format!("{} {text}", english::article(&text))),
            Self::Possessive => Cow::Owned(english::possessive(&text)),
            Self::Capital => match english::capitalised(&text) {
                Cow::Borrowed(_) => text,
                Cow::Owned(changed) => Cow::Owned(changed),
            },
            Self::Wrap(first, rest) => {
                let mut lines = String::new();
                wrap::push_wrapped(&mut lines, &text, first, rest);
                Cow::Owned(lines)
            }
            Self::Rule(c) => {
                let mut line = String::new();
                wrap::push_rule(&mut line, &text, *c);
                Cow::Owned(line)
            }
        }
    }
}

/// A slot inside a template, with the filters that it went through.
#[derive(Debug)]
pub struct SlotValue {
    slot: Slot,
    ops: Vec<Op>,
}

// No text that a caller brings can contain noncharacters: see `domain::text::is_forbidden`.
pub(super) const OPEN: char = '\u{FDD0}';
pub(super) const NEXT: char = '\u{FDD1}';
pub(super) const CLOSE: char = '\u{FDD2}';

impl SlotValue {
    /// The template's value for `slot`.
    pub fn value(slot: Slot) -> Value {
        Value::from_object(Self { slot, ops: Vec::new() })
    }

    /// The same slot, after one more filter.
    pub fn then(&self, op: Op) -> Value {
        let mut ops = self.ops.clone();
        ops.push(op);
        Value::from_object(Self { slot: self.slot, ops })
    }
}

impl fmt::Display for SlotValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OPEN}{}", self.slot as u8)?;
        for op in &self.ops {
            match op {
                Op::Article => write!(f, "{NEXT}a")?,
                Op::Possessive => write!(f, "{NEXT}p")?,
                Op::Capital => write!(f, "{NEXT}c")?,
                Op::Wrap(first, rest) => write!(f, "{NEXT}w{NEXT}{first}{NEXT}{rest}")?,
                Op::Rule(c) => write!(f, "{NEXT}r{NEXT}{c}")?,
            }
        }
        write!(f, "{CLOSE}")
    }
}

impl Object for SlotValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_ref(), f)
    }
}
