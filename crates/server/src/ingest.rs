//! The shop's own events come in.

use axum::http::StatusCode;
use keyholder_core::directory::NotRecorded;
use keyholder_core::error::Refusal;
use keyholder_core::shop_event::EVENTS_MOST;
use keyholder_core::wire::RecordEvents;

use crate::answer::{Answer, Done, Failure};
use crate::asked::Asked;
use crate::programs::Reader;

/// Acknowledged once they are saved: all of them, or none.
pub(crate) async fn record(who: Reader, asked: Asked<RecordEvents>) -> Answer<RecordEvents> {
    let program = match who {
        Reader::Program(program) => program,
        // Whoever is signed in writes into the trail by what they do.
        Reader::Person(directory) => {
            directory.me().await?;
            return Err(Refusal::OutOfScope.into());
        }
    };
    let events = asked.body.events;
    if !(1..=EVENTS_MOST).contains(&events.len()) {
        program.me().await?;
        return Err(out_of_bounds(format!(
            "a request tells of 1 to {EVENTS_MOST} events"
        )));
    }
    match program.record(events).await {
        Ok(recorded) => Ok(Done(recorded)),
        Err(NotRecorded::Error(error)) => Err(error.into()),
        Err(bounds @ NotRecorded::Bounds { .. }) => Err(out_of_bounds(bounds.to_string())),
    }
}

fn out_of_bounds(why: String) -> Failure {
    Failure::bad_request(StatusCode::UNPROCESSABLE_ENTITY, why)
}
