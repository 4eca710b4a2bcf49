// What this phone can read without network, as a short list of rules. Only reading: what is said never passes here.
// The house writes the head of this file, at /sw.js: VERSION (of all files), PAGES, FILES, NIGHT and POCKET. Another content is another worker.
const KEPT = `mollet-${VERSION}`;
const PATIENCE_MS = 5000;

const RULES = [
  // While it hurts nothing is waited for: the kept page at once, and behind it a look for a newer one.
  [(url) => PAGES.includes(url.pathname) && (POCKET || !url.search), keptFirst],
  [(url) => FILES.includes(url.pathname), fileFirst],
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
  return dimmed(kept);
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
    const changed = CHANGING.some((begin) => pathname.startsWith(begin)) ? PAGES : PAGES.slice(0, 1);
    if (!POCKET) event.waitUntil(Promise.all(changed.map(renew)));
    return answer;
  } catch {
    return dimmed((await caches.match(PAGES.includes(pathname) ? pathname : "/offline/")) ?? Response.error());
  }
}

async function withPatience(request, patience) {
  if (patience === Infinity) return fetch(request);
  let bell;
  const tired = new Promise((done, failed) => { bell = setTimeout(() => failed(new Error("silent")), patience); });
  try {
    return await Promise.race([fetch(request), tired]);
  } finally {
    clearTimeout(bell);
  }
}

// A page goes with its files: one that names files of a newer house waits until the worker of that house is here.
async function renew(page) {
  try {
    const answer = await fetch(page, { cache: "no-store" });
    if (answer.status !== 200 || answer.redirected) return;
    const named = (await answer.clone().text()).match(/\/static\/[^"]+/g) ?? [];
    // A page that names no file of ours is not ours: a network that asks to sign in answers everything, with 200.
    if (!named.length) return;
    if (named.every((file) => FILES.includes(file))) await (await caches.open(KEPT)).put(page, answer);
    else await self.registration.update();
  } catch {
    // No network: what is kept stays.
  }
}

// A page that was kept by day is dark at night from its first byte on; nobody is blinded by a copy.
async function dimmed(kept) {
  const hour = new Date().getHours();
  const isNight = hour >= NIGHT[0] || hour < NIGHT[1];
  const chosen = (html) => html.match(/data-chosen="(\w+)"/)?.[1] ?? "auto";
  const html = await kept.text();
  const theme = chosen(html) === "auto" && isNight ? "night" : chosen(html);
  const scheme = { night: "dark", day: "light", auto: "light dark" }[theme];
  const page = html
    .replace(/data-theme="\w+" data-hour="\w+"/, `data-theme="${theme}" data-hour="${isNight ? "night" : "day"}"`)
    .replace(/name="color-scheme" content="[^"]+"/, `name="color-scheme" content="${scheme}"`);
  return new Response(page, { status: kept.status, headers: kept.headers });
}
