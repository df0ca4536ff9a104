// A process started by node itself knows no TypeScript; this one line brings it.
import { register } from 'tsx/esm/api';

register();
await import('./verify-worker.ts');
