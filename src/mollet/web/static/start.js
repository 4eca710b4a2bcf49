// On every page: settle an abandoned clock, send what waits, and say what still waits on this phone.
import { start } from "./outbox.js";
import { settle, isRunning } from "./clock.js";

await settle();
start(document.getElementById("waiting"), isRunning);
