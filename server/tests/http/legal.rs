//! `/mentions-legales` and `/accessibilite` show what the site file says, and nothing else.

use crate::support::{Browser, TestApp, on_both_engines};

on_both_engines!(the_legal_notice_says_what_the_site_file_says, the_accessibility_page_claims_no_conformity);

async fn the_legal_notice_says_what_the_site_file_says(app: &TestApp) {
    let page = app.anonymous().get("/mentions-legales").await.expect(200);
    let page = page.expect_text("Association loi 1901").expect_text("Hébergeur d’exemple").expect_text("mailto:dpo@");
    let page = page.expect_text("GNU AGPL").expect_sentence("écrivez à contact@exemple.test.");
    // Nothing is shown of values that the site file does not set.
    page.expect_no_text("SIRET").expect_no_text("Envoi des mails");
    let full = include_str!("../../sites/paris.toml")
        .replace("# siret = \"000 000 000 00000\"", "siret = \"123 456 789 00012\"")
        .replace("# host_phone", "host_phone")
        .replace("# mail_provider", "mail_provider")
        .replace("# source_url", "source_url");
    let visitor = Browser::new(app.with_site(&full));
    let page = visitor.get("/mentions-legales").await.expect(200);
    let page = page.expect_text("123 456 789 00012").expect_text("tel:0199000002").expect_text("Messagerie d’exemple");
    page.expect_text("href=\"https://forge.exemple.test/balise\"").expect_no_text("Pour recevoir son code source");
}

async fn the_accessibility_page_claims_no_conformity(app: &TestApp) {
    let page = app.anonymous().get("/accessibilite").await.expect(200);
    let page = page.expect_sentence("Non conforme, faute d’audit.").expect_text("Défenseur des droits");
    // There are three ways to write: by mail, by telephone and by post.
    page.expect_text("mailto:contact@exemple.test").expect_text("tel:0199000000").expect_text("75011 Paris");
}
