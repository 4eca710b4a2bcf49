// On a kept page that stands in for one that did not come: asked for again, it is that other one.
const { pathname, search } = location;
if (!pathname.startsWith("/offline/")) document.querySelector("[data-same]").href = pathname + search;
// Only a house that has kept what was sent gives an address that says so: the news must not be lost with its page.
document.querySelector("#arrived").hidden = !/[?&](done|said|kept)=/.test(search);
