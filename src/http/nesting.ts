const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const STEP = new Int8Array(256);
for (const opening of '[{') STEP[opening.charCodeAt(0)] = 1;
for (const closing of ']}') STEP[closing.charCodeAt(0)] = -1;

/** Whether JSON opens more than `limit` objects and lists inside each other; one pass, no parsing. */
export function nestsDeeperThan(limit: number, json: Uint8Array): boolean {
  let depth = 0;

  for (let at = 0; at < json.length; at++) {
    if (json[at] === QUOTE) at = endOfString(json, at);
    depth += STEP[json[at] ?? 0] ?? 0;
    if (depth > limit) return true;
  }

  return false;
}

function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;

  return at;
}
