import type { Caller } from '#kernel';
import { Query } from '@nestjs/cqrs';
import type { OnePatternQuery } from '../get-patterns/get-patterns.request.js';

/** How a pattern came to be and changed, as an SVG document. @throws DomainError `pattern.unknown` */
export class PlotHistory extends Query<string> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly asked: OnePatternQuery,
  ) {
    super();
  }
}
