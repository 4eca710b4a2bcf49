// On every page: settle an abandoned clock, send what waits, say what still waits on this phone, and know ahead what may be needed offline.
import { start } from "./outbox.js";
import { settle, isRunning } from "./clock.js";
import { look } from "./ahead.js";

await settle();
start(document.getElementById("waiting"), isRunning);
look();
