import { PatternsModule } from '#patterns';
import { Module } from '@nestjs/common';
import { LearnedPatternsWatch } from './learned-patterns.watch.js';
import { QualityGate } from './quality-gate.js';

/** A sibling of Omoi in the same process: it imports PatternsModule, and enters by the doors alone. */
@Module({
  imports: [PatternsModule],
  providers: [QualityGate, LearnedPatternsWatch],
  exports: [QualityGate, LearnedPatternsWatch],
})
export class QualityGatesModule {}
