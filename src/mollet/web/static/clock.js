// The clock of one cramp. Its state lies on the phone, so that a reload, a call or an empty battery does not stop it.
import { flush, keepAll } from "./outbox.js";

const PLACE = "mollet.cramp";
export const TRIED_MS = 20_000;
export const UNTOUCHED_MS = 15 * 60_000;
const LONGEST_MS = 24 * 3_600_000;

export function read() {
  try {
    return JSON.parse(localStorage.getItem(PLACE));
  } catch {
    return null;
  }
}

function write(state) {
  localStorage.setItem(PLACE, JSON.stringify(state));
  return state;
}

// A name nobody else has. crypto.randomUUID is missing where the page came without TLS from another machine.
export function name() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte, place) => ([4, 6, 8, 10].includes(place) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}

export function begin() {
  const now = Date.now();
  return write({ id: name(), about: name(), onset: now, touched: now, asked: false, step: 0 });
}

// Take a clock up again that was put away: "it was a cramp after all".
export function resume(state) {
  write(state);
}

export function touch(changes = {}) {
  const state = read();
  return state && write({ ...state, ...changes, touched: Date.now() });
}

export function isRunning() {
  return read() !== null;
}

export function forget() {
  localStorage.removeItem(PLACE);
}

export function elapsed(state) {
  return Math.max(0, Date.now() - state.onset);
}

export function isUntouched(state) {
  return Date.now() - state.touched >= UNTOUCHED_MS;
}

// Close the clock once, in one tab: what is said is fixed before it is kept, so that a page that dies in between says
// exactly the same again. Without an end the cramp is recorded as it is known, and nobody invents the rest.
export function close(end, left = false) {
  return alone(async () => {
    const state = read();
    if (!state) return null;
    const closed = state.closing ? state : write({ ...state, closing: { end, said: Date.now(), left: left ? name() : null } });
    await keepAll([cramp(closed), ...leftRunning(closed)]);
    forget();
    flush();
    return closed;
  });
}

// A clock that nobody stopped may have been no cramp at all: beside it the question is kept, and the house asks it once.
function leftRunning(state) {
  const { left, said } = state.closing;
  return left ? [answer(left, left, [], state.onset, "clock_left_running", state.about, said)] : [];
}

// A clock that nobody touched, or one that was closed while the page died.
export async function settle() {
  const state = read();
  return state !== null && (state.closing || isUntouched(state)) ? close(null, true) : null;
}

function alone(work) {
  return navigator.locks ? navigator.locks.request("mollet-clock", work) : work();
}

export function cramp(state) {
  return entry(state.id, state.about, [], state.onset, episode(state), state.closing.said);
}

export function episode(state, marks = {}) {
  // A clock that was put forward by days says nothing of how long the cramp was.
  const end = state.closing.end - state.onset > LONGEST_MS ? null : state.closing.end;
  return { kind: "cramp", end: end && moment(Math.max(end, state.onset)), end_known: end !== null, ...marks };
}

export function answer(id, about, replaces, at, question, value, said) {
  return entry(id, about, replaces, at, { kind: "answer", question, value }, said);
}

// Nothing is said before it has happened: a clock that was put back in between does not make it so.
export function entry(id, about, replaces, at, data, told = Date.now()) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { v: 1, id, about, replaces, at: moment(at), zone, said: moment(Math.max(told, at)), data };
}

// An instant as it is read on the wall here, with its offset.
function moment(instant) {
  const east = -new Date(instant).getTimezoneOffset();
  const pad = (n) => String(Math.trunc(Math.abs(n))).padStart(2, "0");
  const wall = new Date(instant + east * 60_000).toISOString().slice(0, 19);
  return `${wall}${east < 0 ? "-" : "+"}${pad(east / 60)}:${pad(east % 60)}`;
}
