// What this phone can read without network, as a short list of rules. Only reading: what is said never passes here.
// The house writes the head of this file, at /sw.js: VERSION (of all files and rules), PAGES, FILES, LATER and POCKET. Another content is another worker.
const KEPT = `mollet-${VERSION}`;
const PATIENCE_MS = 5000;

const RULES = [
  // While it hurts nothing is waited for: the kept page at once, and behind it a look for a newer one.
  [(url) => PAGES.includes(url.pathname) && (POCKET || !url.search), keptFirst],
  [(url, request) => FILES.includes(url.pathname) || (LATER.length && url.pathname.startsWith("/offline/") && request.mode !== "navigate"), fileFirst],
  // A file that takes long to write is not a house that is silent.
  [(url, request) => request.mode === "navigate" && url.pathname.startsWith("/data/"), (event) => houseFirst(event, Infinity)],
  [(url, request) => request.mode === "navigate", (event) => houseFirst(event, PATIENCE_MS)],
];
// After these the person may be known better, or wish another language: the kept pages are asked for again.
const CHANGING = ["/checkup/", "/me/", "/nights/"];

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const rule = RULES.find(([fits]) => fits(url, request));
  if (rule) event.respondWith(rule[1](event, url));
});

async function install() {
  const cache = await caches.open(KEPT);
  await cache.addAll([...FILES, ...PAGES.map((page) => new Request(page, { cache: "reload" }))]);
  await self.skipWaiting();
}

async function takeOver() {
  const family = KEPT.slice(0, KEPT.lastIndexOf("-") + 1);
  const older = (await caches.keys()).filter((name) => name.startsWith(family) && name !== KEPT);
  await Promise.all(older.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function keptFirst(event, url) {
  const kept = await (await caches.open(KEPT)).match(url.pathname);
  if (!kept) return fetch(event.request);
  if (!POCKET) event.waitUntil(renew(url.pathname));
  return kept;
}

async function fileFirst(event) {
  return (await caches.match(event.request, { ignoreSearch: true })) ?? fetch(event.request);
}

async function houseFirst(event, patience) {
  const { pathname } = new URL(event.request.url);
  try {
    const answer = await withPatience(event.request, patience);
    if ([502, 503, 504].includes(answer.status)) throw new Error("no house");
    // Relief may show less, or an alarm first, after anything that was said; the others after some pages only.
    const changed = CHANGING.some((begin) => pathname.startsWith(begin)) ? [...PAGES, ...LATER] : PAGES.slice(0, 1);
    if (!POCKET) event.waitUntil(Promise.all(changed.map(renew)));
    return answer;
  } catch {
    return (await keptFor(pathname)) ?? Response.error();
  }
}

// A page itself, else the one that stands in for it: /offline/checkup/ for all of /checkup/, /offline/ for everything.
async function keptFor(path) {
  const standIn = LATER.find((page) => path.startsWith(page) || path.startsWith(page.slice("/offline".length)));
  const found = [PAGES.includes(path) && path, standIn, "/offline/"].filter(Boolean).map((page) => caches.match(page));
  return (await Promise.all(found)).find(Boolean);
}

async function withPatience(request, patience) {
  if (patience === Infinity) return fetch(request);
  let bell;
  const tired = new Promise((done, failed) => { bell = setTimeout(() => failed(new Error("silent")), patience); });
  try {
    return await Promise.race([whole(request), tired]);
  } finally {
    clearTimeout(bell);
  }
}

// A line may die, or fall silent, in the middle of a page: half a page is none, and the kept one is better.
async function whole(request) {
  const answer = await fetch(request);
  if (answer.type === "opaqueredirect" || !answer.body) return answer;
  return new Response(await answer.blob(), { status: answer.status, headers: answer.headers });
}

// --- only with a house -----------------------------------------------------------------------------------------------

// Asked for by a page that is whole: relief never shares its line with what is heavier.
self.addEventListener("message", (event) => event.waitUntil(Promise.all(LATER.map(fetchOnce))));

async function fetchOnce(page) {
  if (!(await (await caches.open(KEPT)).match(page))) await renew(page);
}

// A page goes with its files: one that names files of a newer house waits until the worker of that house is here.
const turns = {};
async function renew(page) {
  const turn = turns[page] = (turns[page] ?? 0) + 1;
  try {
    const answer = await fetch(page, { cache: "no-store" });
    if (answer.status !== 200 || answer.redirected) return;
    const text = await answer.clone().text();
    const named = text.match(/\/static\/[^"]+/g) ?? [];
    // A page that names no file of ours is not ours: a network that asks to sign in answers everything, with 200.
    if (!named.length) return;
    if (!named.every((file) => FILES.includes(file))) return void await self.registration.update();
    const cache = await caches.open(KEPT);
    // First what the page computes with: where the page is kept, all that it needs is.
    await Promise.all((text.match(/\/offline\/[\w.]+\.json/g) ?? []).map((data) => keepData(cache, data)));
    // An older answer that comes late stays out.
    if (turn === turns[page]) await cache.put(page, answer);
  } catch {
    // No network: what is kept stays.
  }
}

async function keepData(cache, data) {
  if (await cache.match(data)) return;
  const answer = await fetch(data, { cache: "no-store" });
  if (!answer.ok || !answer.headers.get("content-type")?.startsWith("application/json")) throw new Error("not ours");
  await cache.put(data, answer);
}
