import type { Reply } from '../embedding/openai-server.js';

/** An answer that is held back until it is let go. */
export class HeldReply {
  letGo: () => void = () => undefined;
  private isAsked: () => void = () => undefined;
  /** Resolves when the server was asked. */
  readonly asked = new Promise<void>((resolve) => {
    this.isAsked = resolve;
  });
  private readonly free = new Promise<void>((resolve) => {
    this.letGo = resolve;
  });

  constructor(private readonly answer: Reply) {}

  readonly reply: Reply = async (response, request) => {
    this.isAsked();
    await this.free;
    await this.answer(response, request);
  };
}
