import { type Server } from 'node:http';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type NextFunction, type Request, type Response } from 'express';

const AT_MOST_MS = 10_000;

/**
 * Lets a stopping service finish what it began, for 10 s at most: idle connections are closed, and
 * those still in use are told to go with their next answer.
 */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  private readonly answering = new Set<Response>();
  private closing = false;

  constructor(private readonly adapters: HttpAdapterHost) {}

  readonly follow = (_request: Request, response: Response, next: NextFunction): void => {
    this.answering.add(response);
    response.once('close', () => this.answering.delete(response));
    if (this.closing) sayGoodbye(response);
    next();
  };

  beforeApplicationShutdown(): void {
    this.closing = true;
    this.answering.forEach(sayGoodbye);
    const server = this.adapters.httpAdapter.getHttpServer() as Server;
    server.closeIdleConnections();
    setTimeout(() => {
      server.closeAllConnections();
    }, AT_MOST_MS).unref();
  }
}

function sayGoodbye(response: Response): void {
  if (!response.headersSent) response.set('Connection', 'close');
}
