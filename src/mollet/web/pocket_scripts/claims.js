// Look for words in what people say: a line stays when it holds each of them.
import { fold } from "./rules.js";

const lines = [...document.querySelectorAll("[data-claim]")].map((line) => [line, fold(line.textContent)]);
const none = document.querySelector("#no-claim");

const asked = document.querySelector("#q");

function look() {
  const words = fold(asked.value).split(" ").filter(Boolean);
  for (const [line, text] of lines) line.hidden = !words.every((word) => text.includes(word));
  none.hidden = lines.some(([line]) => !line.hidden);
}

asked.addEventListener("input", look);
look();
