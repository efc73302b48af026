// A child process with the model in it: a text comes in, its embedding goes out. Plain JavaScript,
// because Node runs this very file from the sources and from the build. Any error ends it: whoever
// forked it reads the reason on stderr and starts another.
import { resolve } from 'node:path';
import process from 'node:process';
import { AutoModel, AutoTokenizer, env, LogLevel, mean_pooling } from '@xenova/transformers';

const [given, limit] = process.argv.slice(2);
// An absolute path is never taken for the name of a model in some repository.
const folder = resolve(given);
const maxTokens = Number(limit);

// A Ctrl-C reaches the whole process group; when this process ends is its parent's decision.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit());

env.logLevel = LogLevel.ERROR;
env.allowRemoteModels = false;
env.useFSCache = false;

const loading = Promise.all([
  AutoTokenizer.from_pretrained(folder),
  AutoModel.from_pretrained(folder, {
    dtype: 'q8',
    device: 'cpu',
    // One thread that sleeps when idle: the default doubles the CPU for no gain.
    session_options: {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    },
  }),
]);

/** @param {string} text */
async function embed(text) {
  const [tokenize, model] = await loading;
  const cut = (max) => tokenize(text, { truncation: true, max_length: max });
  const whole = cut(maxTokens + 1);
  const truncated = whole.input_ids.dims[1] > maxTokens;
  const inputs = truncated ? cut(maxTokens) : whole;

  const { last_hidden_state: states } = await model(inputs);
  const { data } = mean_pooling(states, inputs.attention_mask).normalize(2, -1);

  return { vector: data, truncated };
}

process.on('message', async (text) => {
  process.send(await embed(text));
});
