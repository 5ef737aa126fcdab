//! Which handler answers which operation.

use std::convert::Infallible;
use std::future::Future;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodFilter, get, on};
use keyholder_core::wire::{Method, Operation};
use tower_http::catch_panic::CatchPanicLayer;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::border::{border, broke_off, not_so, nowhere, panicked};
use crate::endpoint::Endpoint;
use crate::limits::limits;
use crate::once::once;
use crate::openapi;
use crate::operations::{accounts, acts, audit, files, limits as named, own, sessions, shop, tokens};
use crate::proof::prove;
use crate::{ingest, tail};

/// Everything that can be asked of `endpoint`.
///
/// It must be served with `ConnectInfo<SocketAddr>` of each peer: who signs in comes from somewhere.
pub fn router(endpoint: Endpoint) -> Router {
    Routes(Router::new())
        .serve(shop::get)
        .serve(shop::set_up)
        .serve(shop::policy)
        .serve(shop::change_policy)
        .serve(sessions::sign_in)
        .serve(sessions::enrol)
        .serve(sessions::code)
        .serve(sessions::recovery_code)
        .serve(sessions::unlock)
        .serve(sessions::me)
        .serve(sessions::touch)
        .serve(sessions::lock)
        .serve(sessions::sign_out)
        .serve(own::change_password)
        .serve(own::begin_second_factor)
        .serve(own::confirm_second_factor)
        .serve(own::put_off_second_factor)
        .serve(own::remove_second_factor)
        .serve(own::replace_recovery_codes)
        .serve(own::request_address)
        .serve(accounts::list)
        .serve(accounts::count)
        .serve(accounts::find)
        .serve(accounts::get)
        .serve(accounts::create)
        .serve(accounts::edit)
        .serve(accounts::issue_enrolment)
        .serve(accounts::invite)
        .serve(accounts::send_reset)
        .serve(accounts::sessions)
        .serve(accounts::end_session)
        .serve(accounts::end_sessions)
        .serve(acts::disable)
        .serve(acts::enable)
        .serve(acts::lock)
        .serve(acts::unlock)
        .serve(acts::force_password_change)
        .serve(acts::reset_second_factor)
        .serve(acts::remove_passkey)
        .serve(acts::delete)
        .serve(acts::restore)
        .serve(files::import)
        .serve(files::export)
        .serve(audit::list)
        .serve(ingest::record)
        .serve(tokens::list)
        .serve(tokens::create)
        .serve(tokens::revoke)
        .serve(audit::note_export)
        .serve(audit::verify)
        .serve(audit::check_breach)
        .serve(named::ask)
        .serve(named::list)
        .serve(named::clear)
        .0
        .route(openapi::PATH, get(openapi::document))
        .merge(tail::routes())
        .method_not_allowed_fallback(not_so)
        .fallback(nowhere)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(endpoint.clone(), once))
        .layer(from_fn_with_state(endpoint.clone(), prove))
        .layer(from_fn_with_state(endpoint.clone(), limits))
        .layer(from_fn_with_state(endpoint.clone(), border))
        .with_state(endpoint)
}

struct Routes(Router<Endpoint>);

impl Routes {
    /// Serves an operation. Its types are those of the handler, so that no handler answers another.
    fn serve<O, Who, F, Fut>(self, handler: F) -> Self
    where
        O: Operation + 'static,
        Who: FromRequestParts<Endpoint> + Send + 'static,
        F: Fn(Who, Asked<O>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answer<O>> + Send + 'static,
    {
        let filter = match O::DESCRIPTION.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Delete => MethodFilter::DELETE,
        };
        let body_max = DefaultBodyLimit::max(O::DESCRIPTION.body_max());
        let off: fn(_) -> Response = if O::DESCRIPTION.method.changes() {
            broke_off
        } else {
            panicked
        };
        let handler = on(filter, handler)
            .layer::<_, Infallible>(body_max)
            .layer(CatchPanicLayer::custom(off));
        Self(self.0.route(O::DESCRIPTION.path, handler))
    }
}
