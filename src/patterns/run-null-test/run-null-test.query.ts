import type { Caller } from '#kernel';
import { Query } from '@nestjs/cqrs';
import type { NullTestRequest, NullTestResponse } from './null-test.request.js';

/** What chance alone would make of the log of the caller's namespace. */
export class RunNullTest extends Query<NullTestResponse> {
  constructor(
    readonly caller: Caller,
    readonly asked: NullTestRequest,
  ) {
    super();
  }
}
