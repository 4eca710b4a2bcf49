// What this phone knows ahead: which night an instant belongs to, and tonight's routine. The house works both out; here they are only kept.
const PLACE = "mollet.ahead";
const TOLD = "mollet.told";

export function known() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? {};
  } catch {
    return {};
  }
}

// What the house knew as answered when it was last in touch, and what it was told since.
export function heldAnswers() {
  const { answers = [] } = mine();
  return [...answers, ...told("answer").map(({ at, data }) => ({ at, ...data }))];
}

// The same of a night, as this phone says it.
export function heldNights(date) {
  const { said = [] } = mine().nights?.find((night) => night.date === date) ?? {};
  return [...said, ...told("night")];
}

// Of the diary that this phone belongs to now.
function mine() {
  const all = known();
  return all.diary === localStorage.getItem("mollet.diary") ? all : {};
}

function told(kind) {
  try {
    return mine().diary ? (JSON.parse(localStorage.getItem(TOLD)) ?? []).filter(({ data }) => data?.kind === kind) : [];
  } catch {
    return [];
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

// On a page of the signed-in person, once everything else is there.
export async function look() {
  if (document.querySelector("meta[name=diary]")) await ask();
}

// --- only with a house -----------------------------------------------------------------------------------------------

async function ask() {
  const told = localStorage.getItem(TOLD);
  try {
    const answer = await fetch("/api/me", { credentials: "same-origin", cache: "no-store" });
    // A phone that was sent away forgets what had been answered.
    if (answer.status === 403) forget();
    if (!answer.ok) return;
    const { diary, nights, routine, first, lang, answers } = await answer.json();
    localStorage.setItem(PLACE, JSON.stringify({ diary, nights, routine, first, lang, answers }));
    // What was told before the house was asked is in what it says.
    if (localStorage.getItem(TOLD) === told) localStorage.removeItem(TOLD);
  } catch {
    // No network, or no room: what was known stays.
  }
}

function forget() {
  const { nights = [], ...rest } = known();
  localStorage.setItem(PLACE, JSON.stringify({ ...rest, nights: nights.map((night) => ({ ...night, said: [] })), answers: [] }));
  localStorage.removeItem(TOLD);
}
