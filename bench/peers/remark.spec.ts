import { describe, expect, it } from '@jest/globals';
import { remarkOf, type System } from './remark.js';

const system = (figures: System['figures'], failed: string[] = []): System => ({
  name: 'somebody',
  figures,
  failed,
});
const OURS = [
  system({ 'lessons ndcg@10': 0.79, 'abstain accuracy': 0.86 }),
  system({ 'lessons ndcg@10': 0.75, 'abstain accuracy': 0.74 }),
  system({ 'lessons ndcg@10': 0.83, 'abstain accuracy': 0.85 }),
];

describe('What is said of a peer', () => {
  it('is nothing where it is not better', () => {
    expect(remarkOf(system({ 'lessons ndcg@10': 0.83, 'abstain accuracy': 0.8 }), OURS)).toBe('');
  });

  it('names where it is better, and than what', () => {
    expect(remarkOf(system({ 'lessons ndcg@10': 0.84, 'abstain accuracy': 0.855 }), OURS)).toBe(
      'better than every mode of ours at lessons ndcg@10, by 0.0100; ' +
        'better than our hybrid at abstain accuracy, by 0.0050',
    );
  });

  it('gives the reason of a figure that is missing', () => {
    expect(remarkOf(system({}, ['lessons ndcg@10: it is not installed']), OURS)).toBe(
      'no lessons ndcg@10: it is not installed',
    );
  });
});
