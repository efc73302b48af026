/** In UTF-16 code units: what an error is stands at its beginning, and the work stays bounded. */
const LOOKED_AT = 2_000;

const WORDS = 5;

/** In Unicode code points. */
const LONGEST = 200;

/**
 * One slot for all that varies: a name is the same variable part in quotes, as a path or as a number,
 * and a slot without brackets or quotes of its own can be masked again without harm.
 */
const SLOT = '#';

/** What stood in quotes or brackets is a word of its own, whatever it was glued to. */
const APART = ` ${SLOT} `;

type Errors = Readonly<Record<string, unknown>> | null | undefined;
type Rule = readonly [found: RegExp, instead: string];

/**
 * What kind of error this is: the first five words of its text once all that varies is masked, as
 * log-template miners do (Drain; He et al., ICWS 2017). At most 200 code points; null without a text.
 */
export function signatureOf(errors: Errors): string | null {
  const text = textOf(errors).slice(0, LOOKED_AT);
  const template = masked(text);
  const telling = template === SLOT && text.includes('{') ? masked(unwrapped(text)) : template;
  const words = telling.split(' ').slice(0, WORDS).join(' ');

  return Array.from(words).slice(0, LONGEST).join('').trim() || null;
}

function textOf(errors: Errors): string {
  const { error_type, message, error, ...others } = errors ?? {};
  const said = [error_type, isSaying(message) ? message : error].filter(isSaying);
  if (said.length > 0) return said.join(' ');

  // A stored object does not keep the order of its keys.
  return Object.keys(others)
    .sort()
    .map((key) => others[key])
    .filter(isSaying)
    .join(' ');
}

const isSaying = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '';

