import type { Settings } from '#config';
import { DomainError } from '#kernel';
import { type RequestHandler } from 'express';

const LOCAL = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Where nobody is asked for a key and only this machine is listened to, a request has to name this
 * machine: a web page that has its own name lead here (DNS rebinding) says that name in the Host header.
 */
export function localHosts({ auth, isLocal }: Settings): RequestHandler {
  const looks = auth === 'off' && isLocal;

  return (request, _response, next) => {
    if (looks && !LOCAL.test(request.headers.host ?? '')) throw hostNotLocal();
    next();
  };
}

const hostNotLocal = (): DomainError =>
  new DomainError(
    'forbidden',
    'request.host_not_local',
    'With AUTH=off the Host header must be localhost or an address of the loopback. A proxy has to send such a one; or set AUTH=keys.',
  );
