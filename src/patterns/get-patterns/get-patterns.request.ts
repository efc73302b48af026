import { label } from '#kernel';
import { pageQuery, queryDecimal } from '#rest';
import { z } from 'zod';
import { patternStatus, patternType } from '../read-model/pattern.response.js';

const USUAL = 10;
const MOST = 50;

export const listPatternsQuery = z.strictObject({
  ...pageQuery(MOST, USUAL),
  task_type: label()
    .optional()
    .meta({ description: 'A type: patterns whose regex matches it.', example: 'implement_api' }),
  pattern_type: patternType.optional(),
  status: patternStatus
    .optional()
    .meta({ description: 'Candidates and active ones when left out.' }),
  min_confidence: queryDecimal(0, 1).default(0),
});
export type ListPatternsQuery = z.output<typeof listPatternsQuery>;

export const behindPatternQuery = z.strictObject(pageQuery());
export type BehindPatternQuery = z.output<typeof behindPatternQuery>;
