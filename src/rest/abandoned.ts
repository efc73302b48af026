import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Response } from 'express';

/** Gives a handler a signal that comes when the client leaves before it has its answer. */
export const Abandoned = createParamDecorator(
  (_data: undefined, context: ExecutionContext): AbortSignal => {
    const response = context.switchToHttp().getResponse<Response>();
    const leaving = new AbortController();
    const look = (): void => {
      if (!response.writableFinished) leaving.abort();
    };
    if (response.closed) look();
    else response.once('close', look);

    return leaving.signal;
  },
);
