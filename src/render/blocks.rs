//! Rendering one block of a template: with real values, or with slots for them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use minijinja::Environment;
use minijinja::value::Value;

use super::format::escape::Escape;
use super::frame::Frame;
use super::slot::{Slot, SlotValue, Values};

/// Values that a block has beside its slots.
pub type Context = BTreeMap<&'static str, Value>;

/// Renders `block` of `template` with `context`.
///
/// # Errors
/// What minijinja reports: an undefined value, a value that cannot be printed.
pub fn render(
    env: &Environment<'_>,
    template: &str,
    block: &str,
    context: &Context,
) -> Result<String, minijinja::Error> {
    let template = env.get_template(template)?;
    // Blocks stand inside `{% if false %}`: this only brings the inherited ones together.
    let mut captured = template.render_captured(Value::from(context.clone()))?;
    captured.with_state_mut(|state| state.render_block(block))
}

/// A block with slots, rendered at most once for each set of slots that have a value.
#[derive(Debug)]
pub struct Frames {
    block: &'static str,
    slots: &'static [Slot],
    shapes: Box<[OnceLock<Frame>]>,
}

impl Frames {
    /// The frames of `block`, none rendered yet.
    pub fn new(block: &'static str, slots: &'static [Slot]) -> Self {
        let shapes = (0..1_usize << slots.len()).map(|_| OnceLock::new()).collect();
        Self { block, slots, shapes }
    }

    /// Which slots have a value: below [`shapes`](Self::shapes).
    pub fn shape(&self, values: Values<'_>) -> usize {
        values.shape(self.slots)
    }

    /// How many shapes there are.
    pub fn shapes(&self) -> usize {
        self.shapes.len()
    }

    /// The block with slots where `values` has values, and none where it has not.
    ///
    /// # Errors
    /// What minijinja reports.
    pub fn get(
        &self,
        env: &Environment<'_>,
        template: &str,
        context: &Context,
        values: Values<'_>,
    ) -> Result<&Frame, minijinja::Error> {
        let Some(shape) = self.shapes.get(self.shape(values)) else {
            return Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, "no such shape"));
        };
        if let Some(frame) = shape.get() {
            return Ok(frame);
        }
        let mut context = context.clone();
        for &slot in self.slots {
            let given = slot == Slot::Body || values.get(slot).is_some();
            let value = if given { SlotValue::value(slot) } else { Value::from(()) };
            context.insert(slot.name(), value);
        }
        let frame = Frame::cut(&render(env, template, self.block, &context)?);
        Ok(shape.get_or_init(|| frame))
    }

    /// Renders the block with the values themselves, as if there were no slots, around `body`, which is markup.
    ///
    /// # Errors
    /// What minijinja reports.
    pub fn anew(
        &self,
        env: &Environment<'_>,
        template: &str,
        context: &Context,
        values: Values<'_>,
        body: Option<String>,
    ) -> Result<String, minijinja::Error> {
        let mut context = context.clone();
        for &slot in self.slots {
            let value = values.get(slot).map_or(Value::from(()), |value| match slot.is_markup() {
                true => Value::from_safe_string(value.to_owned()),
                false => Value::from(value),
            });
            context.insert(slot.name(), value);
        }
        if let Some(body) = body {
            context.insert(Slot::Body.name(), Value::from_safe_string(body));
        }
        render(env, template, self.block, &context)
    }
}

/// Whether blocks are taken from frames, or rendered anew each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// From frames: what requests get.
    Kept,
    /// Anew: what the frames are tested against.
    Anew,
}

/// Where blocks are rendered: an environment, a template, its own values, a mode.
#[derive(Clone, Copy, Debug)]
pub struct Press<'e> {
    /// The environment.
    pub env: &'e Environment<'static>,
    /// Frames or anew.
    pub mode: Mode,
}

impl Press<'_> {
    /// Whether blocks are taken from frames.
    pub fn is_kept(&self) -> bool {
        self.mode == Mode::Kept
    }

    /// Appends a block.
    ///
    /// # Errors
    /// What minijinja reports.
    pub fn print(
        &self,
        out: &mut String,
        frames: &Frames,
        template: &str,
        context: &Context,
        values: Values<'_>,
        escape: Escape,
    ) -> Result<(), minijinja::Error> {
        match self.mode {
            Mode::Kept => frames.get(self.env, template, context, values)?.fill(out, values, escape),
            Mode::Anew => out.push_str(&frames.anew(self.env, template, context, values, None)?),
        }
        Ok(())
    }

    /// Appends a block with two values, and a text that `together` makes of both where the block
    /// prints it.
    ///
    /// # Errors
    /// What minijinja reports.
    #[allow(clippy::too_many_arguments, reason = "the block's place, and its values")]
    pub fn print_pair(
        &self,
        out: &mut String,
        frames: &Frames,
        template: &str,
        context: &Context,
        [first, second]: [(Slot, Option<&str>); 2],
        together: impl FnOnce(&mut String),
        escape: Escape,
    ) -> Result<(), minijinja::Error> {
        let values = [first, second, (Slot::Text, Some(""))];
        if self.mode == Mode::Kept {
            let frame = frames.get(self.env, template, context, Values::of(&values))?;
            if !frame.prints(Slot::Text) {
                frame.fill(out, Values::of(&values), escape);
                return Ok(());
            }
        }
        let mut text = String::with_capacity(128);
        together(&mut text);
        let values = [first, second, (Slot::Text, Some(&*text))];
        self.print(out, frames, template, context, Values::of(&values), escape)
    }

    /// Appends a block around what `body` appends.
    ///
    /// # Errors
    /// What minijinja or `body` reports.
    #[allow(clippy::too_many_arguments, reason = "the block's place, its values, and its body")]
    pub fn print_around(
        &self,
        out: &mut String,
        frames: &Frames,
        template: &str,
        context: &Context,
        values: Values<'_>,
        escape: Escape,
        body: impl FnOnce(&mut String) -> Result<(), minijinja::Error>,
    ) -> Result<(), minijinja::Error> {
        match self.mode {
            Mode::Kept => {
                frames.get(self.env, template, context, values)?.fill_around(out, values, escape, body)
            }
            Mode::Anew => {
                let mut inside = String::new();
                body(&mut inside)?;
                out.push_str(&frames.anew(self.env, template, context, values, Some(inside))?);
                Ok(())
            }
        }
    }
}
