import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { type Response } from 'express';
import { map, type Observable } from 'rxjs';

/** In the OpenAPI document: a route whose answer may be a text instead. */
export const ALSO_AS_TEXT = 'x-also-as-text';

/** An answer that is a text and no document. */
export class PlainText {
  constructor(readonly text: string) {}
}

/** Documents that a route can answer with a text too. */
export const AlsoAsText = (): MethodDecorator => ApiExtension(ALSO_AS_TEXT, true);

/** Sends a `PlainText` as what it is. */
@Injectable()
export class PlainTextInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((value: unknown) => {
        if (!(value instanceof PlainText)) return value;
        context.switchToHttp().getResponse<Response>().type('text/plain');

        return value.text;
      }),
    );
  }
}
