import { describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.js';

describe('The service', () => {
  it('starts, is ready and stops', async () => {
    const omoi = await startApp();
    try {
      const { status, body } = await omoi.ask('get', '/health/ready');
      expect([status, body.status]).toEqual([200, 'ready']);
    } finally {
      await omoi.stop();
    }
  });
});
