import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pullModel, type Pull } from '../../../src/embedding/index.js';

const COMMIT = 'a'.repeat(40);
const BUNDLED = 'models/all-MiniLM-L6-v2';

/** A hub with one model, which is the bundled one; `broken` files break off. */
describe('Pulling a model', () => {
  let hub: Server;
  let folder: string;
  let pull: Pull;
  let broken = '';
  let missing = '';

  beforeEach(async () => {
    [broken, missing] = ['', ''];
    hub = createServer((request, response) => {
      const url = String(request.url);
      if (url === '/api/models/some/model/revision/main') {
        response.end(JSON.stringify({ sha: COMMIT, private: false }));
        return;
      }
      const [, file] = new RegExp(`^/some/model/resolve/${COMMIT}/(.*)$`).exec(url) ?? [];
      if (file === undefined || file === missing) {
        response.writeHead(404).end();
        return;
      }
      if (file === broken) {
        response.writeHead(200, { 'content-length': '5000' });
        response.write('{', () => response.destroy());
        return;
      }
      createReadStream(join(BUNDLED, file)).pipe(response);
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    folder = await mkdtemp(join(tmpdir(), 'omoi-pull-'));
    pull = {
      id: 'some/model',
      revision: 'main',
      folder: join(folder, 'model'),
      hub: `http://127.0.0.1:${String((hub.address() as AddressInfo).port)}`,
    };
  });
  afterEach(async () => {
    hub.closeAllConnections();
    await new Promise((resolve) => hub.close(resolve));
    await rm(folder, { recursive: true });
  });
  const begin = (): { received: number; total: number } => ({ received: 0, total: 0 });

  it('fetches the files of one commit, and says which that was', async () => {
    const pulling = begin();
    const key = await pullModel(pull, pulling);

    expect(key).toMatch(/^model@[0-9a-f]{12}\/q8\/mean\/256$/);
    expect(pulling.received).toBeGreaterThan(20_000_000);
    expect(await readdir(folder)).toEqual(['model']);
    expect((await readdir(pull.folder)).toSorted()).toEqual([
      'config.json',
      'onnx',
      'source.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const source = await readFile(join(pull.folder, 'source.json'), 'utf8');
    expect(JSON.parse(source)).toEqual({ id: 'some/model', revision: COMMIT });
  });

  it('leaves alone what is there', async () => {
    await pullModel(pull, begin());
    await expect(pullModel(pull, begin())).rejects.toThrow(`something in ${pull.folder} already`);
  });

  it('leaves nothing of what broke off', async () => {
    broken = 'tokenizer.json';
    await expect(pullModel(pull, begin())).rejects.toThrow('tokenizer.json broke off');
    expect(await readdir(folder)).toEqual([]);
  });

  it('says which file a model does not have', async () => {
    missing = 'onnx/model_quantized.onnx';
    await expect(pullModel(pull, begin())).rejects.toThrow(/model_quantized\.onnx answered 404/);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['no owner', { id: 'model' }, 'say owner/name'],
    ['a way out of the folder', { id: '../model' }, 'say owner/name'],
    ['a revision with a slash', { revision: 'a/../b' }, 'is no revision'],
    ['a revision nobody knows', { revision: 'later' }, 'answered 404'],
    ['a hub that is not there', { hub: 'http://127.0.0.1:9' }, 'cannot be reached'],
  ])('is refused for %s', async (_what, wrong, says) => {
    await expect(pullModel({ ...pull, ...wrong }, begin())).rejects.toThrow(says);
    expect(await readdir(folder)).toEqual([]);
  });
});
