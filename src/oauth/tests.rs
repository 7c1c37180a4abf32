#![allow(
    clippy::disallowed_methods,
    reason = "tests touch the world on purpose"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::tls::peer::Identity;
use server::{Asked, CLIENT, SECRET, Says, TokenServer};

mod unruly;

#[path = "../../tests/support/tokens.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod server;

/// A token server, and a folder for the store.
struct Scene {
    server: TokenServer,
    folder: TempDir,
    ca_file: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::new(|_| {});
        Self {
            server: TokenServer::start(identity.config()),
            ca_file: identity.write(folder.path()),
            folder,
        }
    }

    fn config(&self, grant: Grant) -> Config {
        Config {
            provider: Provider::Other,
            grant,
            endpoints: Endpoints {
                token: self.server.token_url(),
                device: Some(self.server.url("device")),
                authorization: Some(self.server.url("authorize")),
            },
            client_id: CLIENT.to_owned(),
            client_secret: Some(Secret::Plain(SECRET.to_owned())),
            client_secret_expires: None,
            mail_scope: "imap smtp".to_owned(),
            graph_scope: "graph".to_owned(),
            first: Audience::Mail,
            ca_file: Some(self.ca_file.clone()),
            store: self.folder.path().join("oauth.json"),
        }
    }

    /// A new process.
    fn tokens(&self, grant: Grant) -> Tokens {
        Tokens::of(self.config(grant))
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("oauth.json")
    }

    fn stored(&self) -> Value {
        serde_json::from_slice(&fs::read(self.store()).unwrap()).unwrap()
    }

    fn stored_refresh(&self) -> String {
        self.stored()["refresh"]["token"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Nothing can be written from now on.
    fn fill(&self) {
        fs::create_dir_all(self.folder.path().join("oauth.json.new/full")).unwrap();
    }

    fn make_room(&self) {
        fs::remove_dir_all(self.folder.path().join("oauth.json.new")).unwrap();
    }
}

async fn mail(tokens: &Tokens) -> Result<String, &'static str> {
    let token = tokens.access(Audience::Mail).await;
    token.map(|token| token.text).map_err(|error| error.kind())
}

fn asked(grant: &str, scope: &str) -> Asked {
    Asked {
        grant: grant.to_owned(),
        scope: scope.to_owned(),
    }
}

#[tokio::test]
async fn a_token_is_kept_for_all_while_it_is_good() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    assert_eq!(mail(&tokens).await.unwrap(), "access.1");
    assert_eq!(mail(&tokens).await.unwrap(), "access.1");
    // another process
    let again = scene.tokens(Grant::ClientCredentials);
    assert_eq!(mail(&again).await.unwrap(), "access.1");
    let graph = again.access(Audience::Graph).await.unwrap();
    assert_eq!(graph.as_str(), "access.2");
    assert_eq!(mail(&again).await.unwrap(), "access.1");
    assert_eq!(
        scene.server.asked(),
        [
            asked("client_credentials", "imap smtp"),
            asked("client_credentials", "graph"),
        ]
    );
    let mode = fs::metadata(scene.store()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let names: Vec<_> = fs::read_dir(scene.folder.path()).unwrap().collect();
    assert_eq!(names.len(), 2, "{names:?}");
    // a proof is a new one
    assert_eq!(
        again.renewed(Audience::Mail).await.unwrap().as_str(),
        "access.3"
    );
    assert_eq!(mail(&tokens).await.unwrap(), "access.3");
}

#[tokio::test]
async fn a_token_that_ends_soon_or_is_another_configurations_does_not_count() {
    let scene = Scene::new();
    scene.server.lasting(0);
    let tokens = scene.tokens(Grant::ClientCredentials);
    assert_eq!(mail(&tokens).await.unwrap(), "access.1");
    scene.server.lasting(300);
    assert_eq!(mail(&tokens).await.unwrap(), "access.2");
    assert_eq!(mail(&tokens).await.unwrap(), "access.2");
    let mut config = scene.config(Grant::ClientCredentials);
    config.mail_scope = "imap".to_owned();
    let narrower = Tokens::of(config.clone());
    assert_eq!(mail(&narrower).await.unwrap(), "access.3");
    config.endpoints.token = config.endpoints.token.replace("/token", "/token?a=b");
    let elsewhere = Tokens::of(config);
    assert_eq!(mail(&elsewhere).await.unwrap(), "access.4");
    let by_person = scene.tokens(Grant::DeviceCode);
    assert_eq!(mail(&by_person).await, Err("oauth-signin"));
}

