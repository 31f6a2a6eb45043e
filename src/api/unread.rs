//! Ends the connection after an answer that did not wait for the rest of a chunked body.
//!
//! Actix reads what is left of such a body, for as long as it takes, once the handler has dropped
//! it; a client that sends nothing more would keep its connection for ever. A body that is still
//! held when the answer is sent makes it close the connection instead.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage};
use futures_util::{Stream, StreamExt};

/// Holds a chunked body until its answer is sent.
///
/// # Errors
/// Those of what is inside.
pub async fn layer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !request.headers().contains_key(header::TRANSFER_ENCODING) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let held = Shared::new(request.take_payload());
    request.set_payload(Payload::Stream { payload: Box::pin(held.clone()) });
    let response = next.call(request).await?.map_into_boxed_body();
    if held.ended.get() {
        return Ok(response);
    }
    Ok(response.map_body(|_, body| BoxBody::new(Holding { body, _held: held })))
}

/// A body that the handler reads and the answer holds.
#[derive(Clone)]
struct Shared {
    payload: Rc<RefCell<Payload>>,
    ended: Rc<Cell<bool>>,
}

impl Shared {
    fn new(payload: Payload) -> Self {
        Self { payload: Rc::new(RefCell::new(payload)), ended: Rc::default() }
    }
}

impl Stream for Shared {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.payload.borrow_mut().poll_next_unpin(context);
        self.ended.set(matches!(polled, Poll::Ready(None)));
        polled
    }
}

/// The body of an answer, with the body of its request.
struct Holding {
    body: BoxBody,
    _held: Shared,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
