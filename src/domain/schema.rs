//! Mends what utoipa makes of a field that is inlined and has a description.
//!
//! utoipa 6.0 writes `allOf: [<the type>, {"type": "object", "description": …}]`, which no text and
//! no number fulfils. Here it becomes the type with that description. It also writes `default: null`
//! for fields that may be left out but not be null; that goes.

use utoipa::openapi::schema::{AdditionalProperties, AllOf, ArrayItems, Object};
use utoipa::openapi::{RefOr, Schema};

/// Mends `schema` and all that is in it.
pub fn mend(schema: &mut RefOr<Schema>) {
    let RefOr::T(inner) = schema else { return };
    if let Schema::AllOf(all) = inner
        && let Some(mended) = without_stub(all)
    {
        *schema = mended;
        return mend(schema);
    }
    let default = match inner {
        Schema::Object(object) => &mut object.default,
        Schema::Array(array) => &mut array.default,
        Schema::OneOf(one) => &mut one.default,
        Schema::AllOf(all) => &mut all.default,
        Schema::AnyOf(any) => &mut any.default,
        _ => return,
    };
    default.take_if(|value| value.is_null());
    children(inner).into_iter().for_each(mend);
}

fn children(schema: &mut Schema) -> Vec<&mut RefOr<Schema>> {
    match schema {
        Schema::Object(object) => {
            let more = match object.additional_properties.as_deref_mut() {
                Some(AdditionalProperties::RefOr(values)) => Some(values),
                _ => None,
            };
            object.properties.values_mut().chain(more).collect()
        }
        Schema::Array(array) => match &mut array.items {
            ArrayItems::RefOrSchema(items) => vec![items.as_mut()],
            ArrayItems::False => Vec::new(),
        },
        Schema::OneOf(one) => one.items.iter_mut().collect(),
        Schema::AllOf(all) => all.items.iter_mut().collect(),
        Schema::AnyOf(any) => any.items.iter_mut().collect(),
        _ => Vec::new(),
    }
}

/// The first of two schemas, when the second does nothing but describe it.
fn without_stub(all: &AllOf) -> Option<RefOr<Schema>> {
    let [first, RefOr::T(Schema::Object(stub))] = all.items.as_slice() else { return None };
    let description = stub.description.clone()?;
    let mut bare = Object::new();
    bare.default = stub.default.clone().filter(serde_json::Value::is_null);
    bare.description = Some(description.clone());
    if *stub != bare {
        return None;
    }
    let mut first = first.clone();
    match &mut first {
        RefOr::T(Schema::Object(object)) => object.description = Some(description),
        RefOr::T(Schema::Array(array)) => array.description = Some(description),
        RefOr::T(Schema::OneOf(one)) => one.description = Some(description),
        RefOr::T(Schema::AllOf(all)) => all.description = Some(description),
        RefOr::T(Schema::AnyOf(any)) => any.description = Some(description),
        RefOr::T(_) => {}
        RefOr::Ref(reference) => reference.description = description,
    }
    Some(first)
}