#[tokio::test]
async fn all_that_wait_share_one_renewal() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    let another_process = scene.tokens(Grant::ClientCredentials);
    let all = tokio::join!(
        mail(&tokens),
        mail(&tokens),
        mail(&another_process),
        mail(&tokens),
    );
    let one = || Ok("access.1".to_owned());
    assert_eq!(all, (one(), one(), one(), one()));
    assert_eq!(scene.server.count(), 1);
}

#[tokio::test]
async fn whoever_gives_up_waiting_leaves_it_to_the_next() {
    let scene = Scene::new();
    scene.server.rotate();
    let tokens = scene.tokens(Grant::AuthorizationCode);
    tokens.bring(&scene.server.refresh_token()).await.unwrap();
    let token = tokens.access(Audience::Mail).await.unwrap();
    tokens.refused(Audience::Mail, &token).await;
    let before = scene.server.count();
    // Until there is an answer, with the only good refresh token in it.
    scene.server.hold(true);
    let waiting = mail(&tokens);
    tokio::select! {
        biased;
        () = async {
            while scene.server.count() == before {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        } => {}
        _ = waiting => panic!("nobody was to wait as long"),
    }
    scene.server.hold(false);
    let renewed = mail(&tokens).await.unwrap();
    assert!(scene.server.knows(&renewed));
    assert_eq!(scene.server.count(), before + 1);
}

#[tokio::test]
async fn a_token_that_a_server_refuses_is_forgotten() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    let fresh = tokens.access(Audience::Mail).await.unwrap();
    let kept = tokens.access(Audience::Mail).await.unwrap();
    assert_eq!(fresh.as_str(), kept.as_str());
    // that a newer one may do better is known of a kept one alone
    assert!(tokens.refused(Audience::Mail, &kept).await);
    let next = tokens.access(Audience::Mail).await.unwrap();
    assert_eq!(next.as_str(), "access.2");
    assert!(!tokens.refused(Audience::Mail, &next).await);
    // another process forgets no other token than the one it had
    assert_eq!(mail(&tokens).await.unwrap(), "access.3");
    let another = scene.tokens(Grant::ClientCredentials);
    assert!(another.refused(Audience::Mail, &kept).await);
    assert_eq!(mail(&another).await.unwrap(), "access.3");
    // nor does a full disk bring it back
    scene.fill();
    let kept = another.access(Audience::Mail).await.unwrap();
    assert!(another.refused(Audience::Mail, &kept).await);
    assert_eq!(mail(&another).await.unwrap(), "access.4");
}

#[tokio::test]
async fn a_rotated_refresh_token_is_on_disk_before_its_access_token_is_used() {
    let scene = Scene::new();
    scene.server.rotate();
    let brought = scene.server.refresh_token();
    let tokens = scene.tokens(Grant::AuthorizationCode);
    assert!(!tokens.is_signed_in().await.unwrap());
    tokens.bring(&format!(" {brought}\n")).await.unwrap();
    assert!(tokens.is_signed_in().await.unwrap());
    let mut seen = vec![brought, scene.stored_refresh()];
    for _ in 0..3 {
        let token = tokens.renewed(Audience::Mail).await.unwrap();
        assert!(scene.server.knows(token.as_str()));
        seen.push(scene.stored_refresh());
    }
    seen.dedup();
    assert_eq!(seen.len(), 5, "{seen:?}");
    // a server that gives no new one means the old one
    let steady = Scene::new();
    let tokens = steady.tokens(Grant::AuthorizationCode);
    tokens.bring(&steady.server.refresh_token()).await.unwrap();
    let before = steady.stored_refresh();
    tokens.renewed(Audience::Mail).await.unwrap();
    assert_eq!(steady.stored_refresh(), before);
}

#[tokio::test]
async fn on_a_full_disk_a_rotated_refresh_token_stays_in_memory_until_there_is_room() {
    let scene = Scene::new();
    scene.server.rotate();
    let tokens = scene.tokens(Grant::AuthorizationCode);
    tokens.bring(&scene.server.refresh_token()).await.unwrap();
    let on_disk = scene.stored_refresh();
    scene.fill();
    assert_eq!(
        tokens
            .bring(&scene.server.refresh_token())
            .await
            .unwrap_err()
            .kind(),
        "oauth-store"
    );
    let first = tokens.renewed(Audience::Mail).await.unwrap();
    assert_eq!(tokens.unsaved().unwrap().kind(), "oauth-store");
    assert_eq!(mail(&tokens).await.unwrap(), first.as_str());
    // and is good for the next
    tokens.renewed(Audience::Mail).await.unwrap();
    tokens.settle().await;
    assert_eq!(tokens.unsaved().unwrap().kind(), "oauth-store");
    assert_eq!(scene.stored_refresh(), on_disk);
    scene.make_room();
    tokens.settle().await;
    assert!(tokens.unsaved().is_none());
    assert_ne!(scene.stored_refresh(), on_disk);
    let restarted = scene.tokens(Grant::AuthorizationCode);
    restarted.renewed(Audience::Mail).await.unwrap();
}

