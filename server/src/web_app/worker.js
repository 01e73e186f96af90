// The worker of the installed app. It does one thing: when a page cannot be loaded because there is no network, it
// answers with the offline page. It keeps that page and its style, and nothing that a person looked at (P2, P3). The
// server writes RELEASE, PAGE and STYLE above these lines: the name of the cache and the addresses of what is in it.

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range")) return;
  if (request.mode === "navigate" && request.destination === "document") event.respondWith(load(event));
  else if (request.url === location.origin + STYLE) event.respondWith(style(request));
});

async function keep() {
  const cache = await caches.open(RELEASE);
  // The page is loaded without cookies, because it is the same for everyone.
  await cache.addAll([PAGE, STYLE].map((address) => new Request(address, { credentials: "omit", cache: "no-cache" })));
  // While a release is being replaced, the page may come from the other release and name a style that is not kept here.
  // The browser then tries again later.
  const page = await (await cache.match(PAGE)).text();
  if (!page.includes(STYLE)) {
    await caches.delete(RELEASE);
    throw new Error("the offline page is of another release");
  }
  // An app on a telephone is hardly ever closed, so a worker that waits for that would wait for ever.
  await self.skipWaiting();
}

async function takeOver() {
  const older = (await caches.keys()).filter((name) => name !== RELEASE);
  await Promise.all(older.map((name) => caches.delete(name)));
  // The browser asks for the page while this worker starts, so that pages do not arrive later because of it.
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function load(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(PAGE, { cacheName: RELEASE })) ?? Response.error();
  }
}

async function style(request) {
  return (await caches.match(request, { cacheName: RELEASE })) ?? fetch(request);
}
