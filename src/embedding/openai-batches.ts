const MAX_INPUTS = 2_048;
/** Of one text. A token is at least a byte of UTF-8, and the models read 8,192 tokens. */
const MAX_TEXT_BYTES = 8_191;
/** Of one request, for the same reason: it may hold 300,000 tokens. */
const MAX_BATCH_BYTES = 300_000;

/** As much of a text as a model reads. */
export interface Beginning {
  readonly text: string;
  /** Length in UTF-8. */
  readonly bytes: number;
  readonly truncated: boolean;
}

/** Cuts a text at 8,191 bytes, between two characters. */
export function beginning(text: string): Beginning {
  const { read, written } = new TextEncoder().encodeInto(text, new Uint8Array(MAX_TEXT_BYTES));

  return { text: text.slice(0, read), bytes: written, truncated: read < text.length };
}

/** The texts in their order, in as few requests as the server takes. */
export function batches(texts: readonly Beginning[]): Beginning[][] {
  const all: Beginning[][] = [];
  let room = 0;
  for (const text of texts) {
    const last = all.at(-1);
    room -= text.bytes;
    if (last && last.length < MAX_INPUTS && room >= 0) {
      last.push(text);
    } else {
      all.push([text]);
      room = MAX_BATCH_BYTES - text.bytes;
    }
  }

  return all;
}
