import type { FaceQuality, FivePoints, QualityIssue } from '@rounz/core/face/face.ts';
import { MATCH } from '@rounz/core/match/config.ts';
import type { Accessory } from '@rounz/core/model/accessories.ts';
import type { BackendRace } from '@rounz/core/model/backend-race.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsProblem } from '@rounz/core/settings/settings.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { imageBox, imagePoint, radians } from '@rounz/core/units.ts';
import type { CameraChoice, CameraOption, CameraState, FrameSource } from '../../src/camera/types.ts';
import type { Customers } from '../../src/gallery/contract/customers.ts';
import type { DoubtedClock, GalleryEngine, LostGallery } from '../../src/gallery/contract/gallery.ts';
import type { StaffLock } from '../../src/gallery/contract/lock.ts';
import type { Matcher, RunningModel } from '../../src/gallery/contract/matching.ts';
import type { DamagedRecord, NewPerson, Person, Template } from '../../src/gallery/contract/person.ts';
import type { ModelChoice, ModelRecord } from '../../src/gallery/contract/recogniser.ts';
import type { SettingsRecord } from '../../src/gallery/contract/settings.ts';
import type { StaffDesk } from '../../src/gallery/contract/staff.ts';
import type { Look, Tally } from '../../src/gallery/contract/tally.ts';
import { agreedFirst } from '../../src/vision/agreed.ts';
import type {
  AnalyseOptions,
  FaceArea,
  FaceReport,
  FrameReport,
  PassiveState,
  VisionEngine,
  VisionProgress,
  VisionReady,
} from '../../src/vision/protocol.ts';
import { alreadyEnrolledAs, buildGallery, decide, type MatchGallery } from '../reference/matcher.ts';

/** A clock whose hands the test turns; `advance` runs what falls due, in order, and lets promises settle between. */
export class FakeClock implements Clock {
  private time = 1_000;
  private tasks: { due: number; task: () => void }[] = [];

  now(): number {
    return this.time;
  }
  date(): string {
    return new Date(Date.UTC(2026, 10, 24) + this.time).toISOString();
  }
  after(ms: number, task: () => void): () => void {
    const entry = { due: this.time + ms, task };
    this.tasks.push(entry);
    return () => {
      this.tasks = this.tasks.filter((other) => other !== entry);
    };
  }
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (let next = this.nextDue(end); next; next = this.nextDue(end)) {
      this.tasks = this.tasks.filter((entry) => entry !== next);
      this.time = Math.max(this.time, next.due);
      next.task();
      await settle();
    }
    this.time = end;
    await settle();
  }
  private nextDue(end: number) {
    return this.tasks.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  }
}

/** Lets everything that waits for a promise go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const quality = (over: Partial<FaceQuality> = {}): FaceQuality => ({
  pose: { yaw: radians(0), pitch: radians(0), roll: radians(0) },
  interEyeDistance: 80,
  luma: 130,
  sharpness: 300,
  eyeOpenness: 0.3,
  ...over,
});

export interface FaceSpec {
  readonly who?: number;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  /** unfit for recognition */
  readonly issues?: readonly QualityIssue[];
  /** unfit for enrolment */
  readonly strict?: readonly QualityIssue[];
  readonly quality?: Partial<FaceQuality>;
  readonly worn?: readonly Accessory[];
  readonly landmarks?: Float32Array;
  /** the passive check's opinion: 0 and more is a picture */
  readonly passive?: number;
}

/** Unit vector along axis `who`: equal people agree (cosine 1), different people do not (cosine 0). */
export function embeddingOf(who: number): Float32Array {
  const embedding = new Float32Array(8);
  embedding[who] = 1;
  return embedding;
}

export function face(spec: FaceSpec = {}, embed = true): FaceReport {
  const { who = 0, x = 240, y = 140, width = 160, issues = [], strict = issues, worn = [] } = spec;
  const at = (fx: number, fy: number) => imagePoint(x + width * fx, y + width * fy);
  const points: FivePoints = [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)];
  const report = {
    box: imageBox(x, y, width, width * 1.2),
    points,
    landmarks: spec.landmarks ?? new Float32Array(0),
    quality: quality({ interEyeDistance: width / 2, ...spec.quality }),
    issues,
    enrolmentIssues: strict,
  };
  if (!embed || issues.length > 0) return report;
  const { passive } = spec;
  return { ...report, embedding: embeddingOf(who), worn, ...(passive === undefined ? {} : { passive }) };
}

