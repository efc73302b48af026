import { Doorkeeper, mustBeGranted, needOf, notAdmitted } from '#keys';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { grantOf } from './admission.js';

/** Holds the key of a request against what its route asks. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(private readonly doorkeeper: Doorkeeper) {}

  canActivate(context: ExecutionContext): boolean {
    if (!this.doorkeeper.asks) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const { path } = request.route as { path: string };
    const need = needOf(request.method, path);
    if (need === null) return true;
    const grant = grantOf(request);
    if (!grant) throw notAdmitted();
    mustBeGranted(need, grant);

    return true;
  }
}