/** A text that is one JSON object is a slot as a whole and says nothing; its words do. */
const unwrapped = (text: string): string => text.replace(/["'`{}[\],]|:(?!\/\/)/g, ' ');

/** The text with its variable parts as slots and without punctuation around its words; idempotent. */
export function masked(text: string): string {
  return settled(text, (before) => wordsOf(numbered(placed(enclosed(headless(before))))).join(' '));
}

/** Again until nothing changes. It ends, because no rule brings back what another one took. */
function settled(text: string, change: (text: string) => string): string {
  const changed = change(text);

  return changed === text ? text : settled(changed, change);
}

const applied = (rules: readonly Rule[], text: string): string =>
  rules.reduce((before, [found, instead]) => before.replace(found, instead), text);

/** What stands before an error says where, when and how loud, and not what. */
const headless = (text: string): string => applied(HEADS, text);

const HEADS: readonly Rule[] = [
  // The colours of a terminal.
  [/(?!\s)\p{Cc}\[[\d;]{0,20}[mK]/gu, ''],
  // The frames of Python, when the error itself follows them.
  [/Traceback \(most recent call last\):[^]*?\n(?=\S)/g, ''],
  // The line of code with which Node begins.
  [/^\S+:\d+\n.*\n[ \t]*\^+\s+(?=\S)/, ''],
  // Time and level of a log.
  [/^[\s[(]*\d{4}[-/]\d\d[-/]\d\d[T\s]\d\d:\d\d[\d:.,]*(?:Z|[+-][\d:]{2,5})?[\s\])|:-]*(?=\S)/, ''],
  [
    /^[\s[(]*(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|SEVERE)[\])|:]*\s[\s|:-]*(?=\S)/,
    '',
  ],
];

/** Quotes before brackets, because a quoted bracket has no partner. */
const enclosed = (text: string): string =>
  applied(STRAYS, unbracketed(applied(CALLED, applied(QUOTED, text))));

/**
 * An apostrophe between letters is no quote. A quote ends before the next one of its kind begins: so
 * each character is looked at once, however many are never closed.
 */
const QUOTED: readonly Rule[] = [
  [/(?<!\\)"(?:[^"\\\n]|\\.)*"/g, APART],
  [/`(?:[^`'\n]|(?<=\p{L})'(?=\p{L}))*[`']/gu, APART],
  // Strings of Python say in front of them what they are.
  [/(?<![\p{L}\p{N}_])[bruf]{1,2}(?=')/giu, ''],
  [/(?<![\p{L}\p{N}_'\\])'(?:[^'\\\n]|\\.|(?<=\p{L})'(?=\p{L}))*'(?![\p{L}\p{N}])/gu, APART],
  [/‘(?:[^‘’\n]|(?<=\p{L})’(?=\p{L}))*’|“[^“”\n]*”|„[^„“”\n]*[“”]|«[^«»\n]*»/gu, APART],
];

/** Round brackets that belong to a name, and angle ones that are none. */
const CALLED: readonly Rule[] = [
  // A place in a file, as in a.ts(12,3), and a function without arguments.
  [/(?<=\.[a-z]{1,5})\(\d[\d,]{0,20}\)/gi, ' '],
  [/(?<![\w$.])[a-z_$][\w$.]{0,100}\(\)/gi, APART],
  // Arrows and comparisons.
  [/[-=]>|>=|<(?![\p{L}_/!?])/gu, ' '],
];

const PARTNERS: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['<', '>'],
]);

/** Brackets with all that is in them as one slot; one that is never closed encloses nothing. */
function unbracketed(text: string): string {
  const outside: string[] = [];
  let awaited = '';
  let here = '';
  for (const [part] of text.matchAll(BRACKET_OR_TEXT)) {
    const closing = PARTNERS.get(part);
    const opened = awaited.lastIndexOf(part);
    if (closing !== undefined) {
      outside.push(here);
      awaited += closing;
      here = '';
    } else if (opened >= 0) {
      here = (outside[opened] ?? '') + APART;
      outside.length = opened;
      awaited = awaited.slice(0, opened);
    } else here += part;
  }

  return [...outside, here].join(' ');
}

const BRACKET_OR_TEXT = /[()[\]{}<>]|[^()[\]{}<>]+/g;

/** A quote or bracket without its partner would find one when the text is masked again. */
const STRAYS: readonly Rule[] = [[/[()[\]{}<>"`“”„«»‘]|(?<!\p{L})['’]|['’](?!\p{L})/gu, ' ']];

/** Files, packages and hosts are told by their shape; what is glued to them by = , ; or | stays. */
const placed = (text: string): string =>
  text
    .replace(/(?<![a-z\d])[a-z][a-z\d+.-]{1,20}:\/\/\S*/gi, APART)
    .replace(/(?<=\w\w):(?=[/~])/g, ': ')
    .replace(/[^\s=,;|]+/g, (part) => (PLACES.some((place) => place.test(part)) ? APART : part));

const PLACES: readonly RegExp[] = [
  /^(?:~|\.{1,2}|[a-z]:)[/\\]|^\/[^/*]|^\\\\\w/i,
  /^[^/\\]+[/\\][^/\\]+[/\\]/,
  /^[^/\\]*[/\\][^/\\]*(?:\.[a-z]\w{0,5}\W*$|:\d)/i,
  /^@[\w.-]+\//,
  /\w\.[a-z]{1,6}:\d/i,
  /\w\.(?:c|cc|cpp|css|csv|go|h|hpp|html|java|json|lock|log|md|php|py|rb|rs|sh|sql|toml|txt|xml|ya?ml|[cm]?[jt]sx?)(?::\d[\d:]*)?\W*$/i,
  /^[\w.@+-]*\.(?:ai|app|cloud|com|dev|example|internal|invalid|io|local|net|org)(?::\d+)?\W*$/,
];

const numbered = (text: string): string => applied(NUMBERS, text);

const NUMBERS: readonly Rule[] = [
  [/0x[\da-f]+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi, SLOT],
  [/(?<![a-z\d])(?=[a-f]*\d)[\da-f]{7,}(?![a-z\d])/gi, SLOT],
  // An id that is no hex: letters and digits by turns.
  [/(?<![a-z\d])(?=[a-z]*\d+[a-z]+\d)[a-z\d]{10,}/gi, SLOT],
  [/\d(?:[\d.,:/-]*\d)?/g, SLOT],
  [/#[#.,:/-]*#/g, SLOT],
];

/** What is said twice in a row, as by `error_type` and `message`, is said once. */
function wordsOf(text: string): string[] {
  const words = text.split(BLANKS).map((word) => word.replace(PUNCTUATION, ''));

  return words.filter((word) => word !== '').filter((word, at, all) => word !== all[at - 1]);
}

/** Half a character, which a cut may leave, is as good as a blank. */
const BLANKS = /[\s\p{Cc}\p{Cs}]+/u;

const PUNCTUATION = /^[^\p{L}\p{M}\p{N}_#]+|(?<=[\p{L}\p{M}\p{N}_#])[^\p{L}\p{M}\p{N}_#]+$/gu;
