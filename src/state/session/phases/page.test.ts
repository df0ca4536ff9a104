import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../../test/kiosk/fake-customers.ts';
import type { FaceSpec } from '../../../../test/kiosk/fakes.ts';
import { lookUp, minji, open, page, read } from '../../../../test/kiosk/play.ts';
import { sessionConfig as config } from '../model/config.ts';

describe('the page phase', () => {
  const greeted = () => read(open().see([{ who: 0 }], 500));

  it('opens by itself after the greeting, and at once by a touch', () => {
    expect(greeted().touch('open-page').model.phase).toMatchObject({ kind: 'page', way: 'face', page });
    expect(greeted().see([{ who: 0 }], config.greetingTime - 600).kind).toBe('greeted');
    expect(greeted().see([{ who: 0 }], config.greetingTime).kind).toBe('page');
  });

  it('is not opened by a page of somebody else, nor without one', () => {
    const play = open().see([{ who: 0 }], 500);
    play.send({ type: 'page', page: pageOf({ id: 'another' }), at: play.at });
    expect(play.touch('open-page').see([{ who: 0 }], config.greetingTime + 500).kind).toBe('greeted');
  });

  it('shows what was changed, and its time starts anew', () => {
    const play = greeted()
      .touch('open-page')
      .see([{ who: 0 }], 20_000);
    const changed = { ...page, savedFrames: ['jeju-sun'] };
    play.send({ type: 'page', page: changed, at: play.at });
    expect(play.model.phase).toMatchObject({ page: changed, until: play.at + config.pageTimeout });
  });

  it('is cleared within 5 s of the person leaving, and takes the name out of the model', () => {
    const play = greeted()
      .touch('open-page')
      .see([], config.greetedAbsence + 300);
    expect(play.model.phase).toMatchObject({ kind: 'leaving', reason: 'left' });
    expect(JSON.stringify(play.model)).not.toContain('김민지');
    expect(play.see([], 5_000 - config.greetedAbsence).kind).toBe('attract');
  });

  it('goes when somebody else steps up', () => {
    const play = greeted()
      .touch('open-page')
      .see([{ who: 6, x: 0, width: 170 }], 100);
    expect(play.kind).not.toBe('page');
    expect(JSON.stringify(play.model)).not.toContain('김민지');
  });

  it('warns before its time is up, lets it be extended, and says goodbye when it is done', () => {
    const play = greeted()
      .touch('open-page')
      .see([{ who: 0 }], config.pageTimeout - config.warnBefore);
    expect(play.model.phase).toMatchObject({ kind: 'page', warning: true });
    expect(play.touch('extend').model.phase).toMatchObject({ warning: false });
    expect(play.touch('done').model.phase).toMatchObject({ kind: 'leaving', reason: 'done' });
    expect(play.see([{ who: 0 }], config.goodbye + 200).model.phase).toEqual({
      kind: 'attract',
      armed: false,
    });
  });

  it('believes "not me" there, too', () => {
    expect(greeted().touch('open-page').touch('not-me').model.phase).toMatchObject({ reason: 'not-me' });
  });

  it('ends with the person who was forgotten, and only with that one', () => {
    const play = greeted().touch('open-page');
    play.send({ type: 'forgotten', id: 'another', at: play.at });
    expect(play.kind).toBe('page');
    play.send({ type: 'forgotten', id: minji.id, at: play.at });
    expect(play.model.phase).toMatchObject({ kind: 'leaving', reason: 'forgotten' });
    expect(JSON.stringify(play.model)).not.toContain('김민지');
  });
});

describe('the page phase, on a page that was opened by telephone', () => {
  const opened = (seen: readonly FaceSpec[]) => {
    const play = lookUp(open().touch('without-face').see(seen, 1_000));
    return play.send({ type: 'looked-up', result: { kind: 'found', page }, at: play.at });
  };
  const visitor: FaceSpec = { who: 5, x: 200 };
  const other: FaceSpec = { who: 6, x: 205 };

  it('does not stay for another face, though it comes within the 3 s of the visitor leaving', () => {
    const play = opened([visitor]).see([visitor], 4_000).see([], 1_500).see([other], 200);
    expect(play.model.phase).toMatchObject({ kind: 'lookup', status: { kind: 'closed' } });
    expect(JSON.stringify(play.model)).not.toContain(page.name);
  });

  it('does not stay for a companion either, once the visitor has left them behind', () => {
    const companion: FaceSpec = { who: 6, x: 480, width: 80 };
    const play = opened([visitor, companion]).see([visitor, companion], 2_000);
    expect(play.see([companion], config.trackGap).kind).toBe('page');
    expect(play.see([companion], 300).model.phase).toMatchObject({ status: { kind: 'closed' } });
  });

  it('stays for the visitor: while another is nearer, for a turn of the head, and while they touch', () => {
    const nearer: FaceSpec = { who: 6, x: 440, width: 190 };
    const play = opened([visitor]).see([nearer, visitor], 3_000).see([], 900).see([visitor], 300);
    expect(play.kind).toBe('page');
    for (let touch = 0; touch < 6; touch++) play.see([], 1_000).touch('active');
    expect(play.see([{ ...visitor, x: 230 }], 300).kind).toBe('page');
  });

  it('warns where a face appears that was never there, and ends soon unless it is touched', () => {
    const play = opened([]).see([], 8_000).see([other], 200);
    expect(play.model.phase).toMatchObject({ kind: 'page', warning: true });
    const touched = opened([]).see([], 8_000).see([visitor], 200).touch('extend');
    expect(touched.see([visitor], config.warnBefore + 500).model.phase).toMatchObject({ warning: false });
    expect(play.see([other], config.warnBefore).kind).toBe('attract');
  });

  it('takes the first face for the visitor’s while they touch', () => {
    const play = opened([]).see([], 8_000).touch('active').see([visitor], 300);
    expect(play.model.phase).toMatchObject({ kind: 'page', warning: false });
  });
});
