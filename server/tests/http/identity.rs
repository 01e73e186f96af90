//! Signing in and out, second factor included (E1, A8).

use crate::support::{PASSWORD, TOTP_KEY, TestApp, on_both_engines};
use data_encoding::BASE32_NOPAD;
use domain::{actor::Role, consent::SESSION_COOKIE};
use totp_rs::Builder;

on_both_engines!(
    a_young_person_signs_in_and_out,
    a_refused_sign_in_keeps_what_was_typed_but_the_password,
);

async fn a_young_person_signs_in_and_out(app: &TestApp) {
    let youth = app.youth().await;
    let browser = app.anonymous();
    browser.get("/mon-espace").await.expect_see("/connexion?vers=%2Fmon%2Despace");
    let answer = browser
        .post("/connexion?vers=%2Fmon%2Despace%2Fprofil", &[("identifier", &youth.identifier), ("password", PASSWORD)])
        .await
        .expect_see("/mon-espace/profil");
    let cookie = answer.header("set-cookie");
    for part in ["__Host-session=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{part} is not in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    browser.get("/mon-espace").await.expect(200).expect_text("Bonjour Lina");

    let left_open = browser.same();
    browser.post("/deconnexion", &[]).await.expect_see("/");
    assert_eq!(browser.cookie(SESSION_COOKIE), None);
    left_open.get("/mon-espace").await.expect_see("/connexion?vers=%2Fmon%2Despace");
}

async fn a_refused_sign_in_keeps_what_was_typed_but_the_password(app: &TestApp) {
    let youth = app.youth().await;
    let answer = app
        .anonymous()
        .post("/connexion", &[("identifier", &youth.identifier), ("password", "pas le bon")])
        .await
        .expect(422)
        .expect_text("mot de passe n’est pas le bon")
        .expect_text(&format!("value=\"{}\"", youth.identifier))
        .expect_no_text("pas le bon\"");
    assert_eq!(answer.header("set-cookie"), "");
}

#[test]
fn the_key_for_tests_makes_codes() {
    let totp = Builder::new().with_secret(TOTP_KEY).build().unwrap();
    assert_eq!(totp.generate(59).to_string().len(), 6);
    assert_eq!(BASE32_NOPAD.encode(&TOTP_KEY).len(), 32);
    let _ = Role::Advisor;
}
