import type { Clock } from '@rounz/core/time/clock.ts';
import type { ListedMember, LockState, StaffLock, UnlockResult } from '../../src/gallery/contract/lock.ts';

/** A lock in memory whose PIN is `2468` unless another is given; it opens for five minutes. */
export class FakeLock implements StaffLock {
  current: LockState = { kind: 'unset' };
  listeners = new Set<(state: LockState) => void>();
  answer: UnlockResult | null = null;
  kept = 0;
  staff: readonly ListedMember[] = [];
  readonly clock: Clock;
  readonly pin: string;
  constructor(clock: Clock, pin = '2468') {
    this.clock = clock;
    this.pin = pin;
  }
  state = () => this.current;
  subscribe(listener: (state: LockState) => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  set(state: LockState) {
    this.current = state;
    for (const listener of this.listeners) listener(state);
  }
  open() {
    this.set({ kind: 'open', until: Date.parse(this.clock.date()) + 300_000 });
  }
  async setPin(pin: string) {
    if (pin === '111111') throw Object.assign(new Error('weak'), { code: 'weak-pin' });
    this.open();
  }
  async unlock(pin: string): Promise<UnlockResult> {
    if (pin === this.pin) {
      this.open();
      return { kind: 'open' };
    }
    const retryAt = Date.parse(this.clock.date()) + 30_000;
    this.set({ kind: 'locked', failures: 3, retryAt });
    return { kind: 'wrong', retryAt };
  }
  confirm = (pin: string) => this.#tried(pin);
  changePin = (pin: string) => this.#tried(pin);
  async addMember(pin: string, name: string): Promise<UnlockResult> {
    const result = await this.#tried(pin);
    if (result.kind === 'open') this.staff = [...this.staff, { id: crypto.randomUUID(), name, hasPin: true }];
    return result;
  }
  setMemberPin = (pin: string) => this.#tried(pin);
  async removeMember(pin: string, id: string): Promise<UnlockResult> {
    const result = await this.#tried(pin);
    if (result.kind === 'open') this.staff = this.staff.filter((one) => one.id !== id);
    return result;
  }
  members = () => this.staff;
  /** Leaves the lock as it is. */
  async #tried(pin: string): Promise<UnlockResult> {
    return pin === this.pin ? { kind: 'open' } : { kind: 'wrong', retryAt: null };
  }
  lock() {
    if (this.current.kind === 'open') this.set({ kind: 'locked', failures: 0, retryAt: null });
  }
  keepOpen() {
    this.kept += 1;
    this.open();
  }
}
