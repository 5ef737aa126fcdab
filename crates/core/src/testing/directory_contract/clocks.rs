//! The machine's clock is set back, or years ahead.

use super::*;

/// Where a clock may jump to: an hour, a day, the epoch, the far future.
fn jumps() -> [Timestamp; 6] {
    let from_monday = |hours| {
        monday()
            .saturating_add(SignedDuration::from_hours(hours))
            .unwrap()
    };
    let far = |text: &str| text.parse().unwrap();
    [
        from_monday(-1),
        from_monday(1),
        from_monday(-24),
        from_monday(24),
        far("1970-01-01T00:00:00Z"),
        far("2100-01-01T00:00:00Z"),
    ]
}

pub async fn p23_a_clock_that_jumps_opens_nothing(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (secret, _) = scene.bind(&scene.sign_in(OLGA, GOOD).await.unwrap().token).await;
    scene.wait(60);
    let used = scene.code(&secret);
    let half = scene.sign_in(OLGA, GOOD).await.unwrap();
    let open = scene.auth.second_factor(&half.token, &used).await.unwrap();
    for to in jumps() {
        scene.clock.set(to);
        // Back at the moment of the code: it was used all the same.
        scene
            .clock
            .set(monday().saturating_add(SignedDuration::from_mins(1)).unwrap());
        let half = scene.sign_in(OLGA, GOOD).await.unwrap();
        let replayed = scene.auth.second_factor(&half.token, &used).await;
        assert!(
            replayed.is_err(),
            "a code is not new again because the clock went to {to} and back"
        );
    }
    scene.clock.set("2100-01-01T00:00:00Z".parse().unwrap());
    let inside = scene.auth.directory(&open.token);
    assert_eq!(
        refusal(inside.me().await),
        Refusal::SessionEnded,
        "years ahead every session is over"
    );
    scene.clock.set("1970-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(
        refusal(inside.me().await),
        Refusal::SessionEnded,
        "and setting the clock back gives none more time than it had"
    );
}

pub async fn p23_a_clock_that_jumps_shuts_nobody_out_for_long(ground: Ground) {
    let scene = Scene::open(ground).await;
    for to in jumps() {
        let who = format!("jump{}@rose.example", to.as_second().unsigned_abs());
        scene.clock.set(monday());
        scene.enrolled(&who, Role::Customer).await;
        for _ in 0..5 {
            let _ = scene.sign_in(&who, WRONG).await;
        }
        scene.clock.set(to);
        // The first try after a jump back notices it; a quarter of an hour is the longest wait.
        let _ = scene.sign_in(&who, GOOD).await;
        scene.wait(15 * 60);
        assert!(
            scene.sign_in(&who, GOOD).await.is_ok(),
            "after a jump to {to} nobody waits longer than the longest wait"
        );
    }
}

pub async fn p23_a_clock_that_jumps_purges_nothing_early(ground: Ground) {
    let scene = Scene::open(ground).await;
    let carla = scene.enrolled(CARLA, Role::Customer).await;
    scene.olga().await.delete(carla.id, None).await.unwrap();
    for to in jumps() {
        scene.clock.set(to);
        assert_eq!(
            scene.rules.empty_recycle_bin().await.unwrap(),
            0,
            "a clock that jumps to {to} removes nobody"
        );
    }
    scene.clock.set(monday());
    assert!(
        scene.olga().await.restore(carla.id).await.is_ok(),
        "she can still be restored"
    );
}
