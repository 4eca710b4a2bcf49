// The worker's own decisions, with caches, clock and network that stand in for a phone's.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const source = readFileSync(new URL("../../src/mollet/web/static/worker.js", import.meta.url), "utf-8");
const HEAD = 'const VERSION = "house-1"; const PAGES = ["/relief/", "/offline/"]; const FILES = ["/static/a.1.js"]; const LATER = ["/offline/checkup/"]; const POCKET = false;';
const PAGE = '<html lang="en"><script src="/static/a.1.js"></script>';

// A worker with pages it keeps and a network that answers as told.
function worker({ kept = {}, network = () => { throw new TypeError("no network"); } }) {
  const listeners = {};
  const put = new Map(Object.entries(kept));
  const find = async (request) => {
    const path = new URL(request.url ?? request, "http://localhost").pathname;
    return put.has(path) ? new Response(put.get(path), { headers: { "content-type": "text/html" } }) : undefined;
  };
  const cache = { match: find, put: async (path, answer) => put.set(path, await answer.text()), addAll: async () => {} };
  const self = { addEventListener: (kind, hear) => { listeners[kind] = hear; }, registration: { update: async () => { self.updated = true; } } };
  const world = { self, caches: { match: find, open: async () => cache, keys: async () => [] }, fetch: async (asked) => network(asked), Response, Request, URL, setTimeout, clearTimeout, location: new URL("http://localhost/sw.js"), console };
  vm.runInNewContext(`${HEAD}\n${source}`, world);
  async function more() {
    let done;
    listeners.message({ waitUntil: (one) => { done = one; } });
    await done;
  }
  async function ask(path, { method = "GET", mode = "navigate" } = {}) {
    const waits = [];
    let answer;
    listeners.fetch({ request: { method, mode, url: `http://localhost${path}` }, respondWith: (one) => { answer = one; }, waitUntil: (one) => waits.push(one) });
    const given = await answer;
    await Promise.all(waits);
    return given;
  }
  return { ask, more, put, self };
}

test("what is said never passes through the worker", async () => {
  assert.equal(await worker({}).ask("/api/entries", { method: "POST", mode: "cors" }), undefined);
});

test("what a script asks of the house is left to the network", async () => {
  assert.equal(await worker({}).ask("/api/me", { mode: "cors" }), undefined);
});

test("without network a page becomes the offline one", async () => {
  const answer = await worker({ kept: { "/offline/": PAGE } }).ask("/nights/");
  assert.equal(answer.status, 200);
});

test("a gateway that finds no house counts as no network", async () => {
  const answer = await worker({ kept: { "/offline/": PAGE }, network: () => new Response("", { status: 502 }) }).ask("/nights/");
  assert.equal(answer.status, 200);
});

test("a kept page is renewed behind itself", async () => {
  const { ask, put } = worker({ kept: { "/relief/": PAGE }, network: () => new Response(`${PAGE}newer`) });
  assert.doesNotMatch(await (await ask("/relief/")).text(), /newer/);
  assert.match(put.get("/relief/"), /newer/);
});

test("an older copy that comes late stays out", async () => {
  const answers = [];
  const { ask, put } = worker({ kept: { "/relief/": PAGE }, network: () => new Promise((done) => { answers.push(done); }) });
  const [first, second] = [ask("/relief/"), ask("/relief/")];
  while (answers.length < 2) await new Promise(setImmediate);
  answers[1](new Response(`${PAGE}newer`));
  await second;
  answers[0](new Response(`${PAGE}older`));
  await first;
  assert.equal(put.get("/relief/"), `${PAGE}newer`);
});

test("a page of the network itself is never kept in the place of relief", async () => {
  const { ask, put } = worker({ kept: { "/relief/": PAGE }, network: () => new Response("<!doctype html><h1>Welcome to our hotel</h1>") });
  await ask("/relief/");
  assert.equal(put.get("/relief/"), PAGE);
});

test("a page that names files of a newer house waits for the newer worker", async () => {
  const { ask, put, self } = worker({ kept: { "/relief/": PAGE }, network: () => new Response(PAGE.replace("a.1.js", "a.2.js")) });
  await ask("/relief/");
  assert.match(put.get("/relief/"), /a\.1\.js/);
  assert.equal(self.updated, true);
});

test("a page that needs a session is never kept in the place of relief", async () => {
  const { ask, put } = worker({ kept: { "/relief/": PAGE }, network: () => new Response("closed", { status: 403 }) });
  await ask("/relief/");
  assert.equal(put.get("/relief/"), PAGE);
});

const CHECKUP = `${PAGE}<div data-rules="/offline/rules.json" data-words="/offline/words.en.json"></div>`;
const house = (json) => (address) => (String(address).endsWith(".json") ? json() : new Response(CHECKUP));

test("the check-up is kept with its rules, once a page that is whole asks for it", async () => {
  const { more, put } = worker({ network: house(() => Response.json({})) });
  await more();
  assert.deepEqual([...put.keys()].sort(), ["/offline/checkup/", "/offline/rules.json", "/offline/words.en.json"]);
});

test("a check-up whose rules did not come is not kept", async () => {
  const { more, put } = worker({ network: house(() => { throw new TypeError("no network"); }) });
  await more();
  assert.equal(put.has("/offline/checkup/"), false);
});

test("a page of the network itself is never kept in the place of rules", async () => {
  const { more, put } = worker({ network: house(() => new Response("<h1>Welcome</h1>", { headers: { "content-type": "text/html" } })) });
  await more();
  assert.deepEqual([...put.keys()], []);
});

test("without network every page of the check-up becomes the one on the phone", async () => {
  const { ask } = worker({ kept: { "/offline/": PAGE, "/offline/checkup/": CHECKUP } });
  for (const path of ["/checkup/", "/checkup/danger_now/", "/offline/checkup/"]) assert.match(await (await ask(path)).text(), /data-rules/);
});

test("a check-up that was never kept leaves the offline page", async () => {
  assert.equal((await worker({ kept: { "/offline/": PAGE } }).ask("/checkup/")).status, 200);
});

test("half a page is none: the kept one stands in for it", async () => {
  const half = () => new Response(new ReadableStream({
    start(line) { line.enqueue(new TextEncoder().encode("<html>")); line.error(new TypeError("cut")); },
  }));
  const html = await (await worker({ kept: { "/offline/": PAGE }, network: half }).ask("/nights/")).text();
  assert.equal(html, PAGE);
});
