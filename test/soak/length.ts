/** `npm run soak -- --quick`: long enough to see that a test starts and judges. */
export const QUICK = process.env['SOAK_QUICK'] === '1';

/** Random moments at which the gallery's browser is killed. */
export const MOMENTS = QUICK ? 6 : 100;
/** Frames over which tensors are counted. */
export const FRAMES = QUICK ? 40 : 500;
/** Visits of the customer, and hours of the kiosk's time in which they come; both are reached. */
export const RECOGNITIONS = QUICK ? 40 : 10_000;
export const HOURS = (8 * RECOGNITIONS) / 10_000;
