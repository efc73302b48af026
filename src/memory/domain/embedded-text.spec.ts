import { describe, expect, it } from '@jest/globals';
import { embeddedText } from './embedded-text.js';

describe('What is embedded of an execution', () => {
  it.each([null, '', '  \n'])('is its summary alone when its task says %j', (description) => {
    expect(embeddedText(description, 'Mended it')).toBe('Mended it');
  });

  it('is the description of its task, and its summary on the next line', () => {
    expect(embeddedText('Mend the login', 'Mended it')).toBe('Mend the login\nMended it');
  });

  it('has 400 characters of a description, and all of a summary', () => {
    const text = embeddedText('d'.repeat(401), 's'.repeat(5_000));

    expect(text).toBe(`${'d'.repeat(400)}\n${'s'.repeat(5_000)}`);
  });

  it('holds no half of a character where a description is cut', () => {
    const text = embeddedText(`${'d'.repeat(399)}😀`, 'Mended it');

    expect(text.isWellFormed()).toBe(true);
    expect(text.startsWith('d'.repeat(399))).toBe(true);
  });
});
