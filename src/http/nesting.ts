const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const COMMA = 0x2c;

const STEP = new Int8Array(256);
for (const opening of '[{') STEP[opening.charCodeAt(0)] = 1;
for (const closing of ']}') STEP[closing.charCodeAt(0)] = -1;

/** What makes JSON cost far more to read than its bytes do. */
export interface JsonBounds {
  /** Objects and lists inside each other. */
  readonly depth: number;
  /** Members of objects and lists, all together. */
  readonly members: number;
}

/** Which bound JSON goes past, `null` when none; one pass, no parsing. */
export function pastBounds(bounds: JsonBounds, json: Uint8Array): keyof JsonBounds | null {
  let depth = 0;
  let commas = 0;

  for (let at = 0; at < json.length; at++) {
    if (json[at] === QUOTE) at = endOfString(json, at);
    depth += STEP[json[at] ?? 0] ?? 0;
    if (json[at] === COMMA) commas += 1;
    if (depth > bounds.depth) return 'depth';
    if (commas >= bounds.members) return 'members';
  }

  return null;
}

function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;

  return at;
}
