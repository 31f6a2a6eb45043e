//! What no route takes: `OPTIONS`, wrong methods and unknown paths. The specification tells them
//! apart.

use actix_web::dev::ResourceDef;
use actix_web::http::{Method, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::{OpenApi, PathItem};

use super::State;
use super::extract::MERGE_PATCH;
use super::problem::{ACCEPT_PATCH, Kind, Problem};

/// Every path of the specification, with the methods that it allows.
#[derive(Debug, Default)]
pub struct Routes(Vec<(ResourceDef, String)>);

impl Routes {
    /// Those of a specification.
    pub fn of(openapi: &OpenApi) -> Self {
        let paths = openapi.paths.paths.iter();
        Self(paths.map(|(path, item)| (ResourceDef::new(path.as_str()), allowed(item))).collect())
    }

    /// The methods that a path allows, if there is such a path.
    fn allow(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(route, _)| route.is_match(path)).map(|(_, allow)| allow.as_str())
    }
}

fn allowed(item: &PathItem) -> String {
    let methods = [
        (item.get.is_some(), "GET, HEAD"),
        (item.post.is_some(), "POST"),
        (item.put.is_some(), "PUT"),
        (item.patch.is_some(), "PATCH"),
        (item.delete.is_some(), "DELETE"),
        (true, "OPTIONS"),
    ];
    methods.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect::<Vec<_>>().join(", ")
}

/// Answers what no route takes.
///
/// # Errors
/// Always a problem, but for `OPTIONS` of a path that exists.
pub async fn answer(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let path = request.path();
    let Some(allow) = state.routes.allow(path) else {
        return Err(Kind::NotFound.because("there is nothing at this path; /docs describes what there is"));
    };
    if request.method() == Method::OPTIONS {
        let mut response = HttpResponse::NoContent();
        response.insert_header((header::ALLOW, allow));
        if allow.contains("PATCH") {
            response.insert_header((ACCEPT_PATCH, MERGE_PATCH));
        }
        return Ok(response.finish());
    }
    Err(Kind::MethodNotAllowed.because(format!("this path has {allow}")).header(header::ALLOW, allow))
}
