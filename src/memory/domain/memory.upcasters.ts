import type { Upcaster } from '#kernel';

/** `context.suggested` 1 to 2: the first contexts knew no patterns, and did not say so. */
export const withPatterns: Upcaster = ({ data, ...rest }) => ({
  ...rest,
  data: { patterns: [], learner_version: null, ...data },
});

/** `context.suggested` 2 to 3: why each was served was not told yet. */
export const withRules: Upcaster = ({ data, ...rest }) => ({
  ...rest,
  data: {
    threshold: null,
    top_k: null,
    reason: null,
    ...data,
    patterns: (data.patterns as readonly object[]).map((pattern) => ({
      served_as: null,
      rule: null,
      ...pattern,
    })),
  },
});
