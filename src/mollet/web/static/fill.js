// Templates that a page carries, filled with words; and what travels beside it, packed or as the house sends it.
export async function unpack(name) {
  const answer = await fetch(new URL(name, document.baseURI));
  if (!answer.ok) throw new Error(String(answer.status));
  if (answer.headers.get("content-type")?.startsWith("application/json")) return answer.json();
  const plain = answer.body.pipeThrough(new DecompressionStream("deflate"));
  return new Response(plain).json();
}

export function fill(template, words) {
  const made = document.querySelector(template).content.cloneNode(true);
  for (const [place, text] of Object.entries(words)) made.querySelector(`[data-${place}]`).textContent = text;
  return made;
}
