import { Injectable } from '@nestjs/common';

/** How long the relay waits for what, in ms, and how often it tries. */
@Injectable()
export class RelayPace {
  /** A stream on which nothing else was sent says so often that it is alive. */
  readonly heartbeat: number = 15_000;
  /** A reader who takes nothing for so long is gone. */
  readonly patience: number = 60_000;
  /** How long a receiver of webhooks may take to answer. */
  readonly timeout: number = 10_000;
  /** How often one notification is sent before it becomes a dead letter. */
  readonly attempts: number = 9;
  /** Before the second attempt; it doubles before each further one, to about two minutes. */
  readonly firstRetry: number = 1_000;
}
