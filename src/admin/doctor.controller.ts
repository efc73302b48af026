import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Doctor } from './diagnose/doctor.js';
import { diagnosis, type Diagnosis } from './diagnose/doctor.response.js';

@ApiTags('admin')
@Controller('admin/doctor')
export class DoctorController {
  constructor(private readonly doctor: Doctor) {}

  @Get()
  @ApiOperation({ summary: 'Versions, settings, rights, followers: what is wrong and what to do' })
  @ApiOkResponse({ standardSchema: diagnosis })
  look(): Promise<Diagnosis> {
    return this.doctor.look();
  }
}
