/** A piece of XML; what was text in it is escaped. */
export interface Xml {
  readonly xml: string;
}

/** Numbers are rounded to hundredths. */
type Attributes = Readonly<Record<string, string | number>>;

/** An element; strings among its content are text. */
export function element(
  name: string,
  attributes: Attributes,
  ...content: readonly (string | Xml)[]
): Xml {
  const said = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`,
  );
  const inside = content.map((part) => (typeof part === 'string' ? escaped(part) : part.xml));

  return { xml: `<${name}${said.join('')}>${inside.join('')}</${name}>` };
}

export const rounded = (value: number): string => String(Math.round(value * 100) / 100);

/** What XML 1.0 allows in no form, not even escaped: controls, lone surrogates, two noncharacters. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const escaped = (text: string): string =>
  text
    .replaceAll(FORBIDDEN, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
