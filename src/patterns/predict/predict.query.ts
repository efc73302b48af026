import type { Caller } from '#kernel';
import { Query } from '@nestjs/cqrs';
import type { PredictRequest, PredictResponse } from './predict.request.js';

/** How likely the next execution of such a task succeeds. */
export class Predict extends Query<PredictResponse> {
  constructor(
    readonly caller: Caller,
    readonly asked: PredictRequest,
  ) {
    super();
  }
}
