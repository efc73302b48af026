import { MethodNotAllowedException, NotFoundException } from '@nestjs/common';
import {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';

/** What is read of express's own routing table. */
interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): unknown;
}

/**
 * Says early what an address is good for, before a body is read: 404 when there is nothing, 405 with
 * `Allow` when there is something else, and the answer to OPTIONS.
 */
export function knownRoutes(server: Express): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    const methods = methodsAt(server, request.path);
    if (methods.length === 0) throw new NotFoundException();
    if (methods.includes(request.method)) {
      next();
      return;
    }

    response.set('Allow', [...methods, 'OPTIONS'].join(', '));
    if (request.method !== 'OPTIONS') throw new MethodNotAllowedException();
    response.status(204).end();
  };
}

function methodsAt(server: Express, path: string): string[] {
  const layers = server.router.stack as unknown as readonly Layer[];
  const methods = layers
    .filter((layer) => isEndpoint(layer) && layer.match(path) !== false)
    .flatMap((layer) => Object.keys(layer.route?.methods ?? {}))
    .flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));

  return [...new Set(methods)];
}

/** Nest's own catch-alls take every method there is, CONNECT among them; no endpoint does. */
const isEndpoint = ({ route }: Layer): boolean => route !== undefined && !route.methods.connect;
