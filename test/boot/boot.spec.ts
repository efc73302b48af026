import { describe, expect, it } from '@jest/globals';
import { eventually, startApp } from '../support/app.js';

describe('The service', () => {
  it('starts, is ready and stops', async () => {
    const omoi = await startApp();
    try {
      const { body } = await eventually(
        () => omoi.ask('get', '/health/ready'),
        ({ status }) => status === 200,
      );
      expect(body.status).toBe('ready');
    } finally {
      await omoi.stop();
    }
  });
});
