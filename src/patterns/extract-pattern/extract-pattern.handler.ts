import { EventStore, executeOn } from '#event-store';
import { Clock, type Caller } from '#kernel';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { posterior } from '../domain/confidence.js';
import { nameOf, type ExtractedKey } from '../domain/key.js';
import { patternIdOf } from '../domain/pattern-id.js';
import { badRegex, insufficientSamples, tooManyExtracted } from '../domain/pattern.errors.js';
import { pattern } from '../domain/pattern.js';
import { CaughtUp } from '../learn/caught-up.js';
import { SampleReader, type Sample } from '../read-model/sample.reader.js';
import { refusalOf } from '../regex.js';
import { ExtractPattern } from './extract-pattern.command.js';
import type { ExtractPatternResponse } from './extract-pattern.request.js';

/** Each is searched in every execution that is stored, so there is an end to them. */
const MOST_EXTRACTED = 50;

@CommandHandler(ExtractPattern)
export class ExtractPatternHandler implements ICommandHandler<ExtractPattern> {
  constructor(
    private readonly store: EventStore,
    private readonly caughtUp: CaughtUp,
    private readonly samples: SampleReader,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, asked }: ExtractPattern): Promise<Answer<ExtractPatternResponse>> {
    const earlier = caller.key ? await this.store.recall(caller.namespace, [caller.key]) : null;
    if (earlier !== null) return { body: asExtracted(earlier as Extracted), repeated: true };
    const refusal = refusalOf(asked.task_type_pattern);
    if (refusal !== null) throw badRegex(refusal);
    await this.caughtUp.now();
    const key: ExtractedKey = ['extracted', asked.pattern_type, asked.task_type_pattern];
    const sample = await this.samples.sample(caller.namespace, key);
    if (asked.dry_run) return { body: dryRun(sample), repeated: true };

    return this.extract(caller, key, sample, asked.min_samples);
  }

  private async extract(
    caller: Caller,
    key: ExtractedKey,
    sample: Sample,
    minSamples: number,
  ): Promise<Answer<ExtractPatternResponse>> {
    const { rate, extracted } = await this.samples.standing(caller.namespace);
    const isKnown = extracted.some((known) => nameOf(known) === nameOf(key));
    if (!isKnown && sample.tasks < minSamples) throw insufficientSamples(minSamples);
    if (!isKnown && extracted.length >= MOST_EXTRACTED) throw tooManyExtracted(MOST_EXTRACTED);
    const [, side, regex] = key;
    const id = patternIdOf(caller.namespace, side, key);
    const success = posterior(sample.successes, sample.count, rate);
    const result = { pattern_id: id, confidence: side === 'success' ? success : 1 - success };
    const at = this.clock.now().toISOString();
    const {
      result: first,
      repeated,
      position,
    } = await executeOn(this.store, { caller, stream: `pattern-${id}`, result }, pattern, {
      do: 'extract',
      id,
      at,
      side,
      regex,
      minSamples,
    });
    await this.caughtUp.until(position);

    return { body: asExtracted(first), repeated };
  }
}

/** What is remembered of an extraction. */
interface Extracted extends Readonly<Record<string, unknown>> {
  readonly pattern_id: string;
  readonly confidence: number;
}

const asExtracted = ({ pattern_id, confidence }: Extracted): ExtractPatternResponse => ({
  pattern_id,
  confidence,
  status: 'extracted',
});

const dryRun = ({ members, count, tasks }: Sample): ExtractPatternResponse => ({
  members: members.map(({ memoryId, task, success }) => ({
    memory_id: memoryId,
    task_id: task,
    success,
  })),
  count,
  distinct_tasks: tasks,
});
