// In every page of a phone under test: a clock and timers that can be moved, and a book of what was truly kept.
// The book lies in localStorage, which survives a page that dies; a saying is in it once its transaction is complete.
(() => {
  if (!location.protocol.startsWith("http")) return;
  const [RealDate, later, never, often, notOften] = [Date, setTimeout, clearTimeout, setInterval, clearInterval];
  const bells = new Map();
  const beats = new Map();
  const now = () => RealDate.now() + Number(localStorage["test.shift"] ?? 0);

  window.Date = class extends RealDate {
    constructor(...parts) { if (parts.length) super(...parts); else super(now()); }
    static now() { return now(); }
  };
  window.setTimeout = (work, span = 0, ...rest) => {
    const id = later(() => { bells.delete(id); work(...rest); }, span);
    bells.set(id, { due: now() + span, work: () => work(...rest) });
    return id;
  };
  window.clearTimeout = (id) => { bells.delete(id); never(id); };
  window.setInterval = (work, span) => { const id = often(work, span); beats.set(id, work); return id; };
  window.clearInterval = (id) => { beats.delete(id); notOften(id); };

  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function watched(...wanted) {
    const made = transaction.apply(this, wanted);
    const put = [];
    const objectStore = made.objectStore.bind(made);
    made.objectStore = (name) => {
      const store = objectStore(name);
      if (name !== "waiting") return store;
      const real = store.put.bind(store);
      store.put = (record) => { put.push(record); note("tried", record); return real(record); };
      return store;
    };
    if (wanted[1] === "readwrite") made.addEventListener("complete", () => put.forEach((record) => note("said", record)));
    return made;
  };

  function note(book, { id, entry }) {
    const [place, words] = [`test.${book}.${id}`, JSON.stringify(entry)];
    if ((localStorage[place] ??= words) !== words) localStorage[`test.changed.${id}`] = words;
  }

  const visible = (selector) => Boolean(document.querySelector(selector)?.checkVisibility());
  const seen = async (...selectors) => {
    for (let tries = 0; tries < 6000; tries += 1) {
      const found = selectors.find(visible);
      if (found) return found;
      await new Promise((done) => { later(done, 5); });
    }
    return null;
  };

  window.test = {
    // Time goes by: what was due rings once, what beats does so once.
    pass(seconds) {
      if (seconds) localStorage["test.shift"] = Number(localStorage["test.shift"] ?? 0) + seconds * 1000;
      for (const [id, { due, work }] of [...bells]) if (due <= now()) { clearTimeout(id); work(); }
      for (const work of [...beats.values()]) work();
    },
    running: () => JSON.parse(localStorage["mollet.cramp"] ?? "null")?.about ?? null,
    async gone() {
      if (!visible("[data-do=gone]") || !test.running()) return null;
      const about = test.running();
      document.querySelector("[data-do=gone]").click();
      return [await seen("#kept", "#tried", "#not-kept", "[data-in~=thanks]", "[data-in~=stopped]"), about];
    },
    tap(selector) {
      if (!visible(selector)) return false;
      document.querySelector(selector).click();
      return true;
    },
    async marks(leg, severity) {
      if (!visible("#kept") || !visible("#marks")) return null;
      document.querySelector(`#marks [name=leg][value=${leg}]`).checked = true;
      document.querySelector(`#marks [name=severity][value="${severity}"]`).checked = true;
      document.querySelector("#marks").requestSubmit();
      return seen("[data-in~=thanks]");
    },
    async undo() { return visible("#kept") && test.tap("[data-do=undo]") ? seen("[data-in~=undone]") : null; },
    async night(cramps) {
      dispatchEvent(new Event("hour"));
      // At night nobody is asked.
      if (document.documentElement.dataset.hour === "night" || !await seen("#last-night")) return null;
      test.tap("[data-again]");
      document.querySelector(`#last-night [data-cramps="${cramps}"]`).click();
      return seen("#said", "#not-kept");
    },
    async signs(ticked) {
      test.tap("[data-do=signs]");
      if (!visible("#check form")) return null;
      document.querySelector("#check [name=hard]").checked = ticked;
      document.querySelector("#check form").requestSubmit();
      return seen("#danger", "#nothing", "body[data-view=steps]");
    },
    ours: () => document.querySelector("#waiting") !== null,
    // One last flush, on a line that is quiet: it waits for its turn, and this waits for it.
    async rest() {
      window.dispatchEvent(new Event("online"));
      await navigator.locks.request("mollet-outbox", () => 0);
      return test.left();
    },
    left: () => new Promise((done, failed) => {
      const open = indexedDB.open("mollet", 1);
      open.onerror = () => failed(open.error);
      open.onsuccess = () => {
        const stores = open.result.transaction(["waiting", "refused"]);
        const left = {};
        for (const name of ["waiting", "refused"]) stores.objectStore(name).getAll().onsuccess = ({ target }) => { left[name] = target.result.map((record) => record.entry); };
        stores.oncomplete = () => { open.result.close(); done(left); };
      };
    }),
    book() {
      const found = { tried: {}, said: {}, changed: {} };
      for (const place of Object.keys(localStorage)) {
        const [, book, id] = place.match(/^test\.(tried|said|changed)\.(.*)$/) ?? [];
        if (book) found[book][id] = JSON.parse(localStorage[place]);
      }
      return found;
    },
    // A new sequence: no clock runs, the book is empty, the time is that of the house.
    anew() {
      for (const place of Object.keys(localStorage)) if (place.startsWith("test.")) localStorage.removeItem(place);
      localStorage.removeItem("mollet.cramp");
    },
  };
})();
