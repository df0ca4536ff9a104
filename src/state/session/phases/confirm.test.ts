import { describe, expect, it } from 'vitest';
import { minji, open, page, read } from '../../../../test/kiosk/play.ts';
import { sessionConfig as config } from '../model/config.ts';

describe('the confirm phase', () => {
  const asked = () =>
    read(open().see([{ who: 0 }], 500))
      .touch('open-page')
      .touch('forget');
  const confirming = () => {
    const play = asked();
    return play.send({ type: 'confirming', at: play.at });
  };

  it('asks before a record is erased or a consent renewed, and goes back to the page', () => {
    expect(asked().model.phase).toMatchObject({ kind: 'confirm', act: 'forget', page, way: 'face' });
    expect(asked().touch('done').model.phase).toMatchObject({ kind: 'page', page, way: 'face' });
    expect(asked().touch('done').touch('renew').model.phase).toMatchObject({ kind: 'confirm', act: 'renew' });
  });

  it('is not reached from a greeting', () => {
    expect(read(open().see([{ who: 0 }], 500)).touch('forget').kind).toBe('greeted');
  });

  it('says what was wrong, and takes no answer that nobody waits for', () => {
    const play = asked();
    const refused = { type: 'refused', status: { kind: 'wrong', retryAt: null }, at: play.at } as const;
    expect(play.send(refused).model.phase).toMatchObject({ status: { kind: 'typing' } });
    play.send({ type: 'confirming', at: play.at });
    expect(play.send(refused).model.phase).toMatchObject({ status: { kind: 'wrong' } });
  });

  it('ends with the person who was forgotten, and only with that one', () => {
    const play = confirming();
    play.send({ type: 'forgotten', id: 'another', at: play.at });
    expect(play.kind).toBe('confirm');
    play.send({ type: 'forgotten', id: minji.id, at: play.at });
    expect(play.model.phase).toMatchObject({ kind: 'leaving', reason: 'forgotten' });
    expect(JSON.stringify(play.model)).not.toContain(page.name);
  });

  it('shows the page with the consent that was renewed', () => {
    const play = confirming();
    const changed = { ...page, consent: { ...page.consent, version: '9' } };
    expect(play.send({ type: 'page', page: changed, at: play.at }).model.phase).toMatchObject({
      kind: 'page',
      page: changed,
    });
  });

  it('goes with its owner, when somebody else steps up, and when its time is up', () => {
    expect(asked().see([], config.greetedAbsence + 300).model.phase).toMatchObject({ reason: 'left' });
    expect(asked().see([{ who: 6, x: 0, width: 170 }], 100).kind).not.toBe('confirm');
    const waiting = asked().see([{ who: 0 }], config.confirmTimeout - config.warnBefore);
    expect(waiting.model.phase).toMatchObject({ kind: 'confirm', warning: true });
    expect(waiting.see([{ who: 0 }], config.warnBefore + 200).kind).toBe('attract');
  });
});
