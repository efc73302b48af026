/** The name of the learner's projection. */
export const LEARNER = 'learner';

/** Past every position: up to here is everything there is. */
export const NOW = 2n ** 63n - 1n;
