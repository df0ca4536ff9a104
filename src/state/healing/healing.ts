import { type HealingConfig, type Part, parts } from './config.ts';
import {
  type Act,
  type Healed,
  type HealingEvent,
  type HealingModel,
  reloadSpacing,
  type Surroundings,
  type Trouble,
  waitAfter,
} from './model.ts';

type Tick = Extract<HealingEvent, { type: 'tick' }>;

const none = (model: HealingModel): Healed => ({ model, acts: [] });

/**
 * How the kiosk mends itself: a broken part is retried with growing waits, then the page is reloaded, and then the part is
 * retried every minute for as long as it takes. A pure function of what was and what happened.
 */
export function heal(model: HealingModel, event: HealingEvent, config: HealingConfig): Healed {
  const { at } = event;
  switch (event.type) {
    case 'starting':
    case 'progress':
      return none(alive(model, event.part, at, event.type === 'starting'));
    case 'well':
      return none(well(model, event.part, at));
    case 'failed':
      return none(failed(model, event.part, event.detail, at, config, event.elsewhere));
    case 'frame':
      return none({ ...model, seenAt: at });
    case 'uncaught':
      return none(uncaught(model, event.detail, at, config));
    case 'tick':
      return ticked(model, event, config);
    default:
      return event satisfies never;
  }
}

/** A sign of life counts for a part that is starting; a `begin` makes it one. */
function alive(model: HealingModel, part: Part, at: number, begin: boolean): HealingModel {
  if (!begin && model.starting[part] === undefined) return model;
  return { ...model, starting: { ...model.starting, [part]: at } };
}

function without<T>(record: Readonly<Partial<Record<Part, T>>>, part: Part): Partial<Record<Part, T>> {
  const { [part]: _, ...others } = record;
  return others as Partial<Record<Part, T>>;
}

function well(model: HealingModel, part: Part, at: number): HealingModel {
  const troubles = without(model.troubles, part);
  const nothing = Object.keys(troubles).length === 0;
  return {
    ...model,
    troubles,
    starting: without(model.starting, part),
    seenAt: part === 'engine' ? at : model.seenAt,
    wellSince: nothing ? (model.wellSince ?? at) : null,
  };
}

/** A failed part keeps the tries that it had: only `well` forgets them. A part may fail again without having been retried. */
function failed(
  model: HealingModel,
  part: Part,
  detail: string,
  at: number,
  config: HealingConfig,
  elsewhere = false,
): HealingModel {
  const before = model.troubles[part];
  const tries = before?.tries ?? 0;
  const trouble: Trouble = {
    since: before?.since ?? at,
    tries,
    nextAt: before && !before.trying ? before.nextAt : at + waitAfter(part, tries, config),
    trying: false,
    detail,
    elsewhere,
  };
  return {
    ...model,
    troubles: { ...model.troubles, [part]: trouble },
    starting: without(model.starting, part),
    wellSince: null,
  };
}

/** Single errors are told and passed over; many within a short time mean that the page no longer works. */
function uncaught(model: HealingModel, detail: string, at: number, config: HealingConfig): HealingModel {
  const recent = [...model.uncaught.filter((one) => at - one < config.uncaughtWithin), at];
  const next = { ...model, uncaught: recent };
  return recent.length < config.maxUncaught ? next : failed(next, 'page', detail, at, config);
}

function ticked(before: HealingModel, tick: Tick, config: HealingConfig): Healed {
  const model = noticed(awake(before, tick, config), tick, config);
  const { at } = tick;
  if (mayReload(model, tick, config)) {
    const why = reloadReason(model, tick, config);
    if (why !== null) {
      // The page is gone soon; where the browser refuses, the next one waits as long as after a reload.
      const next = { ...model, reloads: model.reloads + 1, startedAt: at };
      return { model: next, acts: [{ kind: 'reload', why }] };
    }
  }
  const due = parts.filter((part) => {
    const trouble = model.troubles[part];
    return config.retries[part].length > 0 && trouble && !trouble.trying && at >= trouble.nextAt;
  });
  const beat = at - model.beatAt >= config.beatEvery && mayBeat(model, tick, config);
  const acts: Act[] = due.map((part) => ({ kind: 'retry', part }));
  if (beat) acts.push({ kind: 'beat' });
  const settled = model.reloads > 0 && model.wellSince !== null && at - model.wellSince >= config.steady;
  return {
    model: due.reduce((next, part) => tried(next, part, at), {
      ...model,
      reloads: settled ? 0 : model.reloads,
      beatAt: beat ? at : model.beatAt,
    }),
    acts: settled ? [...acts, { kind: 'settled' }] : acts,
  };
}

