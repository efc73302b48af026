import {
  HttpStatus,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { type Response } from 'express';
import { map, type Observable } from 'rxjs';

/** What a command answers; `repeated` when it had been done before and this is its first answer. */
export interface Answer<T> {
  readonly body: T;
  readonly repeated: boolean;
}

const CREATING: readonly number[] = [HttpStatus.CREATED, HttpStatus.ACCEPTED];

/** Sends the body of an `Answer`; a repetition creates nothing, so its 201 or 202 becomes a 200. */
@Injectable()
export class RepeatableInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<Response>();

    return next.handle().pipe(
      map((value: unknown) => {
        if (!isAnswer(value)) return value;
        if (value.repeated && CREATING.includes(response.statusCode))
          response.status(HttpStatus.OK);

        return value.body;
      }),
    );
  }
}

const isAnswer = (value: unknown): value is Answer<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 2 &&
  'body' in value &&
  'repeated' in value &&
  typeof value.repeated === 'boolean';
