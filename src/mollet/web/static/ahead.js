// What this phone knows ahead: which night an instant belongs to, and tonight's routine. The house works both out; here they are only kept.
const PLACE = "mollet.ahead";

export function known() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? {};
  } catch {
    return {};
  }
}

// On a page of the signed-in person, once everything else is there.
export async function look() {
  if (!document.querySelector("meta[name=diary]")) return;
  try {
    const answer = await fetch("/api/me", { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) return;
    const { nights, routine, first, lang } = await answer.json();
    localStorage.setItem(PLACE, JSON.stringify({ nights, routine, first, lang }));
  } catch {
    // No network, or no room: what was known stays.
  }
}

// The night that was slept last: of those the house told of, the last one that is asked about by now. Beyond them: null.
export function lastNight(now = new Date()) {
  const nights = known().nights ?? [];
  if (!nights.some(({ start, end }) => new Date(start) <= now && now < new Date(end))) return null;
  return nights.findLast(({ asked }) => new Date(asked) <= now) ?? null;
}

// A plain local date as the wall shows it, so many days from now.
export function day(now, shift = 0) {
  const moved = new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift, 12);
  return `${moved.getFullYear()}-${String(moved.getMonth() + 1).padStart(2, "0")}-${String(moved.getDate()).padStart(2, "0")}`;
}
