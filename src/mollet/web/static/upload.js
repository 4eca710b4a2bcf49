// A large file goes in pieces, with a bar that says how far it is, and can be stopped; a small one goes as the form sends it.
const LARGE = 4 * 1024 * 1024;
const TRIES = 5;

const form = document.querySelector("[data-upload]");
const sending = form.querySelector("[data-sending]");
const words = sending.querySelector("[data-words]");
const bar = sending.querySelector("progress");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
let going = null;

form.addEventListener("submit", (event) => {
  const file = form.querySelector("[type=file]").files[0];
  if (!file || file.size <= LARGE) return;
  event.preventDefault();
  if (!going) send(file);
});

sending.querySelector("[data-stop]").addEventListener("click", () => going && going.abort());

async function send(file) {
  going = new AbortController();
  const look = form.querySelector("button:not([type])");
  look.hidden = true;
  sending.hidden = false;
  let id = null;
  try {
    const begun = await post("/data/import/begin/", new URLSearchParams({ name: file.name, size: file.size }));
    id = begun.id;
    for (let at = 0; at < file.size; ) {
      tell(at, file.size);
      at = await piece(id, at, file.slice(at, at + begun.piece));
    }
    location.assign(`/data/import/${id}/`);
  } catch (problem) {
    const stopped = going.signal.aborted;
    going = null;
    if (id) await fetch(`/data/import/${id}/cancel/`, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
    look.hidden = false;
    bar.hidden = true;
    sending.querySelector("[data-stop]").hidden = true;
    words.textContent = stopped ? "" : problem.says || form.dataset.failed;
    if (stopped) location.assign("/data/?done=cancelled");
  }
}

// What got lost on the way is sent again, from where the file stands on the other side.
async function piece(id, at, part) {
  for (let tried = 1; ; tried += 1) {
    try {
      return (await post(`/data/import/${id}/piece/?at=${at}`, part)).size;
    } catch (problem) {
      if (problem.says || going.signal.aborted || tried === TRIES) throw problem;
      await new Promise((go) => setTimeout(go, 1000 * tried));
    }
  }
}

async function post(address, body) {
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token }, signal: going.signal });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(address), { says: said.says });
  return said;
}

function tell(sent, size) {
  const percent = Math.floor((100 * sent) / size);
  bar.value = percent;
  words.textContent = words.dataset.words.replace("{percent}", percent);
}
