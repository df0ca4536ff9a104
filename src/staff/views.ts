export const staffViews = ['people', 'enrol', 'health'] as const;
export type StaffView = (typeof staffViews)[number];
