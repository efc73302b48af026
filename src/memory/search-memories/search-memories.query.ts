import type { Caller } from '#kernel';
import { Query } from '@nestjs/cqrs';
import type { SearchMemoriesRequest } from './search-memories.request.js';
import type { SearchMemoriesResponse } from './search-memories.response.js';

/** The best memories first, one a task. @throws DomainError `embedding.*` when no model answers */
export class SearchMemories extends Query<SearchMemoriesResponse> {
  constructor(
    readonly caller: Caller,
    readonly asked: SearchMemoriesRequest,
    /** Comes when nobody waits for the answer any more. */
    readonly signal?: AbortSignal,
  ) {
    super();
  }
}
