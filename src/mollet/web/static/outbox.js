// What was said on this phone and is not yet known to stand in the diary.
// A record leaves this store in two ways only: the house answered "kept" or "known" (it is there),
// or "refused" (it moves to the list that needs attention, and leaves that only when the person saved it as a file and
// then put it away). Every other answer, and silence, changes nothing.

const BATCH = 50;
const PATIENCE_MS = 15000;
// The pocket edition has no house to send to: what was said stays here until it leaves as a file.
const POCKET = document.querySelector("meta[name=pocket]") !== null;
let opening;
let taken = 0;
// The house answered last that it does not know this phone: it will take nothing, however long one waits.
export let out = false;

function database() {
  opening ??= new Promise((done, failed) => {
    const request = indexedDB.open(POCKET ? "mollet-pocket" : "mollet", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("waiting", { keyPath: "id" });
      request.result.createObjectStore("refused", { keyPath: "id" });
    };
    // A browser that clears or closes what is here must not leave a page that can keep nothing any more.
    request.onsuccess = () => { request.result.onclose = () => { opening = undefined; }; done(request.result); };
    request.onerror = request.onblocked = () => { opening = undefined; failed(request.error); };
  });
  return opening;
}

// One transaction; resolved only once it is on the disk, not merely on its way there.
async function change(work) {
  const base = await database();
  await new Promise((done, failed) => {
    const transaction = base.transaction(["waiting", "refused"], "readwrite", { durability: "strict" });
    work(transaction.objectStore("waiting"), transaction.objectStore("refused"));
    transaction.oncomplete = done;
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}

async function all(name) {
  const base = await database();
  return new Promise((done, failed) => {
    const request = base.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

// The diary this phone last belonged to; null on a phone that never was signed in.
export function diary() {
  const here = document.querySelector("meta[name=diary]")?.content;
  if (here) localStorage.setItem("mollet.diary", here);
  return here ?? localStorage.getItem("mollet.diary");
}

// Everything on this phone that no house took yet, in the order in which it was said.
export async function records() {
  return (await all("waiting")).sort((a, b) => new Date(a.entry.said) - new Date(b.entry.said));
}

// What needs attention: refused by the house, or said while the phone belonged to another diary.
export async function attention() {
  const mine = diary();
  return [...await all("refused"), ...(await records()).filter((record) => mine && record.diary && record.diary !== mine)];
}

// The person saved these as a file and says so: they need no attention any more.
export async function putAway(ids) {
  await change((waiting, refused) => ids.forEach((id) => { waiting.delete(id); refused.delete(id); }));
  document.dispatchEvent(new Event("outbox"));
}

// Another saying in the place of one that was refused, in one step: neither both nor none.
export async function sayInstead(refusedId, entry) {
  await change((waiting, refused) => { waiting.put({ id: entry.id, diary: diary(), entry }); refused.delete(refusedId); });
  flush();
}

export async function keepAll(entries) {
  await change((waiting) => entries.forEach((entry) => waiting.put({ id: entry.id, diary: diary(), entry })));
}

export async function keep(entry) {
  await change((waiting) => waiting.put({ id: entry.id, diary: diary(), entry }));
  flush();
}

// One tab sends at a time; the others wait for their turn and find nothing left.
export async function flush() {
  try {
    await (navigator.locks ? navigator.locks.request("mollet-outbox", send) : send());
  } catch {
    // No network, no house, a broken answer: everything stays where it is.
  }
  document.dispatchEvent(new Event("outbox"));
}

async function send() {
  if (POCKET || !(await all("waiting")).length) return;
  const me = await ask("/api/me");
  // Something on the way that answers in the place of the house must not give this phone another diary.
  if (typeof me.diary !== "string" || typeof me.csrf !== "string") throw new Error("no house");
  localStorage.setItem("mollet.diary", me.diary);
  const mine = (await records()).filter((record) => !record.diary || record.diary === me.diary);
  for (let first = 0; first < mine.length; first += BATCH) {
    await sendBatch(mine.slice(first, first + BATCH), me);
  }
}

// Send whenever there is hope, and say on the page what still waits.
export function start(aside, isRunning) {
  const show = () => tell(aside, isRunning);
  document.addEventListener("outbox", show);
  window.addEventListener("online", replay);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && replay());
  diary();
  replay();
  install();
}

// What had to wait is sent: a page that stands here may be older than that.
async function replay() {
  const before = taken;
  await flush();
  if (taken > before) document.dispatchEvent(new Event("sent"));
}

// The worker that keeps the pages; asked for last, so that it takes nothing from the first step of relief.
function install() {
  if (!navigator.serviceWorker) return;
  const register = () => navigator.serviceWorker.register(new URL("../sw.js", import.meta.url)).then(() => navigator.serviceWorker.ready).then(({ active }) => active.postMessage("more")).catch(() => {});
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}

// A link that saves some records as a file.
export function offer(link, content) {
  const file = new Blob([typeof content === "string" ? content : JSON.stringify(content, null, 1)], { type: "application/json" });
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(file);
}

async function tell(aside, isRunning) {
  if (!aside) return;
  const wanting = await attention();
  const ids = new Set(wanting.map((record) => record.id));
  const queued = POCKET ? 0 : (await all("waiting")).filter((record) => !ids.has(record.id)).length;
  const running = isRunning();
  if (!POCKET) {
    const words = aside.querySelector("[data-queued]");
    words.hidden = !queued;
    words.querySelector("[data-count]").textContent = queued;
    words.querySelector("[data-out]").hidden = !out;
    words.querySelector("[data-goes]").hidden = out;
  }
  aside.querySelector("[data-running]").hidden = !running;
  aside.querySelector("[data-attention]").hidden = !wanting.length;
  if (wanting.length) offer(aside.querySelector("[data-export]"), wanting);
  aside.hidden = !(queued || running || wanting.length || aside.querySelector("[data-sent]:not([hidden])"));
}

// --- only with a house -----------------------------------------------------------------------------------------------

async function sendBatch(records, me) {
  // From here on these belong to this diary, whatever becomes of the answer.
  await change((waiting) => records.forEach((record) => waiting.put({ ...record, diary: me.diary })));
  const answer = await ask("/api/entries", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": me.csrf },
    body: JSON.stringify({ diary: me.diary, entries: records.map((record) => record.entry) }),
  });
  remember(records, answer.results);
  const byId = new Map(records.map((record) => [record.id, record]));
  await change((waiting, refused) => answer.results.forEach((result) => {
    const record = byId.get(result.id);
    if (!record || !["kept", "known", "refused"].includes(result.state)) return;
    if (result.state === "refused") refused.put({ ...record, diary: me.diary, reason: result.says ?? result.reason });
    waiting.delete(record.id);
  }));
  taken += answer.results.filter(({ state }) => state === "kept" || state === "known").length;
}

// What was answered, until the house is asked again what it knows: without it an older answer would hold on this phone.
function remember(records, results) {
  const kept = new Set(results.filter(({ state }) => state === "kept" || state === "known").map(({ id }) => id));
  const told = records.map(({ entry }) => entry).filter(({ id, data }) => kept.has(id) && ["answer", "night"].includes(data.kind));
  if (!told.length) return;
  try {
    localStorage.setItem("mollet.told", JSON.stringify([...JSON.parse(localStorage.getItem("mollet.told")) ?? [], ...told]));
  } catch {
    // No room: what is sent is sent all the same.
  }
}

async function ask(address, options = {}) {
  const patience = new AbortController();
  const bell = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: patience.signal, ...options });
    out = answer.status === 403;
    if (!answer.ok) throw new Error(String(answer.status));
    return await answer.json();
  } finally {
    clearTimeout(bell);
  }
}
