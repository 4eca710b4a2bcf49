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

// The night that was slept last: its window holds this instant, or, past noon, stands before the one that does. No window fits: null.
export function lastNight(now = new Date()) {
  const nights = known().nights ?? [];
  const place = nights.findIndex(({ start, end }) => new Date(start) <= now && now < new Date(end));
  if (place < 0) return null;
  return nights[place].date < day(now) ? nights[place].date : nights[place - 1]?.date ?? null;
}

// A plain local date as the wall shows it, so many days from now.
export function day(now, shift = 0) {
  const moved = new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift, 12);
  return `${moved.getFullYear()}-${String(moved.getMonth() + 1).padStart(2, "0")}-${String(moved.getDate()).padStart(2, "0")}`;
}
