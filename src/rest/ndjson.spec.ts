import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NdJson, UNREADABLE_LINE } from './ndjson.js';

const lines = (text: string): unknown[] => new NdJson(text).lines(1_000);

describe('Newline-delimited JSON', () => {
  it('is read line by line', () => {
    expect(lines('{"a":1}\n[2]\n"three"\n4\nnull')).toEqual([{ a: 1 }, [2], 'three', 4, null]);
  });

  it('has no blank lines, and may end its lines as Windows does', () => {
    expect(lines('\n{"a":1}\r\n\r\n  \n{"b":2}\r\n')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(lines('')).toEqual([]);
    expect(lines(' \n\n')).toEqual([]);
  });

  it('loses only the line that is not JSON', () => {
    expect(lines('{"a":1}\n{"a":\n{"b":2}{"c":3}\nundefined\n{"d":4}')).toEqual([
      { a: 1 },
      UNREADABLE_LINE,
      UNREADABLE_LINE,
      UNREADABLE_LINE,
      { d: 4 },
    ]);
  });

  it('gives back what was written, however many', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const text = values.map((value) => JSON.stringify(value)).join('\n');

        expect(lines(text)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });
});
