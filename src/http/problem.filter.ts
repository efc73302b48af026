import { DomainError } from '#kernel';
import { problemFor, problemOf, type Problem, type SpokenRefusal } from '#rest';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { idOf } from './introduction.js';

const RETRY_AFTER_SECONDS = '2';
const CHALLENGE = 'Bearer realm="omoi"';

const FAILED: SpokenRefusal = {
  status: 500,
  code: 'service.failed',
  detail: 'Something went wrong here; the log has the reason under this request id.',
};

/** What this service says where HTTP says no by itself; an exception's own text is never shown. */
const SPOKEN: Readonly<Record<number, Omit<SpokenRefusal, 'status'>>> = {
  400: { code: 'request.unreadable', detail: 'The request could not be read.' },
  404: { code: 'request.no_route', detail: 'There is nothing at this address.' },
  405: {
    code: 'request.method_not_allowed',
    detail: 'This address does not take this method; the Allow header lists those it takes.',
  },
  413: { code: 'request.too_large', detail: 'The body is larger than this address takes.' },
  415: {
    code: 'request.unsupported_media_type',
    detail: 'The body is of a type, or in an encoding, that this address does not take.',
  },
};

/** Turns whatever was thrown into a problem document; the only place that knows both languages. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (request.socket.destroyed) return;

    const problem = problemFrom(exception, idOf(request));
    log(request, problem, exception);
    if (response.headersSent) {
      response.destroy();
      return;
    }

    if (problem.status === 401) response.set('WWW-Authenticate', CHALLENGE);
    if (problem.status === 503) response.set('Retry-After', RETRY_AFTER_SECONDS);
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

function problemFrom(exception: unknown, requestId: string): Problem {
  if (exception instanceof DomainError) return problemOf(exception, requestId);
  if (exception instanceof HttpException) {
    return problemFor(spoken(exception.getStatus()), requestId);
  }

  return problemFor(FAILED, requestId);
}

function spoken(status: number): SpokenRefusal {
  if (status >= 500) return FAILED;

  return {
    status,
    ...(SPOKEN[status] ?? { code: 'request.refused', detail: 'The request was refused.' }),
  };
}

function log(request: Request, { status, code }: Problem, exception: unknown): void {
  if (status === 503) request.log.warn({ err: exception }, code);
  else if (status >= 500) request.log.error({ err: exception }, code);
}