export function report(faces: readonly FaceSpec[], embed = true, agreed?: FaceArea): FrameReport {
  const { order, may } = agreedFirst(
    faces.map((spec) => face(spec, false)),
    agreed,
  );
  return {
    width: 640,
    height: 480,
    faces: order.map((from, index) => face(faces[from], embed && may && index === 0)),
    timings: { detect: 30, embed: embed && faces.length > 0 ? 80 : 0, total: 115 },
  };
}

export const readyFacts: VisionReady = {
  backend: 'wasm',
  modelName: 'test',
  modelVersion: '0',
  modelHash: 'a'.repeat(64),
  backendReason: 'because the test says so',
  workers: 1,
  calibration: [{ targetFpir: 0.01, gallerySize: 10, threshold: 0.5 }],
};

export class FakeEngine implements VisionEngine {
  /** who stands before the camera */
  scene: readonly FaceSpec[] = [];
  startError: unknown = null;
  analyseError: unknown = null;
  disposed = false;
  readonly asked: boolean[] = [];
  /** whose face was embedded, frame by frame */
  readonly embedded: number[] = [];

  async start(_options: unknown, onProgress: (progress: VisionProgress) => void): Promise<VisionReady> {
    onProgress({ stage: 'download', done: 1, total: 2 });
    if (this.startError) throw this.startError;
    return readyFacts;
  }
  async analyse(
    frame: ImageBitmap | VideoFrame,
    { embed, agreed, gate: { minEyeDistance = 0 } = {} }: AnalyseOptions,
  ): Promise<FrameReport> {
    frame.close();
    this.asked.push(embed);
    if (this.analyseError) throw this.analyseError;
    const distance = report(this.scene).faces[0]?.quality.interEyeDistance ?? 0;
    const seen = report(this.scene, embed && distance >= minEyeDistance, agreed);
    const embedding = seen.faces[0]?.embedding;
    if (embedding) this.embedded.push(embedding.indexOf(1));
    return seen;
  }
  async memory() {
    return { tensors: 321, bytes: 1_000 };
  }
  async selfTest() {
    return { worst: 0.0001, tolerance: 0.01, cases: 4 };
  }
  /** folders that the passive check was asked of */
  readonly passiveAsked: (string | null)[] = [];
  passiveState: PassiveState = { kind: 'ready', version: 'test', took: 3 };
  async setPassive(folder: string | null): Promise<PassiveState> {
    this.passiveAsked.push(folder);
    return folder === null ? { kind: 'off' } : this.passiveState;
  }
  async dispose() {
    this.disposed = true;
  }
}

export class FakeSource implements FrameSource {
  state: CameraState = { kind: 'off' };
  startsInto: CameraState = { kind: 'live', label: 'Fake', width: 640, height: 480 };
  opened = 0;
  closed = 0;
  private listeners = new Set<(state: CameraState) => void>();

