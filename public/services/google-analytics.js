// Prepares Google Analytics once it was accepted: this host alone, thirteen months at most, no advertising.
{
  const { measurement } = document.currentScript.dataset;
  const queue = (window.dataLayer ??= []);
  function gtag() {
    queue.push(arguments);
  }
  gtag("consent", "default", {
    ad_storage: "denied",
    ad_user_data: "denied",
    ad_personalization: "denied",
    analytics_storage: "granted",
  });
  gtag("js", new Date());
  gtag("config", measurement, {
    allow_ad_personalization_signals: false,
    allow_google_signals: false,
    cookie_domain: "none",
    cookie_expires: 396 * 24 * 3600,
    cookie_flags: "SameSite=Lax;Secure",
    cookie_update: false,
  });
}
