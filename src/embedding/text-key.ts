import { sha256 } from '#kernel';

/** What a text is remembered under: sha256 of its NFC form, hex. One key, one embedding. */
export function textKey(text: string): string {
  return sha256(text.normalize('NFC'));
}