#[tokio::test]
async fn a_new_sign_in_of_another_process_goes_before_what_could_not_be_written() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::AuthorizationCode);
    tokens.bring(&scene.server.refresh_token()).await.unwrap();
    scene.fill();
    tokens.renewed(Audience::Mail).await.unwrap();
    scene.make_room();
    let login = scene.tokens(Grant::AuthorizationCode);
    login.bring(&scene.server.refresh_token()).await.unwrap();
    let signed_in = scene.stored();
    tokens.settle().await;
    assert_eq!(scene.stored(), signed_in);
    assert!(tokens.unsaved().is_none());
}

#[tokio::test]
async fn what_another_process_puts_right_is_no_trouble_any_more() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::DeviceCode);
    assert_eq!(mail(&tokens).await, Err("oauth-signin"));
    assert_eq!(tokens.troubles()[0].kind(), "oauth-signin");
    tokens.news().await;
    let login = scene.tokens(Grant::DeviceCode);
    login.bring(&scene.server.refresh_token()).await.unwrap();
    mail(&tokens).await.unwrap();
    assert!(tokens.troubles().is_empty());
    tokens.news().await;
}

#[tokio::test]
async fn what_is_on_its_way_at_the_end_is_kept() {
    let scene = Scene::new();
    scene.server.rotate();
    let tokens = scene.tokens(Grant::AuthorizationCode);
    tokens.bring(&scene.server.refresh_token()).await.unwrap();
    let before = scene.stored_refresh();
    tokio::select! {
        biased;
        _ = tokens.renewed(Audience::Mail) => panic!("nobody was to wait as long"),
        () = std::future::ready(()) => {}
    }
    tokens.settle().await;
    assert_ne!(scene.stored_refresh(), before);
    scene
        .tokens(Grant::AuthorizationCode)
        .renewed(Audience::Mail)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_store_that_is_none_is_named_and_left_alone() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    for content in [
        "",
        "{}",
        "nonsense",
        "{\"format\": \"antragsbote oauth 2\"}",
    ] {
        fs::write(scene.store(), content).unwrap();
        let error = tokens.access(Audience::Mail).await.unwrap_err();
        assert!(matches!(&error, Error::Damaged { path } if *path == scene.store()));
        assert_eq!(fs::read_to_string(scene.store()).unwrap(), content);
    }
    fs::remove_file(scene.store()).unwrap();
    fs::create_dir(scene.store()).unwrap();
    assert_eq!(mail(&tokens).await, Err("oauth-store"));
    assert_eq!(scene.server.count(), 0);
}

#[tokio::test]
async fn what_the_server_says_instead_is_named() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    let whose = "no words of anna@example.org";
    for (says, kind, text) in [
        (
            Says::Error(401, "invalid_client", whose),
            "oauth-secret",
            "the token server refuses: invalid_client",
        ),
        (
            Says::Error(400, "anna@example.org", whose),
            "oauth-refused",
            "the token server refuses: unknown",
        ),
        (
            Says::Page,
            "oauth-server",
            "localhost answers with a web page, not as a token server",
        ),
        (
            Says::Nothing,
            "oauth-server",
            "the token server cannot be asked",
        ),
        (
            Says::Busy(503, 0),
            "oauth-server",
            "the token server answers 503 and is to be asked later",
        ),
        (
            Says::Error(503, "temporarily_unavailable", whose),
            "oauth-server",
            "the token server refuses: temporarily_unavailable",
        ),
    ] {
        scene.server.say(says);
        let error = tokens.access(Audience::Mail).await.unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
        assert!(!error.hint().is_empty());
        assert_eq!(tokens.troubles()[0].to_string(), text);
    }
    mail(&tokens).await.unwrap();
    assert!(tokens.troubles().is_empty());
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_client_are_named() {
    let scene = Scene::new();
    let mut config = scene.config(Grant::ClientCredentials);
    config.client_secret = Some(Secret::Plain("another".to_owned()));
    assert_eq!(mail(&Tokens::of(config.clone())).await, Err("oauth-secret"));
    config.client_id = "another".to_owned();
    assert_eq!(mail(&Tokens::of(config.clone())).await, Err("oauth-client"));
    config.client_secret = Some(Secret::File(scene.folder.path().join("missing")));
    assert_eq!(mail(&Tokens::of(config)).await, Err("secret"));
}

