import { type FieldError } from '#kernel';
import { misfit } from '#rest';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/internal';
import { type Request } from 'express';

/** Refuses query parameters on routes that declare none; elsewhere a strict schema does. */
@Injectable()
export class QueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (takesQuery(context)) return true;

    const { query } = context.switchToHttp().getRequest<Request>();
    const errors = Object.keys(query).map((field): FieldError => ({
      field,
      message: 'is not a known field',
    }));
    if (errors.length > 0) throw misfit(errors);

    return true;
  }
}

function takesQuery(context: ExecutionContext): boolean {
  const declared: unknown = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  );

  return Object.keys(declared ?? {}).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}
