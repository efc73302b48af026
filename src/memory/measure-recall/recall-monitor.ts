import { Settings } from '#config';
import { Injectable, Logger } from '@nestjs/common';
import type { SearchMode } from '../read-model/search-plan.js';
import type { Found } from '../read-model/search.reader.js';
import type { RecallResponse } from './recall.response.js';

type Hits = Pick<Found, 'hits'>;

/**
 * How much of what an exact search finds is found through indexes: one of so many searches is asked
 * again, looking at every row, behind the answer and one at a time.
 */
@Injectable()
export class RecallMonitor {
  private readonly logger = new Logger(RecallMonitor.name);
  private readonly oneIn: number;
  private searches = 0;
  private isLooking = false;
  private readonly sums = new Map<SearchMode, { searches: number; recall: number }>();

  constructor(settings: Settings) {
    this.oneIn = settings.recallSample;
  }

  /** Notes a search that went through an index; `exactly` asks the same, exactly. */
  note(found: Pick<Found, 'hits' | 'plan'>, exactly: () => Promise<Hits>): void {
    const { mode, semantic, keyword } = found.plan;
    if (this.oneIn === 0 || (semantic !== 'index' && keyword !== 'index')) return;
    this.searches += 1;
    if (this.searches % this.oneIn > 0 || this.isLooking) return;
    this.isLooking = true;
    void this.compare(mode, found, exactly).finally(() => {
      this.isLooking = false;
    });
  }

  figures(): RecallResponse {
    const modes = [...this.sums].map(([mode, { searches, recall }]) => ({
      mode,
      searches,
      recall: recall / searches,
    }));

    return { sampled_one_in: this.oneIn === 0 ? null : this.oneIn, modes };
  }

  private async compare(
    mode: SearchMode,
    { hits }: Hits,
    exactly: () => Promise<Hits>,
  ): Promise<void> {
    try {
      const { hits: wanted } = await exactly();
      const { searches, recall } = this.sums.get(mode) ?? { searches: 0, recall: 0 };
      const sum = recall + recallOf(hits, wanted);
      this.sums.set(mode, { searches: searches + 1, recall: sum });
    } catch (error) {
      this.logger.warn(`A search was not compared: ${(error as Error).message}`);
    }
  }
}

/** The share of `wanted` that was found, 0..1; 1 when nothing was wanted. */
function recallOf(found: Found['hits'], wanted: Found['hits']): number {
  if (wanted.length === 0) return 1;
  const ids = new Set(found.map(({ memory_id }) => memory_id));

  return wanted.filter(({ memory_id }) => ids.has(memory_id)).length / wanted.length;
}
