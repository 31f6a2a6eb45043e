//! Postings as the API would keep them.

use jiff::Timestamp;
use rolewright::domain::KeptPosting;
use rolewright::store::document::{DocumentId, Order};
use serde_json::{Value, json};

use crate::fixture::put;

/// A posting that a test is writing.
#[derive(Clone, Debug)]
pub struct Draft(Value);

impl Draft {
    /// A draft that says as little as may be; its slug is its id.
    pub fn new(employer: &str, id: &str) -> Self {
        Self(json!({
            "id": id,
            "state": "draft",
            "employer_id": employer,
            "role_id": "tech-manager",
            "slug": id,
        }))
    }

    /// With other members.
    pub fn with(&self, more: Value) -> Self {
        let mut posting = self.0.clone();
        posting.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Self(posting)
    }

    /// Composed as it is, in a state, and public from a moment to another.
    pub fn published(&self, state: &str, opens: Timestamp, closes: Option<Timestamp>) -> Self {
        let options = self.0.get("options").cloned().unwrap_or_else(|| json!({}));
        let title = options.get("title").cloned().unwrap_or_else(|| json!("Tech Manager"));
        let mut publication = json!({
            "composed_at": opens.to_string(),
            "opens_at": opens.to_string(),
            "templates": "00ff",
            "options": options,
            "vacancy": {"title": title},
            "posting": {
                "role": {"id": "tech-manager", "title": "Tech Manager"},
                "title": title,
                "tone": "neutral",
                "length": "standard",
                "locale": "en-US",
                "language": "en-US",
                "sections": [],
                "omitted": [],
                "notes": [],
                "words": 0,
            },
        });
        if let Some(closes) = closes {
            publication["closes_at"] = json!(closes.to_string());
        }
        self.with(json!({"state": state, "publication": publication}))
    }

    /// With these words, where it is composed.
    pub fn saying(&self, title: &str, blocks: Value) -> Self {
        let mut posting = self.0.clone();
        let publication = &mut posting["publication"];
        publication["vacancy"]["title"] = json!(title);
        publication["posting"]["sections"] =
            json!([{"id": "opening", "heading": "Heading", "blocks": blocks}]);
        Self(posting)
    }

    /// With this pay, where it is composed.
    pub fn paying(&self, range: Value) -> Self {
        let mut posting = self.0.clone();
        posting["publication"]["vacancy"]["salary"] = json!({"range": range, "text": "enough"});
        Self(posting)
    }

    /// As it is kept.
    pub fn kept(&self) -> KeptPosting {
        serde_json::from_value(self.0.clone()).unwrap()
    }

    /// As compact JSON.
    pub fn json(&self) -> String {
        serde_json::to_string(&self.kept()).unwrap()
    }

    /// Its name among documents.
    pub fn document(&self) -> DocumentId {
        DocumentId::posting(self.0["employer_id"].as_str().unwrap(), self.0["id"].as_str().unwrap())
    }

    /// Puts it in place.
    pub fn put(&self) -> Order {
        put(self.document(), self.json())
    }
}
