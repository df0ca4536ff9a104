import { expect, it } from 'vitest';
import { SCREENS } from '../../../test/kiosk/screens.ts';
import { wanted } from './machine.ts';
import { sessionConfig as config } from './model/config.ts';

it('the session machine makes templates in no phase but those that look for somebody', () => {
  const kinds = ['looking', 'deciding'];
  for (const phase of Object.values(SCREENS).map((screen) => screen.phase))
    expect(wanted(phase, config) === 'embeddings', phase.kind).toBe(kinds.includes(phase.kind));
});

it('the session machine lets the frame of an arrival decide, where shoppers are not asked first and the last one is gone', () => {
  const signs = { ...config, asking: 'signs' as const };
  expect(wanted({ kind: 'attract', armed: true }, signs)).toBe('arrivals');
  expect(wanted({ kind: 'attract', armed: false }, signs)).toBe('faces');
  for (const asking of ['touch', 'step'] as const)
    expect(wanted({ kind: 'attract', armed: true }, { ...config, asking })).toBe('faces');
});