/** Nothing that the page can do has helped for long: a new browser may, once nobody uses this one. */
function mayBeat({ troubles }: HealingModel, { at, quietFor }: Tick, config: HealingConfig): boolean {
  if (quietFor === null) return true;
  const broken = [troubles.engine, troubles.gallery].filter((trouble) => trouble !== undefined);
  return broken.every(({ since, elsewhere }) => elsewhere || at - since < config.beatsBroken);
}

/** After a sleep every patience starts anew: nothing could give a sign of life meanwhile. */
function awake(model: HealingModel, { at, framesWanted }: Tick, config: HealingConfig): HealingModel {
  const slept = at - model.tickedAt > config.asleep;
  const starting = slept
    ? Object.fromEntries(Object.keys(model.starting).map((part) => [part, at]))
    : model.starting;
  return { ...model, starting, tickedAt: at, seenAt: slept || !framesWanted ? at : model.seenAt };
}

/** What has hung, and what has been whole for long enough. */
function noticed(model: HealingModel, { at }: Tick, config: HealingConfig): HealingModel {
  let next = model;
  for (const part of ['engine', 'gallery', 'camera'] as const) {
    const alive = next.starting[part];
    if (alive === undefined || at - alive <= config.silence[part]) continue;
    // An engine waits for its gallery.
    if (part === 'engine' && (next.starting.gallery !== undefined || next.troubles.gallery)) continue;
    const seconds = Math.round((at - alive) / 1000);
    next = failed(next, part, `Its start has not come further for ${seconds} s.`, at, config);
  }
  if (at - next.seenAt > config.blind) {
    const seconds = Math.round((at - next.seenAt) / 1000);
    next = failed({ ...next, seenAt: at }, 'engine', `No frame was analysed for ${seconds} s.`, at, config);
  }
  const { screen, page } = next.troubles;
  const drawn = next.starting.screen;
  if (screen && drawn !== undefined && at - drawn >= config.screenSteady) next = well(next, 'screen', at);
  const calm = next.uncaught.every((one) => at - one >= config.uncaughtWithin);
  if (page && calm) next = well(next, 'page', at);
  return next;
}

function tried(model: HealingModel, part: Part, at: number): HealingModel {
  const trouble = model.troubles[part]!;
  return {
    ...model,
    troubles: { ...model.troubles, [part]: { ...trouble, tries: trouble.tries + 1, trying: true } },
    starting: { ...model.starting, [part]: at },
  };
}

const mayReload = (model: HealingModel, { at, quietFor }: Tick, config: HealingConfig): boolean =>
  quietFor !== null &&
  quietFor >= config.quiet &&
  at - model.startedAt >= reloadSpacing(model.reloads, config);

/** Why the page has to be reloaded, or null where it has not. */
function reloadReason(
  model: HealingModel,
  { at, hour, withoutGpu }: Surroundings & { readonly at: number },
  config: HealingConfig,
): string | null {
  for (const part of parts) {
    const trouble = model.troubles[part];
    if (!trouble || trouble.elsewhere) continue;
    if (trouble.tries >= config.retries[part].length) return `${part}: ${trouble.detail}`;
  }
  const [from, to] = config.night;
  const night = hour >= from && hour < to;
  return withoutGpu && night && at - model.startedAt >= config.gpuAgainAfter
    ? 'The GPU is tried again.'
    : null;
}