#[tokio::test]
async fn a_server_that_wants_its_peace_has_it() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    scene.server.say(Says::Busy(429, 3600));
    assert_eq!(mail(&tokens).await, Err("oauth-server"));
    assert_eq!(mail(&tokens).await, Err("oauth-server"));
    assert_eq!(scene.server.count(), 1);
}

#[tokio::test]
async fn a_token_that_could_be_no_header_is_none() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    for text in ["", "a\u{1}b", "a b", "a\r\nb", "ä"] {
        scene.server.add(json!({ "access_token": text }));
        assert_eq!(mail(&tokens).await, Err("oauth-server"), "{text:?}");
    }
}

#[tokio::test]
async fn a_wrong_clock_is_seen_and_is_the_first_suspect() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::ClientCredentials);
    scene.server.claim(200);
    mail(&tokens).await.unwrap();
    assert_eq!(tokens.clock_ahead(), None);
    scene.server.claim(-600);
    tokens.renewed(Audience::Mail).await.unwrap();
    let ahead = tokens.clock_ahead().unwrap();
    assert!((595..=660).contains(&ahead), "{ahead}");
    for (code, kind) in [
        ("invalid_grant", "oauth-clock"),
        ("something", "oauth-clock"),
        ("invalid_client", "oauth-secret"),
    ] {
        scene.server.say(Says::Error(400, code, ""));
        let error = tokens.renewed(Audience::Mail).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{code}");
    }
}

#[tokio::test]
async fn a_person_signs_in_on_another_device() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::DeviceCode);
    scene.server.set_secret(None);
    let mut config = scene.config(Grant::DeviceCode);
    config.client_secret = None;
    let public = Tokens::of(config);
    let device = public.device().await.unwrap();
    assert_eq!(device.user_code, "WDJB-MJHT");
    assert_eq!(device.verification_uri, "https://login.example.org/device");
    assert_eq!(device.expires_in, Duration::from_secs(900));
    scene
        .server
        .say(Says::Error(400, "authorization_pending", ""));
    scene.server.decide(true);
    device.wait().await.unwrap();
    assert!(tokens.is_signed_in().await.unwrap());
    assert_eq!(mail(&public).await.unwrap(), "access.1");
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    assert_eq!(
        scene.server.asked(),
        [
            asked("device", "imap smtp"),
            asked(device, ""),
            asked(device, "")
        ]
    );
}

#[tokio::test]
async fn a_sign_in_that_comes_to_nothing_is_named() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::DeviceCode);
    let device = tokens.device().await.unwrap();
    scene.server.decide(false);
    let denied = device.wait().await.unwrap_err();
    assert!(matches!(
        denied,
        Error::Refused {
            refusal: Refusal::Denied,
            ..
        }
    ));
    let device = tokens.device().await.unwrap();
    scene.server.say(Says::Error(400, "expired_token", ""));
    assert!(matches!(device.wait().await, Err(Error::Late)));
    for token in ["", "two words"] {
        let error = tokens.bring(token).await.unwrap_err();
        assert!(matches!(error, Error::NoToken), "{error}");
    }
    assert_eq!(
        tokens.bring("unknown").await.unwrap_err().kind(),
        "oauth-signin"
    );
    assert!(!tokens.is_signed_in().await.unwrap());
    let mut config = scene.config(Grant::DeviceCode);
    config.endpoints.device = None;
    config.endpoints.authorization = None;
    let neither = Tokens::of(config);
    assert!(matches!(neither.device().await, Err(Error::NotConfigured)));
    assert!(matches!(neither.browse(), Err(Error::NotConfigured)));
}

