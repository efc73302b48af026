import { Followers, type Policy } from '#event-store';
import type { ContextWasSuggested } from '#memory';
import { Injectable } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import { PatternMatched } from '../notifications.js';

/** Tells sibling modules which patterns a context served. */
@Injectable()
export class TellMatches implements Policy<ContextWasSuggested> {
  readonly name = 'tell-matches';

  readonly on: Policy<ContextWasSuggested>['on'] = {
    'context.suggested': ({ namespace, data: { patterns, suggestion_id, task_id } }) => {
      for (const { pattern_id, confidence } of patterns) {
        const told = { pattern_id, suggestion_id, task_id, confidence };
        this.events.publish(new PatternMatched(namespace, told));
      }
      return Promise.resolve();
    },
  };

  constructor(
    private readonly events: EventBus,
    followers: Followers,
  ) {
    followers.react<ContextWasSuggested>(this);
  }
}
