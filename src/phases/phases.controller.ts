import { label, ruleBroken, type Caller } from '#kernel';
import { Asked, pageOf, Refuses, type Page } from '#rest';
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DefinePhase } from './define-phase/define-phase.command.js';
import {
  definePhaseRequest,
  phaseId,
  phaseResponse,
  type DefinePhaseRequest,
} from './define-phase/define-phase.request.js';
import type { Phase } from './domain/phase.events.js';
import { CanTransition, GetPhase, GetPhases } from './get-phases/get-phases.query.js';
import { listPhasesQuery, type ListPhasesQuery } from './get-phases/get-phases.request.js';

const transitionQuery = z.strictObject({ to: phaseId().meta({ example: 'PHASE_TESTING' }) });

const knownPhase = label().meta({ example: 'PHASE_IMPLEMENTATION' });
const newPhase = phaseId().meta({ example: 'PHASE_REVIEW' });

@ApiTags('phases')
@Controller('phases')
export class PhasesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Phases, in order' })
  @ApiOkResponse({ standardSchema: pageOf(phaseResponse) })
  list(@Query({ schema: listPhasesQuery }) query: ListPhasesQuery): Promise<Page<Phase>> {
    return this.queries.execute(new GetPhases(query));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One phase' })
  @ApiOkResponse({ standardSchema: phaseResponse })
  @Refuses(404)
  one(@Param('id', { schema: knownPhase }) id: string): Promise<Phase> {
    return this.queries.execute(new GetPhase(id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Create or replace a phase' })
  @ApiOkResponse({ standardSchema: phaseResponse })
  define(
    @Asked() caller: Caller,
    @Param('id', { schema: newPhase }) id: string,
    @Body({ schema: definePhaseRequest }) body: DefinePhaseRequest,
  ): Promise<Phase> {
    if (body.id !== undefined && body.id !== id) throw otherId(id);

    return this.commands.execute(new DefinePhase(caller, { ...body, id }));
  }

  @Get(':id/can-transition')
  @ApiOperation({ summary: 'Whether a task may go from this phase to another' })
  @ApiOkResponse({ standardSchema: z.object({ allowed: z.boolean() }) })
  @Refuses(404)
  canTransition(
    @Param('id', { schema: knownPhase }) id: string,
    @Query({ schema: transitionQuery }) query: z.output<typeof transitionQuery>,
  ): Promise<{ allowed: boolean }> {
    return this.queries.execute(new CanTransition(id, query.to));
  }
}

const otherId = (id: string): Error =>
  ruleBroken('phase.other_id', 'id', `is not the phase of this address, ${id}`);
