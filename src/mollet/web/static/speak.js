// What is heard and felt: speech and sound only where they were chosen, at night only where that was chosen too. Somebody may sleep beside.
const PLACE = "mollet.voice";
const USUAL = { speech: false, sound: false, night: false, vibration: true };
let chosenHere = false;
let player;

export function wishes() {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(PLACE)) };
  } catch {
    return USUAL;
  }
}

export function wish(changes) {
  localStorage.setItem(PLACE, JSON.stringify({ ...wishes(), ...changes }));
}

export function canSpeak() {
  return "speechSynthesis" in window;
}

// Read aloud from now on, on this page, whatever the hour: the person just asked for it.
export function aloud(on) {
  chosenHere = on;
  if (!on && canSpeak()) speechSynthesis.cancel();
}

export function isAloud() {
  return canSpeak() && (chosenHere || (wishes().speech && mayBeHeard()));
}

// A page may be older than the night: the hour is asked for anew each time.
function mayBeHeard() {
  dispatchEvent(new Event("hour"));
  return document.documentElement.dataset.hour !== "night" || wishes().night;
}

export function speak(words) {
  if (!isAloud()) return;
  const said = new SpeechSynthesisUtterance(words);
  said.lang = document.documentElement.lang === "fr" ? "fr-FR" : "en-GB";
  said.rate = 0.9;
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}

// A soft low tone at the end of a hold; the twin of the vibration, which no iPhone has.
export function tone() {
  if (!wishes().sound || !mayBeHeard() || !window.AudioContext) return;
  player ??= new AudioContext();
  const [wave, volume, now] = [player.createOscillator(), player.createGain(), player.currentTime];
  wave.frequency.value = 330;
  volume.gain.setValueAtTime(0.15, now);
  volume.gain.exponentialRampToValueAtTime(0.001, now + 0.6);
  wave.connect(volume).connect(player.destination);
  wave.start(now);
  wave.stop(now + 0.6);
}

export function buzz(pattern) {
  if (wishes().vibration) navigator.vibrate?.(pattern);
}
