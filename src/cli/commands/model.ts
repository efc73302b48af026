import { mustBePullable, pullModel, type Pull, type Pulling } from '#embedding';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import type { Alone } from '../act.js';
import { watch, type Progress } from '../progress-bar.js';

/** Where most models are that anybody may use. */
const HUB = 'https://huggingface.co';

interface Asked {
  readonly revision: string;
  readonly to?: string;
  readonly hub: string;
}

/** `omoi model …` */
export function model(program: Command, alone: Alone): void {
  const group = program.command('model').description('models that run in the service itself');
  group
    .command('pull')
    .argument('<id>', 'owner/name; it needs onnx/model_quantized.onnx, 8-bit weights')
    .description('fetch a model into a folder, from the network')
    .option('--revision <revision>', 'a branch, a tag or a commit', 'main')
    .option('--to <folder>', 'a new one; models/<name> when left out')
    .option('--hub <address>', 'from where', HUB)
    .action(
      alone(async (printer, id: string, { revision, to, hub }: Asked) => {
        const folder = to ?? join('models', basename(id));
        const pull = { id, revision, folder, hub };
        // No bar for what never begins.
        await mustBePullable(pull);
        const model_key = await withProgress(pull);
        printer.say(
          `${model_key} is in ${folder}. To use it: omoi embeddings migrate ${folder} --provider local`,
          { model_key, folder },
        );

        return true;
      }),
    );
}

async function withProgress(pull: Pull): Promise<string> {
  const pulling: Pulling = { received: 0, total: 0 };
  let isOver = false;
  const pulled = pullModel(pull, pulling).finally(() => {
    isOver = true;
  });
  const look = (): Promise<Pulling> => Promise.resolve(pulling);
  const began = performance.now();
  const progressOf = ({ received, total }: Pulling): Progress => ({
    what: pull.id,
    done: received,
    total,
    speed: Math.round((1_000 * received) / (performance.now() - began)),
    left: isOver ? 'over' : 'fetching',
    isOver,
  });
  // The bar ends first, whatever becomes of it: it gives the terminal its cursor back.
  await Promise.allSettled([pulled, watch(look, progressOf, 'bytes')]);

  return pulled;
}
