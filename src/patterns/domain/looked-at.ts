/** The newest of each outcome that are looked at. */
export const MOST_LOOKED_AT = 200;

interface Ended {
  readonly success: boolean;
}

/** One that is looked at. */
export type LookedAt<One extends Ended> = One & {
  /** How many executions of its outcome there are for each that is looked at: 1 where all are. */
  readonly standsFor: number;
};

/** Of some executions, newest first, those of each outcome that are looked at. */
export function newestOfEach<One extends Ended>(newest: readonly One[]): LookedAt<One>[] {
  return [true, false].flatMap((outcome) => {
    const all = newest.filter(({ success }) => success === outcome);
    const some = all.slice(0, MOST_LOOKED_AT);

    return some.map((one) => ({ ...one, standsFor: all.length / some.length }));
  });
}
