import { expect, it } from 'vitest';
import { SCREENS } from '../../../test/kiosk/screens.ts';
import { wanted } from './machine.ts';

it('the session machine makes templates in no phase but those that look for somebody', () => {
  const kinds = ['looking', 'deciding'];
  for (const phase of Object.values(SCREENS).map((screen) => screen.phase))
    expect(wanted(phase) === 'embeddings', phase.kind).toBe(kinds.includes(phase.kind));
});
