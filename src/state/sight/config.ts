/** What counts as a camera that cannot see. Times in milliseconds; looks come about once a second. */
export interface SightConfig {
  /** a fault must last this long before it is told */
  readonly lasts: number;
  /** mean luma below which the picture is black, 0..255 */
  readonly dark: number;
  /** contrast between blocks below which the picture is one plain colour: a lens that is covered; 0..127.5 */
  readonly plain: number;
  /** `PictureLook.focus` below which the picture is far out of focus, and the least contrast with which that can be said */
  readonly focus: number;
  readonly focusContrast: number;
  /** of the newest `votes` of how the stream is turned so many have to agree; one a look */
  readonly votes: number;
  readonly agreeing: number;
  /** a frozen camera is opened again at most so often */
  readonly reopenEvery: number;
  /** looks at an empty shop that make the picture of set-up, and from which one of now is made */
  readonly sceneLooks: number;
  /** correlation with the picture of set-up below which the camera sees something else, -1..1 */
  readonly sceneLikeness: number;
}

/**
 * Measured on rendered people before a plain wall and two pieces of furniture, at 640x480, with noise of 0 and 4 grey levels: focus
 * 0.19 to 0.77 sharp or blurred by 2 pixels, 0.03 to 0.07 by 8, under 0.03 by 12. A black cap over a lens reads under 3 of luma.
 */
export const sightConfig: SightConfig = {
  lasts: 30_000,
  dark: 8,
  plain: 1.5,
  focus: 0.04,
  focusContrast: 10,
  votes: 10,
  agreeing: 8,
  reopenEvery: 600_000,
  sceneLooks: 600,
  sceneLikeness: 0.4,
};
