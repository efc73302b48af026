export { noSuchPhase } from './domain/phase.errors.js';
export { phaseId } from './define-phase/define-phase.request.js';
export { Phases, type Transitions } from './phases.js';
export { PhasesModule } from './phases.module.js';
