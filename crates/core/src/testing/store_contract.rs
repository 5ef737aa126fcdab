//! The contract of [`Store`](crate::store::Store), told as stories: the same code runs over every store.
//!
//! [`store_contract!`](crate::store_contract) makes a test of each story; it is given an expression
//! that opens a fresh, empty store.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "stories fail by panicking"
)]

pub mod accounts;
pub mod commits;
pub mod entries;
pub mod events;
pub mod material;
pub mod sessions;

/// Makes a test of each story of the contract. The expression opens a fresh, empty store: a pair of
/// an `Arc<dyn Store>` and what must outlive it, such as its directory. It may be awaited.
#[macro_export]
macro_rules! store_contract {
    ($store:expr) => {
        $crate::store_contract!(@stories $store;
            commits: an_empty_store_has_nothing, a_shop_is_written_once, a_person_reads_back_whole, a_stale_revision_is_a_conflict,
                a_conflict_undoes_everything, an_address_stays_taken_in_the_recycle_bin, a_reservation_follows_the_revision,
                what_a_change_relies_on_must_still_be_so, a_purge_leaves_only_the_trail, parallel_writers_lose_nothing;
            entries: an_entry_reads_back_whole, the_next_revision_takes_its_place, of_many_that_take_one_succeeds, an_entry_goes_with_its_change,
                due_entries_come_in_order, entries_of_several_accounts, entries_go_with_their_account, what_has_expired_is_found;
            sessions: a_session_is_found_by_its_token, a_token_opens_one_session, sessions_end_together, an_ended_session_is_not_touched;
            accounts: every_order_shows_everybody_once, every_filter_finds_what_stands_so, a_search_finds_parts_of_any_length,
                a_lock_after_failures_ends_by_itself, new_numbers_close_and_open_at_once, an_unreadable_cursor_begins_anew,
                owners_in_the_recycle_bin_are_not_counted;
            events: the_trail_is_read_in_both_directions, every_filter_of_the_trail_holds, a_short_text_is_looked_for_a_stretch_at_a_time, a_clock_that_was_set_back_hides_nothing,
                p47_hostile_text_is_one_event, the_chain_is_whole_from_the_first_row;
        );
    };
    (@stories $store:expr; $($room:ident: $($story:ident),+;)+) => {
        $(mod $room {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $story() {
                    let (store, _kept) = $store;
                    $crate::testing::store_contract::$room::$story(store).await;
                }
            )+
        })+
    };
}