  subscribe(listener: (state: CameraState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  set(state: CameraState): void {
    this.state = state;
    for (const listener of this.listeners) listener(state);
  }
  async start(): Promise<void> {
    this.set(this.startsInto);
  }
  stop(): void {
    this.set({ kind: 'off' });
  }
  attach: (video?: HTMLVideoElement) => () => void = () => () => {};
  readonly used: CameraChoice[] = [];
  cameras: readonly CameraOption[] = [];
  use(choice: CameraChoice): void {
    this.used.push(choice);
  }
  async list() {
    return this.cameras;
  }
  async grab(): Promise<ImageBitmap | null> {
    if (this.state.kind !== 'live') return null;
    this.opened += 1;
    return {
      width: 640,
      height: 480,
      close: () => {
        this.closed += 1;
      },
    };
  }
}

/** A person with the embeddings that the real gallery keeps to itself. */
export interface FakePerson extends Person {
  readonly templates: readonly Template[];
}

/** What the test does not play: whoever asks is told. */
const absent = <T extends object>(name: string): T =>
  new Proxy({} as T, {
    get: (played, member) =>
      Reflect.get(played, member) ??
      (() => {
        throw new Error(`The fake gallery has no ${name}.${String(member)}.`);
      }),
  });

/** A shop that has posted signs and does not ask: most tests are about what follows. */
export const SIGNS_POSTED: Settings = {
  ...DEFAULT_SETTINGS,
  asking: { kind: 'signs', confirmedAt: '2026-11-24T00:00:00.000Z' },
};

/** Settings in memory. */
export class FakeSettings implements SettingsRecord {
  problemsFound: readonly SettingsProblem[] = [];
  #current: Settings;
  #listeners = new Set<(settings: Settings) => void>();

  constructor(settings: Settings) {
    this.#current = settings;
  }
  current() {
    return this.#current;
  }
  problems() {
    return this.problemsFound;
  }
  subscribe(listener: (settings: Settings) => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  set(settings: Settings): void {
    this.#current = settings;
    for (const listener of this.#listeners) listener(settings);
  }
}

/** A gallery in memory that matches as the real one does; no lock, no customers' pages. */
export class MemoryGallery implements GalleryEngine {
  people: FakePerson[] = [];
  /** what the passive check had noted, a line each */
  readonly doubts: string[] = [];
  damaged: DamagedRecord[] = [];
  lost: LostGallery | null = null;
  clock: DoubtedClock | null = null;
  failure: Error | null = null;
  model: RunningModel | null = null;
  readonly lock: StaffLock = Object.assign(absent<StaffLock>('lock'), {
    state: () => ({ kind: 'unset' }),
    subscribe: () => () => {},
    lock: () => {},
  });
  settings = new FakeSettings(SIGNS_POSTED);
  readonly staff = Object.assign(absent<StaffDesk>('staff'), {
    setSettings: async (next: Settings) => this.settings.set(next),
  });
  readonly customers = absent<Customers>('customers');
  /** looks at faces, as they were counted */
  readonly looks: Look[] = [];
  readonly tally: Tally = { count: async (look) => void this.looks.push(look) };
  choice: ModelChoice | null = null;
  race: BackendRace | null = null;
  readonly recogniser: ModelRecord = {
    choice: () => this.choice,
    templatesBy: () =>
      this.people
        .flatMap(({ templates }) => templates)
        .reduce(
          (counts, { modelHash }) => counts.set(modelHash, (counts.get(modelHash) ?? 0) + 1),
          new Map<string, number>(),
        ),
    keep: async (choice) => {
      this.choice = choice;
    },
    race: () => this.race,
    keepRace: async (race) => {
      this.race = race;
    },
  };
  readonly matcher: Matcher = {
    setModel: async (model) => {
      this.model = model;
    },
    size: () => this.#rows().ids.length,
    identify: (probe, without) =>
      decide(probe, this.#rows(without), this.model ?? { calibration: [] }, { targetFpir: MATCH.targetFpir }),
    alreadyEnrolled: (probe) => alreadyEnrolledAs(probe, this.#rows(), this.model ?? { calibration: [] }),
  };

  #rows(without: readonly string[] = []): MatchGallery {
    const left = this.people.filter(({ id }) => !without.includes(id));
    return buildGallery(left, this.model?.modelHash ?? '');
  }
  async load() {
    return { people: [...this.people], damaged: [...this.damaged], lost: this.lost, clock: this.clock };
  }
  async enrol(person: NewPerson): Promise<Person> {
    if (this.failure) throw this.failure;
    const record = {
      demo: false,
      ...person,
      id: `person-${this.people.length + 1}`,
      enrolledAt: '2026-11-24T00:00:00.000Z',
    };
    this.people.push(record);
    return record;
  }
  async remove(id: string) {
    this.people = this.people.filter((person) => person.id !== id);
  }
  async discardDamaged(id: string) {
    this.damaged = this.damaged.filter((record) => record.id !== id);
  }
  isOwnBackup = async () => false;
  async removeDemo() {
    this.people = this.people.filter((person) => !person.demo);
  }
  close() {}
}

/** A person whose templates are those of `embeddingOf(who)`. */
export const person = (who: number, name: string, over: Partial<FakePerson> = {}): FakePerson => ({
  id: `id-${who}`,
  name,
  enrolledAt: '2026-11-20T02:00:00.000Z',
  consent: { version: 'test', givenAt: '2026-11-20T02:00:00.000Z' },
  templates: [
    {
      embedding: embeddingOf(who),
      modelHash: readyFacts.modelHash,
      createdAt: '2026-11-20T02:00:00.000Z',
    },
  ],
  demo: false,
  ...over,
});
