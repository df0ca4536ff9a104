export const staffViews = ['people', 'enrol', 'manage', 'log', 'health'] as const;
export type StaffView = (typeof staffViews)[number];
