// A worker thread starts without the loader that lets Node read TypeScript; it registers its own.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
