//! Collects differences, and says each in a sentence.

use super::{Difference, DifferenceKind, RolePart, words};
use crate::domain::Text;

/// Where in a role something is, as a sentence names it.
#[derive(Clone, Debug)]
pub struct Place {
    section: RolePart,
    item: Option<String>,
    /// What the sentence starts with.
    pub label: String,
}

impl Place {
    /// A part of the role.
    pub fn of(section: RolePart, label: &str) -> Self {
        Self { section, item: None, label: label.to_owned() }
    }

    /// An item of a list there, called by `name`.
    pub fn item(&self, item: String, name: &str) -> Self {
        let label = format!("{}, {}", self.label, words::quoted(name));
        Self { section: self.section, item: Some(item), label }
    }

    /// The same item, in a sentence that names it anyway.
    pub fn unnamed(&self, item: String) -> Self {
        Self { item: Some(item), ..self.clone() }
    }

    /// A field of it.
    pub fn field(&self, name: &str) -> Self {
        Self { label: format!("{}, {name}", self.label), ..self.clone() }
    }
}

/// The differences found so far.
#[derive(Debug, Default)]
pub struct Comparison {
    /// In the order of the document.
    pub differences: Vec<Difference>,
    /// The pointer to the item that is compared, and where the earlier role has it.
    pub item: Option<(String, String)>,
}

impl Comparison {
    /// Compares texts, which sentences quote.
    pub fn text(&mut self, place: &Place, pointer: &str, before: Option<&Text>, after: Option<&Text>) {
        self.compare(place, pointer, (before, after), words::text, words::quoted, words::quoted_pair);
    }

    /// Compares values that sentences tell as `words` has them.
    pub fn value<T: PartialEq + ?Sized>(
        &mut self,
        place: &Place,
        pointer: &str,
        before: Option<&T>,
        after: Option<&T>,
        words: fn(&T) -> String,
    ) {
        let both = |before: &str, after: &str| (before.to_owned(), after.to_owned());
        self.compare(place, pointer, (before, after), words, str::to_owned, both);
    }

    fn compare<T: PartialEq + ?Sized>(
        &mut self,
        place: &Place,
        pointer: &str,
        (before, after): (Option<&T>, Option<&T>),
        words: fn(&T) -> String,
        one: fn(&str) -> String,
        both: fn(&str, &str) -> (String, String),
    ) {
        if before == after {
            return;
        }
        let (before, after) = (before.map(words), after.map(words));
        let (kind, event) = match (&before, &after) {
            (Some(before), Some(after)) if before == after => {
                (DifferenceKind::Changed, "only its white space changed".to_owned())
            }
            (Some(before), Some(after)) => {
                let (before, after) = both(before, after);
                (DifferenceKind::Changed, format!("{before} became {after}"))
            }
            (Some(before), None) => (DifferenceKind::Removed, format!("{} was removed", one(before))),
            (_, after) => {
                let after = after.as_deref().unwrap_or_default();
                (DifferenceKind::Added, format!("{} was added", one(after)))
            }
        };
        self.tell(place, kind, pointer, (before, after), &event);
    }

    /// Compares yes and no.
    pub fn flag(&mut self, place: &Place, pointer: &str, (before, after): (bool, bool), yes: &str, no: &str) {
        if before == after {
            return;
        }
        let word = |flag| Some(if flag { "yes" } else { "no" }.to_owned());
        let event = if after { yes } else { no };
        self.tell(place, DifferenceKind::Changed, pointer, (word(before), word(after)), event);
    }

    /// Tells a difference.
    pub fn tell(
        &mut self,
        place: &Place,
        kind: DifferenceKind,
        pointer: &str,
        (before, after): (Option<String>, Option<String>),
        event: &str,
    ) {
        let text = format!("{}: {event}.", place.label);
        let Place { section, item, .. } = place.clone();
        let earlier = self.item.as_ref().filter(|_| kind == DifferenceKind::Removed);
        let earlier = earlier.and_then(|(now, was)| Some(format!("{was}{}", pointer.strip_prefix(now)?)));
        self.differences.push(Difference {
            section,
            item,
            kind,
            pointer: earlier.unwrap_or_else(|| pointer.to_owned()),
            before,
            after,
            text,
        });
    }
}
