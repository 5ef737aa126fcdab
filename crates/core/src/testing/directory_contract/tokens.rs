//! Tokens of programs: what they open, wherever the shop is kept and however many nodes it has.

use super::{GOOD, Ground, Scene, email, here, name, password, refusal};
use crate::account::{Name, Role};
use crate::api_token::{IssuedApiToken, NewApiToken, TokenDays, TokenScope};
use crate::directory::{Programs as _, Provision};
use crate::error::Refusal;
use crate::provisioning::{Called, Named, Wanted};
use crate::query::EventQuery;
use crate::shop_event::{ShopEvent, ShopEventKind};

async fn issued(scene: &Scene, provisioner: &str) -> IssuedApiToken {
    let new = NewApiToken {
        name: name("till"),
        scopes: vec![TokenScope::WriteEvents],
        provisioner: Some(Name::parse(provisioner).unwrap()),
        days: TokenDays::default(),
    };
    scene
        .olga()
        .await
        .create_api_token(new, &password(GOOD))
        .await
        .unwrap()
}

pub async fn a_token_of_a_program_opens_until_it_is_revoked(ground: Ground) {
    let scene = Scene::open(ground).await;
    let issued = issued(&scene, "hr").await;
    let program = scene.rules.program(&issued.token, here());
    let event = |n: u32| ShopEvent {
        kind: ShopEventKind::Order,
        what: format!("Order {n} was paid"),
        who: None,
        account: None,
        facts: [].into(),
    };
    let recorded = program.record((0..3).map(event).collect()).await.unwrap();
    assert_eq!(recorded.last, scene.events().await, "saved when it is answered");
    assert_eq!(recorded.last - recorded.first, 2, "side by side");
    let refused = refusal(program.events(&EventQuery::default()).await);
    assert_eq!(refused, Refusal::OutOfScope, "to write is not to read");

    let olga = scene.olga().await;
    assert_eq!(
        olga.api_tokens().await.unwrap().len(),
        1,
        "the list of an owner has it"
    );
    olga.revoke_api_token(issued.row.id).await.unwrap();
    for _ in 0..8 {
        let refused = refusal(program.me().await);
        assert_eq!(refused, Refusal::SessionEnded, "revoked, at every node");
    }
}

pub async fn a_provisioner_knows_accounts_by_its_own_names(ground: Ground) {
    let scene = Scene::open(ground).await;
    let (hr, crm) = (issued(&scene, "hr").await, issued(&scene, "crm").await);
    let [hr, crm] = [hr, crm].map(|issued| scene.rules.program(&issued.token, here()));
    let wanted = |address: &str| Wanted {
        email: email(address),
        name: name("Kim"),
        role: Role::Staff,
        active: true,
        user_name: Some(Called::parse("k.lee").unwrap()),
        external_id: Some(Called::parse("7").unwrap()),
    };
    let made = hr.provision(&wanted("kim@shop.example")).await.unwrap();
    let Provision::Done(kim) = made else {
        panic!("nobody else is called so");
    };
    let again = hr.provision(&wanted("max@shop.example")).await.unwrap();
    assert_eq!(
        again,
        Provision::Taken,
        "one account is called so by one provisioner"
    );
    let by_id = Named::ExternalId("7".to_owned());
    assert_eq!(
        crm.provisioned_as(&by_id).await.unwrap(),
        None,
        "what another calls it means nothing"
    );
    let other = crm.provision(&wanted("lee@shop.example")).await.unwrap();
    assert_ne!(other, Provision::Taken, "each has names of its own");
    let found = hr.provisioned_as(&by_id).await.unwrap().unwrap();
    assert_eq!(
        found.account.id, kim.account.id,
        "and finds by them whom it meant"
    );

    let off = Wanted {
        active: false,
        external_id: None,
        ..found.wanted()
    };
    let change = [(kim.account.id, Some(kim.account.revision), off)];
    let changed = hr.reprovision(&change).await.unwrap();
    let Provision::Done(changed) = changed else {
        panic!("nobody else is called so");
    };
    assert!(
        changed.account.disabled.is_some() && changed.external_id.is_none(),
        "in one go: {changed:?}"
    );
    let stale = hr.reprovision(&change).await;
    assert_eq!(
        refusal(stale),
        Refusal::Conflict,
        "from the revision that was looked at"
    );
    hr.deprovision(kim.account.id, None).await.unwrap();
    assert_eq!(
        hr.provisioned(kim.account.id).await.unwrap(),
        None,
        "it lies in the recycle bin"
    );
}
