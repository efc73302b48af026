import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSvg } from '../../test/support/svg.js';
import { element } from './xml.js';

describe('A piece of XML', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['" onload="alert(1)', '&quot; onload=&quot;alert(1)'],
    ["it's & was", "it's &amp; was"],
    ['&lt;', '&amp;lt;'],
    [']]>', ']]&gt;'],
    ['a\u0000b\u001Bc\uFFFFd', 'a\uFFFDb\uFFFDc\uFFFDd'],
    ['\uD800 alone, 😀 not', '\uFFFD alone, 😀 not'],
  ])('has %j escaped, in an element and in an attribute', (text, escaped) => {
    expect(element('a', { b: text }, text).xml).toBe(`<a b="${escaped}">${escaped}</a>`);
  });

  it('says again what was said, whatever that was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (plain, any) => {
        const { xml } = element('a', { plain }, plain, element('b', { any }, any));
        const read = readSvg(xml);
        expect([read.text, read.attributes.plain]).toEqual([plain, plain]);
        expect(read.children[0]?.text).toBe(read.children[0]?.attributes.any);
      }),
    );
  });

  it.each([
    [1 / 3, '0.33'],
    [-0.001, '0'],
    [12, '12'],
  ])('rounds %d to hundredths', (value, said) => {
    expect(element('a', { b: value }).xml).toBe(`<a b="${said}"></a>`);
  });
});
