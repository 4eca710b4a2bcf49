// The pages of the pocket edition: each is a name after "?" and is taken from one packed file; then its own scripts run.
import { unpack } from "./fill.js";
import "./sources.js";

export const root = new URL("../", import.meta.url);

// Plain local dates; the page's own words come from the house's templates.
export function written(moment, options) {
  const lang = document.documentElement.lang;
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, options).format(new Date(moment));
}

// A place that can hold a page: the first page of a language, and nothing else.
const main = document.querySelector("main[data-pages]");
// Not awaited here: the scripts of a page import this one, and would wait for it while it waits for them.
if (main) open();
// The first page of the folder leads to the language that was used last.
localStorage.setItem("mollet.language", document.documentElement.lang);

async function open() {
  if (!("DecompressionStream" in window)) {
    document.getElementById("too-old").hidden = false;
    return;
  }
  const pages = await unpack("pages.bin");
  const page = pages[location.search.slice(1).split("&")[0]] ?? pages.now;
  document.title = page.title;
  document.body.className = page.body;
  main.innerHTML = page.main;
  document.querySelectorAll(".bar a").forEach((link) => {
    const isHere = new URL(link.href).search === (page.here ? `?${page.here}` : "");
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  for (const script of page.scripts) await import(new URL(script, root));
}
