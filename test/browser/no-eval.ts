import { z } from 'zod';

// To be imported before any schema is made: zod tries `new Function` then, which the content security policy reports as an error.
z.config({ jitless: true });
