// On every page: settle an abandoned clock, send what waits, say what still waits on this phone, and know ahead what may be needed offline.
import { start } from "./outbox.js";
import { settle, isRunning } from "./clock.js";
import { look } from "./ahead.js";

await settle();
start(document.getElementById("waiting"), isRunning);
look();

// --- only with a house -----------------------------------------------------------------------------------------------

// What waited was sent: the first page, the nights and a night show what the house knows by now. Once, and never under somebody's hand.
let isTouched = false;
for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, () => { isTouched = true; }, true);
const words = document.querySelector("[data-sent]");
const say = () => { if (words) words.hidden = words.parentElement.hidden = false; };
if (sessionStorage.sent) say();
sessionStorage.removeItem("sent");
document.addEventListener("sent", () => {
  const again = words?.hidden && !isTouched && /^\/(nights\/(\d[\d-]*\/)?)?$/.test(location.pathname);
  say();
  if (!again) return look();
  sessionStorage.sent = "yes";
  location.reload();
});

// Without network a form would be lost with its page. What was written stays here; for the morning answer there is a page that keeps it.
addEventListener("submit", (event) => {
  const form = event.target;
  if (navigator.onLine || event.defaultPrevented || form.method !== "post") return;
  event.preventDefault();
  if (form.getAttribute("action") === "/answer/") return location.assign("/offline/");
  const unsent = document.querySelector("#unsent");
  form.append(unsent);
  unsent.hidden = false;
  unsent.scrollIntoView({ block: "nearest" });
});
