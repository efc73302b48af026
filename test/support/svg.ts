/** An element of a picture. */
export interface Drawn {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text in it, unescaped, without that of the elements in it. */
  readonly text: string;
  readonly children: readonly Drawn[];
}

type Open = Drawn & { text: string; readonly children: Drawn[] };

const NAME = '[A-Za-z][\\w:-]*';
const ATTRIBUTES = `(?:\\s+${NAME}="[^"<]*")*`;
const TOKEN = new RegExp(`<(${NAME})(${ATTRIBUTES})>|</(${NAME})>|[^<>]+`, 'gy');
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
};
/** All characters of XML 1.0. */
const ALLOWED = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

/**
 * Reads a document of the kind that is drawn here: elements with quoted attributes and text.
 * @throws Error when it is anything else, such as not well-formed
 */
export function readSvg(document: string): Drawn {
  if (!ALLOWED.test(document)) throw new Error('It has characters that XML does not allow.');
  const top: Open = { name: '', attributes: {}, text: '', children: [] };
  const open = [top];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(document);
    if (!found) throw new Error(`It is not well-formed at ${document.slice(at, at + 40)}`);
    read(found, open);
  }
  const [root, ...others] = top.children;
  if (open.length > 1 || !root || others.length > 0 || top.text.trim() !== '') {
    throw new Error('It is not one element.');
  }

  return root;
}

function read([token, begun, attributes, ended]: RegExpExecArray, open: Open[]): void {
  const inner = open.at(-1);
  if (ended !== undefined) {
    if (inner?.name !== ended) throw new Error(`${token} ends ${String(inner?.name)}`);
    open.pop();
  } else if (begun === undefined) {
    if (inner) inner.text += unescaped(token);
  } else {
    const element = { name: begun, attributes: attributesIn(attributes), text: '', children: [] };
    inner?.children.push(element);
    open.push(element);
  }
}

function attributesIn(said = ''): Record<string, string> {
  const found = [...said.matchAll(/([\w:-]+)="([^"]*)"/g)];
  const attributes = found.map(([, name = '', value = '']) => [name, unescaped(value)] as const);
  const known = Object.fromEntries(attributes);
  if (Object.keys(known).length < found.length) throw new Error(`Said twice in ${said}`);

  return known;
}

function unescaped(text: string): string {
  return text.replaceAll(/&[^&;]*;?/g, (entity) => {
    const meant = ENTITIES[entity];
    if (meant === undefined) throw new Error(`${entity} is not known`);
    return meant;
  });
}

/** An element and all in it, in the order of the document. */
export const allIn = (element: Drawn): Drawn[] => [element, ...element.children.flatMap(allIn)];

/** The text of every element of a name. */
export const textsIn = (svg: Drawn, name: string): string[] =>
  allIn(svg)
    .filter((element) => element.name === name)
    .map(({ text }) => text);

/** The points of the paths of a class. */
export const pathsIn = (svg: Drawn, kind: string): (readonly [x: number, y: number])[][] =>
  allIn(svg)
    .filter(({ name, attributes }) => name === 'path' && attributes.class === kind)
    .map(({ attributes: { d = '' } }) =>
      [...d.matchAll(/([-\d.]+),([-\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
    );
