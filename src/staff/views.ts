export const staffViews = ['people', 'enrol', 'manage', 'setup', 'log', 'health'] as const;
export type StaffView = (typeof staffViews)[number];
