import { EmbedderModule } from '#embedding';
import { Module } from '@nestjs/common';
import { EventsPage } from './browse-events/events.page.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { Doctor } from './diagnose/doctor.js';
import { DoctorController } from './doctor.controller.js';
import { EraseController } from './erase.controller.js';
import { Eraser } from './erase/eraser.js';
import { EventsController } from './events.controller.js';
import { NullTestController } from './null-test.controller.js';
import { ProjectionsController } from './projections.controller.js';
import { DatabaseReader } from './read-model/database.reader.js';
import { RebuildProgress } from './rebuild-projection/rebuild-progress.js';
import { RebuildsController } from './rebuilds.controller.js';

/** What an admin looks at and does. Needs the admin's scope; without API keys everybody has it. */
@Module({
  imports: [EmbedderModule],
  controllers: [
    ProjectionsController,
    RebuildsController,
    EventsController,
    DeadLettersController,
    EraseController,
    DoctorController,
    NullTestController,
  ],
  providers: [RebuildProgress, EventsPage, Eraser, DatabaseReader, Doctor],
})
export class AdminModule {}
