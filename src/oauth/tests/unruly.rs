//! Token servers that do not keep to their standards, and files and clocks that get in the way.

use super::*;

#[tokio::test]
async fn a_life_is_read_however_it_is_written() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    for (life, is_kept) in [
        (json!("3599"), true),
        (json!(null), true),
        (json!(u64::MAX), true),
        (json!(-1), true),
        (json!(3599.5), true),
        (json!("soon"), true),
        (json!("0"), false),
    ] {
        scene.server.add(json!({ "expires_in": life }));
        let new = tokens.renewed(Audience::Mail).await.unwrap();
        let next = mail(&tokens).await.unwrap();
        assert_eq!(next == new.as_str(), is_kept, "{life}");
    }
}

#[tokio::test]
async fn an_answer_may_begin_with_a_mark_of_byte_order() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    let body = "\u{feff}{\"access_token\":\"t\",\"token_type\":\"bearer\"}";
    scene.server.say(Says::Body(body));
    assert_eq!(mail(&tokens).await.unwrap(), "t");
}

#[tokio::test]
async fn what_is_no_bearers_token_is_not_shown_as_one() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    for (kind, taken) in [
        (json!("BEARER"), true),
        (json!("DPoP"), false),
        (json!("mac"), false),
        (json!(null), false),
    ] {
        scene.server.add(json!({ "token_type": kind }));
        let renewed = tokens.renewed(Audience::Mail).await;
        assert_eq!(renewed.is_ok(), taken, "{kind}");
    }
}

#[tokio::test]
async fn a_server_that_wants_its_peace_has_it_in_its_own_words_too() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    scene.server.say(Says::Throttled(3600));
    for _ in 0..2 {
        assert_eq!(mail(&tokens).await, Err("oauth-server"));
    }
    assert_eq!(scene.server.count(), 1);
}

#[tokio::test]
async fn a_code_that_could_not_be_shown_or_waited_for_is_none() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::DeviceCode);
    for more in [
        json!({ "user_code": "\u{1b}[2J" }),
        json!({ "user_code": "" }),
        json!({ "verification_uri": "https://login.example.org/\u{7}" }),
        json!({ "interval": u64::MAX }),
        json!({ "expires_in": "soon" }),
    ] {
        scene.server.add_to_device(more.clone());
        let error = tokens.device().await.unwrap_err();
        assert_eq!(error.kind(), "oauth-server", "{more}");
    }
    scene
        .server
        .add_to_device(json!({ "expires_in": u64::MAX }));
    let device = tokens.device().await.unwrap();
    assert_eq!(device.expires_in, Duration::from_hours(1));
    scene.server.add_to_device(json!({ "expires_in": "0" }));
    let device = tokens.device().await.unwrap();
    assert!(matches!(device.wait().await, Err(Error::Late)));
}

#[tokio::test]
async fn a_refresh_token_that_is_over_is_not_shown_again_and_again() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::AuthorizationCode);
    tokens.bring(&scene.server.refresh_token()).await.unwrap();
    let token = tokens.access(Audience::Mail).await.unwrap();
    tokens.refused(Audience::Mail, &token).await;
    scene.server.revoke_refresh();
    let before = scene.server.count();
    for _ in 0..3 {
        assert_eq!(mail(&tokens).await, Err("oauth-signin"));
    }
    assert_eq!(scene.server.count(), before + 1);
    // for others it may be good
    let graph = tokens.access(Audience::Graph).await;
    assert_eq!(graph.unwrap_err().kind(), "oauth-signin");
    assert_eq!(scene.server.count(), before + 2);
    // and another one is
    let login = scene.tokens(Grant::AuthorizationCode);
    login.bring(&scene.server.refresh_token()).await.unwrap();
    mail(&tokens).await.unwrap();
    assert_eq!(
        tokens
            .troubles()
            .iter()
            .map(Error::kind)
            .collect::<Vec<_>>(),
        ["oauth-signin"]
    );
    tokens.access(Audience::Graph).await.unwrap();
    assert!(tokens.troubles().is_empty());
}

#[tokio::test]
async fn at_microsoft_a_code_is_redeemed_for_what_it_was_given_for() {
    let scene = Scene::new();
    let mut config = scene.config(Grant::AuthorizationCode);
    config.provider = Provider::Microsoft;
    let browse = Tokens::of(config).browse().unwrap();
    let landing = scene.server.browse(&browse.address);
    browse.landed(&landing).await.unwrap();
    assert_eq!(
        scene.server.asked(),
        [asked("authorization_code", "imap smtp")]
    );
}

#[tokio::test]
async fn another_client_or_tenant_begins_anew() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::DeviceCode);
    tokens.bring(&scene.server.refresh_token()).await.unwrap();
    let change: [fn(&mut Config); 3] = [
        |config| config.client_id.push('2'),
        |config| config.endpoints.token.push_str("?tenant=2"),
        |config| config.grant = Grant::ClientCredentials,
    ];
    let before = scene.server.count();
    for change in change {
        let mut config = scene.config(Grant::DeviceCode);
        change(&mut config);
        let other = Tokens::of(config);
        assert_eq!(other.kept().await.unwrap().refresh(), None);
        if other.config().grant == Grant::DeviceCode {
            assert_eq!(mail(&other).await, Err("oauth-signin"));
        }
    }
    assert_eq!(scene.server.count(), before);
}
