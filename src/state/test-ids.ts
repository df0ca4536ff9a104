/**
 * Stable names for the browser tests: change them only together with `test/e2e`.
 *
 * The kiosk's root element (`TEST_IDS.kiosk`) carries
 * - `data-phase`: the session's phase (`SessionPhase['kind']`): starting, attract, consent, looking, deciding, greeted, page,
 *   confirm, unknown, lookup, leaving, out-of-order; `suspended` while the staff console has the camera
 * - `data-reason`: in `out-of-order` the reason (`OutOfOrderReason`), in `unknown` and `leaving` why, else absent
 * - `data-hint`: in `looking` and `deciding` the `QualityIssue` that the shopper is told about, else absent
 * - `data-person`: in `greeted`, `page` and `confirm` the person's id, else absent
 * - `data-faces`: how many faces the last frame held: 0, 1, 2 or `3+`
 *
 * The staff console's root (`TEST_IDS.staff`) carries `data-view`: people, enrol, manage, log, health; it is behind a lock
 * (`staff-ids.ts`). The enrolment's root (`TEST_IDS.enrolment`) carries `data-phase`: form, age, guardian, consent, refused,
 * telephone, capture, duplicate, unlike, saving, saved, failed (`handed-back` has the lock screen instead); in `capture` also
 * `data-accepted` (good frames so far) and `data-hint` (the `EnrolmentHint` on show, else absent).
 *
 * Addresses: `#/` the kiosk, `#/staff` people, `#/staff/enrol`, `#/staff/manage`, `#/staff/log`, `#/staff/health`.
 */
export const TEST_IDS = {
  kiosk: 'kiosk',
  video: 'mirror-video',
  servedFace: 'served-face',
  otherFace: 'other-face',
  cameraPill: 'camera-pill',
  headline: 'headline',
  /** how far the start is, on the attract screen until the kiosk can look */
  readiness: 'readiness',
  detail: 'detail',
  hint: 'hint',
  greetingName: 'greeting-name',
  notMe: 'not-me',
  done: 'done',
  extend: 'extend',
  withoutFace: 'without-face',
  agree: 'agree',
  openPage: 'open-page',
  /** the words that are read out */
  caption: 'caption',

  pageLastVisit: 'page-last-visit',
  /** one for each frame of the catalogue; carries `data-frame` (id) and `data-saved` */
  frame: 'frame',
  /** what opens the search, the filter, the look at the face and the list to take along */
  frameSearch: 'frame-search',
  frameFilter: 'frame-filter',
  frameFit: 'frame-fit',
  frameTake: 'frame-take',
  filterDialog: 'filter-dialog',
  filterShape: 'filter-shape',
  filterColour: 'filter-colour',
  filterPrice: 'filter-price',
  filterWidth: 'filter-width',
  searchDialog: 'search-dialog',
  searchWords: 'search-words',
  /** one for each letter of the search; carries `data-key`, `erase` for the last one */
  letter: 'letter',
  /** how many frames were found; carries `data-found` */
  framesFound: 'frames-found',
  framesShow: 'frames-show',
  framesClear: 'frames-clear',
  framesMore: 'frames-more',
  /** how wide the face is; carries `data-state`: ask, looking, told, unseen; in `told` also `data-width` */
  fitDialog: 'fit-dialog',
  fit: 'fit',
  fitLook: 'fit-look',
  fitShow: 'fit-show',
  fitClose: 'fit-close',
  takeDialog: 'take-dialog',
  takeCode: 'take-code',
  takeClose: 'take-close',
  /** not all saved frames went into the code */
  takeSome: 'take-some',
  /** the notice on a page whose owner agreed to an older text, and the text */
  consentRenewal: 'consent-renewal',
  consentRead: 'consent-read',
  consentAgree: 'consent-agree',
  consentRefuse: 'consent-refuse',
  forget: 'forget',
  forgetConfirm: 'forget-confirm',
  forgetCancel: 'forget-cancel',
  /** the question for a PIN; carries `data-by` (own, staff) through its form */
  confirmForm: 'confirm-form',
  confirmPin: 'confirm-pin',
  confirmSend: 'confirm-send',
  confirmBack: 'confirm-back',
  /** changes between the customer's PIN and the staff's */
  confirmBy: 'confirm-by',
  confirmProblem: 'confirm-problem',
  /** asks for a turn of the head in the PIN's place */
  confirmTurn: 'confirm-turn',
  /** while the head is to turn; `data-kind`: steady, turn, back; `data-sign`: left, right, ahead */
  turn: 'turn',

  lookupTelephone: 'lookup-telephone',
  lookupPin: 'lookup-pin',
  lookupFind: 'lookup-find',
  lookupBack: 'lookup-back',
  lookupProblem: 'lookup-problem',
  /** one for each key; carries `data-key` */
  key: 'key',

  settings: 'settings',
  settingsDialog: 'settings-dialog',
  settingsClose: 'settings-close',
  settingTextSize: 'setting-text-size',
  settingContrast: 'setting-contrast',
  settingTheme: 'setting-theme',
  settingPosition: 'setting-position',
  settingMotion: 'setting-motion',
  settingVoice: 'setting-voice',
  settingVolume: 'setting-volume',
  settingPace: 'setting-pace',
  tryAgain: 'try-again',
  join: 'join',
  retry: 'retry',
  language: 'language',
  staffCall: 'staff-call',
  staffCallBanner: 'staff-call-banner',
  staffCallCancel: 'staff-call-cancel',
  /** a line for staff on the shopper's screen; carries `data-notice`: a `SightProblem`, `view` or `damaged` */
  staffNotice: 'staff-notice',
  staffEntry: 'staff-entry',
  /** the screen in place of one that cannot be drawn */
  crash: 'crash',

  staff: 'staff',
  staffClose: 'staff-close',
  staffTabPeople: 'staff-tab-people',
  staffTabEnrol: 'staff-tab-enrol',
  staffTabHealth: 'staff-tab-health',

  enrolment: 'enrolment',
  enrolName: 'enrol-name',
  enrolStart: 'enrol-start',
  enrolHint: 'enrol-hint',
  enrolConfirmBare: 'enrol-confirm-bare',
  enrolCancel: 'enrol-cancel',
  enrolDuplicateName: 'enrol-duplicate-name',
  enrolAnyway: 'enrol-anyway',
  enrolSaved: 'enrol-saved',
  enrolAnother: 'enrol-another',

  /** one for each person; carries `data-person` (id) and `data-name` */
  person: 'person',
  personDelete: 'person-delete',
  confirmDelete: 'confirm-delete',
  cancelDelete: 'cancel-delete',
  /** one for each damaged record; carries `data-record` (id) */
  damaged: 'damaged',
  damagedDiscard: 'damaged-discard',
  removeDemo: 'remove-demo',

  healthCamera: 'health-camera',
  healthBackend: 'health-backend',
  healthRace: 'health-race',
  healthModel: 'health-model',
  healthModelChoice: 'health-model-choice',
  healthModelTimes: 'health-model-times',
  healthFrameTime: 'health-frame-time',
  /** text is the plain number of live tensors */
  healthTensors: 'health-tensors',
  healthStorage: 'health-storage',
  healthRelease: 'health-release',
  healthRepair: 'health-repair',
  healthSelfTest: 'health-self-test',
  selfTest: 'self-test',
} as const;
