import type { Upcaster } from '#kernel';

/** `context.suggested` 1 to 2: the first contexts knew no patterns, and did not say so. */
export const withPatterns: Upcaster = ({ data, ...rest }) => ({
  ...rest,
  data: { patterns: [], learner_version: null, ...data },
});
