import { expect, it } from 'vitest';
import { FakeClock, report } from '../../../test/kiosk/fakes.ts';
import { healthConfig } from './config.ts';
import { createHealth } from './health.ts';

it('health keeps the newest twenty errors, and figures of the newest frames alone', () => {
  const clock = new FakeClock();
  const health = createHealth({ clock, config: healthConfig, engine: () => null, storage: async () => null });
  for (let i = 0; i < 1_000; i++) {
    health.error(`error ${i}`);
    health.frame(report([]));
  }
  const { errors } = health.store.getState();
  expect(errors).toHaveLength(20);
  expect(errors.at(-1)?.message).toBe('error 999');
  expect(errors[0]?.message).toBe('error 980');
});
