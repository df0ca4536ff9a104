import type { BrowserContext } from '@playwright/test';

/** Serves the kiosk's vision worker with what `before` says in front of its program; asked at each start of a worker. */
export async function beforeWorker(context: BrowserContext, before: () => string): Promise<void> {
  await context.route(/assets\/worker-[^/]+\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${before()}\n${await response.text()}` });
  });
}
