// Where this phone is: in the country that was chosen on it, else in the one whose time zone it keeps. The language says nothing of the place.
import { unpack } from "./fill.js";

const PLACE = "mollet.country";
const here = Intl.DateTimeFormat().resolvedOptions().timeZone.split("/").pop();
export const { lists, zones } = await unpack(new URL("../sources.bin", import.meta.url));

export function choose(country) {
  localStorage.setItem(PLACE, country);
  settle();
}

function settle() {
  document.documentElement.dataset.country = localStorage.getItem(PLACE) ?? Object.keys(zones).find((one) => zones[one].split(" ").includes(here)) ?? "";
}

settle();
