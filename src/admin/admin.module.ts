import { EmbedderModule } from '#embedding';
import { Module } from '@nestjs/common';
import { EventsPage } from './browse-events/events.page.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { Doctor } from './diagnose/doctor.js';
import { DoctorController } from './doctor.controller.js';
import { Dropper } from './drop-namespace/dropper.js';
import { EraseController } from './erase.controller.js';
import { Eraser } from './erase/eraser.js';
import { EventsController } from './events.controller.js';
import { NamespacesController } from './namespaces.controller.js';
import { NullTestController } from './null-test.controller.js';
import { ProjectionsController } from './projections.controller.js';
import { DatabaseReader } from './read-model/database.reader.js';
import { NamespaceReader } from './read-model/namespace.reader.js';
import { RebuildProgress } from './rebuild-projection/rebuild-progress.js';
import { RebuildsController } from './rebuilds.controller.js';

/** What an admin looks at and does. */
@Module({
  imports: [EmbedderModule],
  controllers: [
    ProjectionsController,
    RebuildsController,
    EventsController,
    DeadLettersController,
    EraseController,
    NamespacesController,
    DoctorController,
    NullTestController,
  ],
  providers: [
    RebuildProgress,
    EventsPage,
    Eraser,
    Dropper,
    NamespaceReader,
    DatabaseReader,
    Doctor,
  ],
})
export class AdminModule {}
