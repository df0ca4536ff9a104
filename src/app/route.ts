import { useSyncExternalStore } from 'react';
import { type StaffView, staffViews } from '../staff/views.ts';

export type Route = { readonly kind: 'kiosk' } | { readonly kind: 'staff'; readonly view: StaffView };

/** `#/staff` and `#/staff/VIEW` open the staff console; every other address opens the kiosk. */
export function parseRoute(hash: string): Route {
  const [, room, name] = hash.split('/');
  if (room !== 'staff') return { kind: 'kiosk' };
  return { kind: 'staff', view: staffViews.find((view) => view === name) ?? 'people' };
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export const useRoute = (): Route => parseRoute(useSyncExternalStore(subscribe, () => window.location.hash));
