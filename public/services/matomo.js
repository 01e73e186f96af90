// Prepares Matomo: without cookies where it is exempt from consent, and for this host alone.
{
  const { cookies, site, tracker } = document.currentScript.dataset;
  const queue = (window._paq ??= []);
  if (cookies === "no") queue.push(["disableCookies"]);
  queue.push(["disableBrowserFeatureDetection"], ["setTrackerUrl", tracker], ["setSiteId", site]);
  queue.push(["setSecureCookie", location.protocol === "https:"], ["setVisitorCookieTimeout", 393 * 24 * 3600]);
  queue.push(["trackPageView"]);
}
