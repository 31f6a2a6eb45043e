//! What an employer's own phrases are written in: words, and placeholders in braces.
//!
//! `{title}` is a placeholder, `{{` and `}}` are braces, and nothing else has a meaning. No text of a
//! caller ever becomes a template.

use super::frame::Frame;
use super::slot::{Op, Slot};

/// A name that may stand in braces.
#[derive(Debug)]
pub struct Placeholder {
    /// As it is written, with its braces.
    pub written: &'static str,
    /// Whose value stands there.
    pub slot: Slot,
    form: Form,
}

/// How a value stands in a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// With a capital first letter.
    Capital,
    /// After "a" or "an".
    Article,
    /// After "A" or "An".
    CapitalArticle,
    /// As a possessive.
    Possessive,
}

/// All placeholders. A capital in the name makes a capital in the words.
pub static PLACEHOLDERS: [Placeholder; 20] = [
    placeholder("{title}", Slot::Title, Form::Plain),
    placeholder("{a_title}", Slot::Title, Form::Article),
    placeholder("{A_title}", Slot::Title, Form::CapitalArticle),
    placeholder("{employer}", Slot::Employer, Form::Plain),
    placeholder("{employer's}", Slot::Employer, Form::Possessive),
    placeholder("{location}", Slot::Location, Form::Plain),
    placeholder("{mission}", Slot::Mission, Form::Plain),
    placeholder("{Mission}", Slot::Mission, Form::Capital),
    placeholder("{task}", Slot::Task, Form::Plain),
    placeholder("{Task}", Slot::Task, Form::Capital),
    placeholder("{step}", Slot::Step, Form::Plain),
    placeholder("{a_step}", Slot::Step, Form::Article),
    placeholder("{workplace}", Slot::Workplace, Form::Plain),
    placeholder("{Workplace}", Slot::Workplace, Form::Capital),
    placeholder("{pay}", Slot::Pay, Form::Plain),
    placeholder("{note}", Slot::Note, Form::Plain),
    placeholder("{items}", Slot::Items, Form::Plain),
    placeholder("{Items}", Slot::Items, Form::Capital),
    placeholder("{date}", Slot::Date, Form::Plain),
    placeholder("{email}", Slot::Email, Form::Plain),
];

const fn placeholder(written: &'static str, slot: Slot, form: Form) -> Placeholder {
    Placeholder { written, slot, form }
}

impl Placeholder {
    fn name(&self) -> &str {
        self.written.trim_matches(['{', '}'])
    }
}

/// A part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words, with single braces.
    Words(String),
    /// A value.
    Value(Slot, Form),
}

/// What is wrong in a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A name in braces, which no placeholder has.
    Unknown(String),
    /// A placeholder that may not stand in this phrase.
    Misplaced(&'static str),
    /// A `{` without its `}`.
    Unclosed,
    /// A `}` without its `{`.
    Unopened,
}

/// Reads a phrase in which the values of some slots may stand.
///
/// # Errors
/// Everything that is wrong with it, and at which character, from 1.
pub fn read(text: &str, may: impl Fn(Slot) -> bool) -> Result<Vec<Part>, Vec<(Fault, usize)>> {
    let (mut parts, mut faults, mut words) = (Vec::new(), Vec::new(), String::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (here, after) = (rest, &rest[c.len_utf8()..]);
        let mut fault = |fault| faults.push((fault, text.chars().count() - here.chars().count() + 1));
        rest = match c {
            '{' | '}' if after.starts_with(c) => {
                words.push(c);
                &after[1..]
            }
            '{' => match name(after) {
                Some((name, next)) => {
                    match PLACEHOLDERS.iter().find(|known| known.name() == name) {
                        Some(known) if may(known.slot) => {
                            push_words(&mut parts, std::mem::take(&mut words));
                            parts.push(Part::Value(known.slot, known.form));
                        }
                        Some(known) => fault(Fault::Misplaced(known.written)),
                        None => fault(Fault::Unknown(name.to_owned())),
                    }
                    next
                }
                None => {
                    fault(Fault::Unclosed);
                    after
                }
            },
            '}' => {
                fault(Fault::Unopened);
                after
            }
            _ => {
                words.push(c);
                after
            }
        };
    }
    push_words(&mut parts, words);
    if faults.is_empty() { Ok(parts) } else { Err(faults) }
}

/// What stands before the next `}`, and what stands after it.
fn name(after: &str) -> Option<(&str, &str)> {
    let (name, next) = after.split_once('}')?;
    (!name.contains('{')).then_some((name, next))
}

fn push_words(parts: &mut Vec<Part>, words: String) {
    if !words.is_empty() {
        parts.push(Part::Words(words));
    }
}

/// The frame of a phrase.
pub fn frame(parts: &[Part]) -> Frame {
    let mut frame = Frame::default();
    for part in parts {
        match part {
            Part::Words(words) => frame.push_words(words),
            Part::Value(slot, form) => frame.push_slot(*slot, ops(*form)),
        }
    }
    frame
}

fn ops(form: Form) -> Vec<Op> {
    match form {
        Form::Plain => Vec::new(),
        Form::Capital => vec![Op::Capital],
        Form::Article => vec![Op::Article],
        Form::CapitalArticle => vec![Op::Article, Op::Capital],
        Form::Possessive => vec![Op::Possessive],
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::escape::Escape;
    use super::super::slot::Values;
    use super::*;

    fn said(text: &str) -> String {
        let values = [(Slot::Title, Some("engineer")), (Slot::Employer, Some("Stark Industries"))];
        let mut out = String::new();
        frame(&read(text, |_| true).unwrap()).fill(&mut out, Values::of(&values), Escape::Nothing);
        out
    }

    fn faults(text: &str) -> Vec<(Fault, usize)> {
        read(text, |slot| slot != Slot::Task).unwrap_err()
    }

    #[test]
    fn placeholders_are_filled_and_words_stay_words() {
        assert_eq!(said("{A_title}, at {employer's} best"), "An engineer, at Stark Industries' best");
        assert_eq!(said("{title}{title}"), "engineerengineer");
        assert_eq!(said("100% $x %s #{a_title} \\n"), "100% $x %s #an engineer \\n");
    }

    #[test]
    fn a_brace_is_written_twice() {
        assert_eq!(said("{{title}}"), "{title}");
        assert_eq!(said("{{{title}}}"), "{engineer}");
        assert_eq!(said("{{ 7 * 7 }}"), "{ 7 * 7 }");
        assert_eq!(said("}}{{"), "}{");
    }

    #[test]
    fn faults_tell_the_character_that_they_start_at() {
        let unknown = |name: &str| Fault::Unknown(name.to_owned());
        assert_eq!(faults("\u{e9}\u{e9} {tilte}"), [(unknown("tilte"), 4)]);
        assert_eq!(faults("{ title }"), [(unknown(" title "), 1)]);
        assert_eq!(faults("{}"), [(unknown(""), 1)]);
        assert_eq!(faults("{% raw %}"), [(unknown("% raw %"), 1)]);
        assert_eq!(faults("{title"), [(Fault::Unclosed, 1)]);
        assert_eq!(faults("a {title {employer}"), [(Fault::Unclosed, 3)]);
        assert_eq!(faults("{title}}"), [(Fault::Unopened, 8)]);
        assert_eq!(
            faults("{task} {x} {"),
            [(Fault::Misplaced("{task}"), 1), (unknown("x"), 8), (Fault::Unclosed, 12),]
        );
    }
}
