import { HashingEmbedder } from '#embedding';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface EmbeddingRequest {
  readonly input: string[];
  readonly model: string;
  readonly dimensions?: number;
  readonly encoding_format: string;
}

export type Reply = (response: ServerResponse, request: EmbeddingRequest) => void | Promise<void>;

/** A small server that speaks the embeddings API; `replies` come first, then true answers. */
export class OpenAiServer {
  readonly asked: EmbeddingRequest[] = [];
  /** When each request came, in milliseconds. */
  readonly times: number[] = [];
  readonly replies: Reply[] = [];
  /** Whose key is not good for which model. */
  refused = { key: '', model: '' };
  /** How long a true answer takes, in milliseconds. */
  pauseMs = 0;
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });

    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/v1`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.times.push(performance.now());
    const asked = JSON.parse(await text(request)) as EmbeddingRequest;
    const { key, model } = this.refused;
    if (asked.model === model && request.headers.authorization === `Bearer ${key}`) {
      send(response, 401, {});
      return;
    }
    this.asked.push(asked);
    const reply = this.replies.shift();
    if (!reply) await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
    await (reply ?? answers)(response, asked);
  }
}

/**
 * True embeddings in the wrong order, as the API allows. A model whose name begins with `turned` has a
 * space of its own: the same texts lie elsewhere there. A word is a token.
 */
export const answers: Reply = async (response, { input, model, dimensions = 64 }) => {
  const embeddings = await new HashingEmbedder().embed(input);
  const data = embeddings.map(({ vector }, index) => ({
    object: 'embedding',
    index,
    embedding: Array.from(
      { length: dimensions },
      (_, at) => 3 * (vector[model.startsWith('turned') ? 63 - at : at] ?? 0),
    ),
  }));
  const tokens = input.join(' ').split(' ').length;
  send(response, 200, {
    object: 'list',
    data: data.reverse(),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
};

export const says =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (response) => {
    send(response, status, body, headers);
  };

export const breaksOff: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
  response.write('{"object":"list","data":[', () => response.destroy());
};

export const hangs: Reply = () => undefined;

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
