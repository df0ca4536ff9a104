import { describe, expect, it } from 'vitest';
import { context, open } from '../../../../test/kiosk/play.ts';
import { wanted } from '../machine.ts';
import { sessionConfig as config } from '../model/config.ts';

describe('the consent phase', () => {
  const asking = () => {
    const play = open();
    play.context = { ...context, config: { ...config, asking: 'touch' } };
    return play.see([{ who: 0 }], 2_000);
  };

  it('makes no template before the shopper has agreed', () => {
    expect(asking().kind).toBe('consent');
    expect(wanted(asking().model.phase, config)).toBe('faces-slowly');
    expect(asking().model.track.samples).toEqual([]);
  });

  it('looks once they agree, or leads on without a face, or lets them be', () => {
    expect(
      asking()
        .touch('agree')
        .see([{ who: 0 }], 600).kind,
    ).toBe('greeted');
    expect(asking().touch('without-face').kind).toBe('lookup');
    expect(
      asking()
        .touch('done')
        .see([{ who: 0 }], 3_000).kind,
    ).toBe('attract');
  });

  it('asks the next one anew', () => {
    const play = asking()
      .touch('agree')
      .see([{ who: 0 }], 600);
    expect(play.see([{ who: 6, x: 0, width: 170 }], 500).kind).toBe('consent');
  });
});