#[tokio::test]
async fn a_person_signs_in_in_a_browser() {
    let scene = Scene::new();
    let tokens = scene.tokens(Grant::AuthorizationCode);
    let browse = tokens.browse().unwrap();
    assert!(
        !browse.address.contains("access_type"),
        "{}",
        browse.address
    );
    let landing = scene.server.browse(&browse.address);
    browse.landed(&format!(" {landing}\n")).await.unwrap();
    assert_eq!(mail(&tokens).await.unwrap(), "access.2");
    let before = scene.stored();

    for (change, expected) in [
        (
            "state=other&code=1",
            "this address belongs to another sign-in",
        ),
        ("code=1", "this is no address that a sign-in ends at"),
        ("state=STATE", "this is no address that a sign-in ends at"),
        (
            "state=STATE&error=access_denied&error_description=anna@example.org",
            "the token server refuses: access_denied",
        ),
        (
            "state=STATE&code=1",
            "the token server refuses: invalid_grant",
        ),
    ] {
        let browse = tokens.browse().unwrap();
        let (_, state) = browse.address.split_once("state=").unwrap();
        let state = state.split('&').next().unwrap().to_owned();
        let pasted = format!("http://localhost/?{}", change.replace("STATE", &state));
        let error = browse.landed(&pasted).await.unwrap_err();
        assert_eq!(error.to_string(), expected, "{change}");
    }
    assert_eq!(scene.stored(), before);

    let mut google = scene.config(Grant::AuthorizationCode);
    google.provider = Provider::Google;
    let address = Tokens::of(google).browse().unwrap().address;
    assert!(
        address.contains("access_type=offline&prompt=consent"),
        "{address}"
    );
}

#[tokio::test]
async fn the_end_is_known_where_somebody_says_so() {
    let scene = Scene::new();
    assert_eq!(scene.tokens(Grant::ClientCredentials).end().await, None);
    let mut config = scene.config(Grant::ClientCredentials);
    config.client_secret_expires = Some("2028-11-30".parse().unwrap());
    let secret = End {
        at: "2028-11-30T00:00:00Z".parse().unwrap(),
        of: Ending::Secret,
    };
    assert_eq!(Tokens::of(config).end().await, Some(secret));

    // what a person gave, for an hour: whether each use puts that off shows later
    for field in ["refresh_token_expires_in", "refresh_expires_in"] {
        scene.server.add(json!({ field: 3600 }));
        let tokens = scene.tokens(Grant::DeviceCode);
        tokens.bring(&scene.server.refresh_token()).await.unwrap();
        assert_eq!(tokens.end().await, None);
        scene.server.add(json!({}));
        tokens.renewed(Audience::Mail).await.unwrap();
        let end = tokens.end().await.unwrap();
        let left = end.at.duration_since(crate::clock::now()).as_secs();
        assert!(
            end.of == Ending::SignIn && (3500..=3600).contains(&left),
            "{end:?}"
        );
    }
    scene.server.add(json!({ "refresh_expires_in": 0 }));
    let tokens = scene.tokens(Grant::DeviceCode);
    tokens.bring(&scene.server.refresh_token()).await.unwrap();
    tokens.renewed(Audience::Mail).await.unwrap();
    assert_eq!(tokens.end().await, None);
}

#[tokio::test]
async fn graph_tells_an_app_of_its_secret() {
    let scene = Scene::new();
    let mut config = scene.config(Grant::ClientCredentials);
    config.provider = Provider::Microsoft;
    config.graph_scope = scene.server.url(".default");
    let tokens = Tokens::of(config);
    scene.server.say(Says::Error(400, "invalid_scope", ""));
    assert_eq!(tokens.end().await, None);
    assert!(tokens.troubles().is_empty());
    assert_eq!(tokens.end().await, None);
    let path = format!("v1.0/applications(appId='{CLIENT}')");
    let credential = |hint: &str, end: &str| json!({ "hint": hint, "endDateTime": end });
    let credentials = json!({ "passwordCredentials": [
        credential("abc", "2027-01-01T00:00:00Z"),
        credential("Bq~", "2026-01-01T00:00:00Z"),
        credential("Bq~", "2028-05-06T07:08:09.123Z"),
        credential("", "2029-01-01T00:00:00Z"),
        { "hint": null, "endDateTime": null },
    ]});
    scene.server.put(&path, 403, credentials.clone());
    assert_eq!(tokens.end().await, None);
    scene.server.put(&path, 200, credentials);
    let secret = End {
        at: "2028-05-06T07:08:09.123Z".parse().unwrap(),
        of: Ending::Secret,
    };
    assert_eq!(tokens.end().await, Some(secret));
    assert_eq!(scene.server.count(), 2);
}

#[test]
fn nothing_secret_is_shown() {
    let token = AccessToken {
        text: "geheim".to_owned(),
        is_fresh: true,
    };
    assert_eq!(format!("{token:?}"), "…");
}
