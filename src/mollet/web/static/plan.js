// Guided holds of the routine: the steps stand on the page and can be read without this; here they are counted aloud in large letters.
import { buzz } from "./speak.js";

const SECOND = 1000;

// A link to an item that is folded opens it.
const aimed = location.hash && document.getElementById(location.hash.slice(1));
if (aimed && aimed.tagName === "DETAILS") aimed.open = true;

for (const routine of document.querySelectorAll("[data-routine]")) {
  const card = routine.closest(".remedy");
  const begin = card.querySelector("[data-begin]");
  begin.hidden = false;
  begin.addEventListener("click", () => run(routine, card.querySelector("[data-guide]"), begin));
}

// One hold after the other: each step, each leg, each repeat, with its rest between.
function holds(routine) {
  const found = [];
  for (const step of routine.children) {
    const words = step.querySelector("strong").textContent;
    const { seconds, repeats, rest, legs } = step.dataset;
    for (let again = 0; again < Number(repeats); again += 1) {
      for (let leg = 0; leg < Number(legs); leg += 1) {
        const side = Number(legs) === 2 ? [routine.dataset.left, routine.dataset.right][leg] : "";
        found.push({ words, side, picture: picture(step), seconds: Number(seconds) });
      }
      // With two legs the one rests while the other stretches.
      if (Number(legs) === 1 && Number(rest) && again + 1 < Number(repeats)) found.push({ words: routine.dataset.restWords, side: "", seconds: Number(rest) });
    }
  }
  return found;
}

// The drawing of a step once more beside its count; its words are read out there already.
function picture(step) {
  const drawn = step.querySelector("svg")?.cloneNode(true);
  drawn?.querySelectorAll("title, desc").forEach((words) => words.remove());
  ["role", "aria-labelledby"].forEach((name) => drawn?.removeAttribute(name));
  drawn?.setAttribute("aria-hidden", "true");
  return drawn;
}

async function run(routine, guide, begin) {
  const list = holds(routine);
  const words = guide.querySelector("[data-words]"), side = guide.querySelector("[data-leg]"), count = guide.querySelector("[data-count]");
  const pause = guide.querySelector("[data-pause]"), skip = guide.querySelector("[data-skip]"), stop = guide.querySelector("[data-stop]");
  const pauseWords = pause.textContent;
  let index = -1, left = 0, paused = false, over = false;
  const awake = await keepAwake();
  begin.hidden = true;
  guide.hidden = false;
  guide.scrollIntoView({ block: "start" });

  const next = () => {
    index += 1;
    if (index >= list.length) return end(true);
    left = list[index].seconds;
    words.textContent = list[index].words;
    side.textContent = list[index].side;
    guide.querySelector("svg")?.remove();
    if (list[index].picture) words.after(list[index].picture);
    buzz(120);
    return show();
  };
  const show = () => { count.textContent = String(left); };
  const tick = () => {
    if (paused || over) return;
    left -= 1;
    if (left <= 0) next(); else show();
  };
  const end = (whole) => {
    over = true;
    clearInterval(timer);
    awake?.release();
    for (const [button, heard] of listeners) button.removeEventListener("click", heard);
    pause.textContent = pauseWords;
    begin.hidden = false;
    count.textContent = "";
    side.textContent = "";
    words.textContent = routine.dataset.endWords;
    guide.querySelector("svg")?.remove();
    if (!whole) guide.hidden = true;
    guide.querySelector(".row").hidden = whole;
    if (whole) guide.scrollIntoView({ block: "start" });
  };
  const listeners = [
    [pause, () => { paused = !paused; pause.textContent = paused ? pause.dataset.again : pauseWords; }],
    [skip, next],
    [stop, () => end(false)],
  ];
  for (const [button, heard] of listeners) button.addEventListener("click", heard);
  guide.querySelector(".row").hidden = false;
  const timer = setInterval(tick, SECOND);
  next();
}

async function keepAwake() {
  try {
    return await navigator.wakeLock?.request("screen");
  } catch {
    return undefined; // The battery is low or the page is hidden: the holds go on, the screen may darken.
  }
}
