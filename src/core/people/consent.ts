const WITHOUT_FACE = '-telephone';

/** The version of a consent whose way goes without a face. @param version of the consent with one */
export const withoutFace = (version: string): string => version + WITHOUT_FACE;

/** Whether a consent of this version is one without a face. */
export const isWithoutFace = (version: string): boolean => version.endsWith(WITHOUT_FACE);
