// The phone stands in another time zone than the diary: ask which one holds, and change nothing by oneself.
const KEPT = "mollet.zone";
const card = document.getElementById("zone-asks");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

// Another name for the same hours needs no question: only a clock that differs now, in winter or in summer.
function hours(zone) {
  const year = new Date().getFullYear();
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  return [new Date(), new Date(year, 0, 15), new Date(year, 6, 15)].map((day) => format.format(day)).join();
}

if (card && here && here !== card.dataset.zone && localStorage[KEPT] !== here && hours(here) !== hours(card.dataset.zone)) {
  card.querySelector("[name=zone]").value = here;
  card.querySelectorAll("[data-here]").forEach((part) => { part.textContent = part.dataset.here.replace("{here}", here.split("/").pop().replaceAll("_", " ")); });
  card.querySelector("[type=button]").addEventListener("click", () => { localStorage[KEPT] = here; card.hidden = true; });
  card.hidden = false;
}
