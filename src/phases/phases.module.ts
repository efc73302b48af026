import { EventCatalog, Followers } from '#event-store';
import { Module } from '@nestjs/common';
import { DefaultPhasesStarter } from './define-phase/default-phases.starter.js';
import { DefinePhaseHandler } from './define-phase/define-phase.handler.js';
import { phaseEvents } from './domain/phase.events.js';
import {
  CanTransitionHandler,
  GetPhaseHandler,
  GetPhasesHandler,
} from './get-phases/get-phases.handler.js';
import { PhasesController } from './phases.controller.js';
import { Phases } from './phases.js';
import { PhaseReader } from './read-model/phase.reader.js';
import { phasesProjection } from './read-model/phases.projection.js';

@Module({
  controllers: [PhasesController],
  providers: [
    Phases,
    PhaseReader,
    DefinePhaseHandler,
    GetPhasesHandler,
    GetPhaseHandler,
    CanTransitionHandler,
    DefaultPhasesStarter,
  ],
  exports: [Phases],
})
export class PhasesModule {
  constructor(catalog: EventCatalog, followers: Followers) {
    catalog.add(phaseEvents);
    followers.project(phasesProjection);
  }
}
