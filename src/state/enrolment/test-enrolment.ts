import {
  type FaceSpec,
  FakeClock,
  MemoryGallery,
  readyFacts,
  report,
  settle,
} from '../../../test/kiosk/fakes.ts';
import type { Consent } from '../../gallery/contract/person.ts';
import type { Verdict } from '../engine/recogniser.ts';
import { sessionConfig } from '../session/model/config.ts';
import { createOneFace } from '../session/one-face.ts';
import { enrolmentConfig } from './config.ts';
import { createEnrolment } from './enrolment.ts';

type Written =
  | { readonly what: 'add' | 'replace'; readonly id: string; readonly count: number }
  | { readonly what: 'alike'; readonly id: string; readonly other: string }
  | { readonly what: 'renew'; readonly id: string; readonly consent: Consent };

/** An enrolment with a gallery in memory, for the tests of this folder. @param verdict as whom each face is enrolled already */
export function setUp(verdict: Verdict = { kind: 'nobody' }) {
  const clock = new FakeClock();
  const gallery = new MemoryGallery();
  const written: Written[] = [];
  const enrolment = createEnrolment({
    config: enrolmentConfig,
    clock,
    interval: 30,
    recogniser: { findDuplicate: () => verdict },
    oneFace: createOneFace(sessionConfig),
    modelHash: () => readyFacts.modelHash,
    target: {
      enrol: (record) => gallery.enrol(record),
      addTemplates: async (id, templates) => void written.push({ what: 'add', id, count: templates.length }),
      replaceTemplates: async (id, templates) =>
        void written.push({ what: 'replace', id, count: templates.length }),
      noteLookAlike: async (id, other) => void written.push({ what: 'alike', id, other }),
      renewConsent: async (id, consent) => void written.push({ what: 'renew', id, consent }),
    },
    handOver: () => {},
  });
  // Staff come back at once here; `hand-over.test.ts` lets them wait.
  enrolment.store.subscribe(({ kind }) => {
    if (kind === 'handed-back') queueMicrotask(enrolment.staffReturned);
  });
  const phase = () => enrolment.store.getState();
  /** The scene for `ms`, a frame each 100 ms. */
  const see = async (faces: readonly FaceSpec[], ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      await clock.advance(100);
      enrolment.consumer.onReport(report(faces), clock.now());
    }
    await clock.advance(0);
  };
  /** From the form to the camera. */
  const start = async (name = ' 김민지 ') => {
    enrolment.begin(name);
    enrolment.isOfAge();
    enrolment.agree('ko');
    await settle();
  };
  return { clock, gallery, enrolment, phase, see, start, written };
}
