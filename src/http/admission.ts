import { Doorkeeper, OpenStreams, RateLimit, tooOften, type Grant } from '#keys';
import { Injectable } from '@nestjs/common';
import { type NextFunction, type Request, type Response } from 'express';

/** Whoever watches over the service has no key. The pages of the documentation answer before this. */
const OPEN = /^\/health\/(live|ready)\/?$/;

const grants = new WeakMap<Request, Grant>();

/** What the key of a request is good for; undefined when it needed none. */
export const grantOf = (request: Request): Grant | undefined => grants.get(request);

/** Asks for a key before anything else of a request is looked at, its body above all. */
@Injectable()
export class Admission {
  constructor(
    private readonly doorkeeper: Doorkeeper,
    private readonly rate: RateLimit,
    private readonly streams: OpenStreams,
  ) {}

  readonly admit = async (
    request: Request,
    response: Response,
    next: NextFunction,
  ): Promise<void> => {
    if (this.doorkeeper.asks && !OPEN.test(request.path)) await this.look(request, response);
    next();
  };

  private async look(request: Request, response: Response): Promise<void> {
    const authorization = request.get('Authorization') ?? '';
    const grant = await this.doorkeeper.admit(authorization);
    const seconds = await this.rate.take(grant);
    if (seconds > 0) {
      response.set('Retry-After', String(seconds));
      throw tooOften(grant.ratePerMinute ?? 0);
    }
    grants.set(request, grant);
    this.streams.follow(response, authorization);
  }
}
