/**
 * Stable names of the staff console for the browser tests, beside `TEST_IDS`: change them only together with `test/e2e`.
 *
 * The lock screen (`STAFF_IDS.lockScreen`) carries `data-lock`: waiting, first-run, locked, open (`ConsoleLockState['kind']`), and
 * `data-attempt`: none, trying, wrong, differs, weak, failed. `#/staff/manage` and `#/staff/log` are further views. The
 * enrolment's phases (`TEST_IDS.enrolment`, `data-phase`) are those of `EnrolmentPhase`.
 */
export const STAFF_IDS = {
  lockScreen: 'staff-lock-screen',
  /** the first run; carries `data-step`: reading, code, missing, backup, choose, repeat */
  firstRun: 'staff-first-run',
  /** after a loss: goes on with a backup instead of the set-up code */
  byBackup: 'staff-by-backup',
  backupProof: 'staff-backup-proof',
  pin: 'staff-pin',
  pinSubmit: 'staff-pin-submit',
  wait: 'staff-wait',
  closing: 'staff-closing',
  stay: 'staff-stay',
  lock: 'staff-lock',
  tabManage: 'staff-tab-manage',
  tabLog: 'staff-tab-log',
  tabSetUp: 'staff-tab-setup',

  /** the set-up; carries `data-step`: screen, camera, shop, asking, test, or all of them once it is done */
  setUp: 'setup',
  setUpNext: 'setup-next',
  setUpBack: 'setup-back',
  /** carries `data-step` */
  setUpOpen: 'setup-open',
  setUpSave: 'setup-save',
  /** a typed field; carries `data-field` */
  setUpField: 'setup-field',
  setUpLanguage: 'setup-language',
  setUpCameras: 'setup-cameras',
  setUpCameraState: 'setup-camera-state',
  setUpRotation: 'setup-rotation',
  setUpMirrored: 'setup-mirrored',
  /** carries `data-asking` */
  setUpAsking: 'setup-asking',
  setUpSigns: 'setup-signs',
  setUpStrictness: 'setup-strictness',
  setUpPassive: 'setup-passive',
  /** the kiosk's test of itself; carries `data-state`: idle, looking, passed, failed */
  kioskTest: 'kiosk-test',
  kioskTestStart: 'kiosk-test-start',
  kioskTestVerdict: 'kiosk-test-verdict',
  kioskTestBackend: 'kiosk-test-backend',
  /** how faces are asked for, and what of the settings could not be read, in the health view; carries `data-asking` */
  healthAsking: 'health-asking',
  healthPassive: 'health-passive',
  healthSettings: 'health-settings',
  healthCatalogue: 'health-catalogue',
  /** which recogniser runs (carries `data-model`), and the change to another one */
  setUpModel: 'set-up-model',
  setUpModelChoice: 'set-up-model-choice',
  setUpModelChange: 'set-up-model-change',
  setUpModelConfirm: 'set-up-model-confirm',
  /** enlarges everything, in the steps of an enrolment that are the customer's */
  textSize: 'text-size',

  /** the browser lost the gallery; also on the first run that follows */
  lost: 'staff-lost',
  clock: 'staff-clock',
  clockConfirm: 'staff-clock-confirm',
  lostDismiss: 'staff-lost-dismiss',
  search: 'staff-search',
  /** opens a person's page; carries `data-person` and `data-name` through its row */
  open: 'staff-open',
  back: 'staff-back',
  personPage: 'staff-person',
  personName: 'staff-person-name',
  name: 'staff-name',
  nameSave: 'staff-name-save',
  note: 'staff-note',
  noteSave: 'staff-note-save',
  telephone: 'staff-telephone',
  telephonePin: 'staff-telephone-pin',
  telephoneSave: 'staff-telephone-save',
  telephoneRemove: 'staff-telephone-remove',
  /** carries `data-current` and `data-old`: templates by the running model and by others */
  templates: 'staff-templates',
  alike: 'staff-alike',
  addPicture: 'staff-add-picture',
  reEnrol: 'staff-re-enrol',
  renewConsent: 'staff-renew-consent',
  /** in the list: what they agreed to is of an older text */
  consentOutdated: 'staff-consent-outdated',
  consentUntil: 'staff-consent-until',

  ofAge: 'age-yes',
  underAge: 'age-no',
  guardian: 'guardian-here',
  agree: 'consent-agree',
  refuse: 'consent-refuse',
  byTelephone: 'consent-by-telephone',

  /** what can be undone; one card for each act, which carries `data-action` and `data-name` */
  undoable: 'staff-undoable',
  undoCard: 'staff-undo-card',
  undo: 'staff-undo',
  undoForget: 'staff-undo-forget',
  /** why somebody is erased; carries `data-way`: removed, asked */
  removeWay: 'staff-remove-way',
  merge: 'staff-merge',
  mergeSearch: 'staff-merge-search',
  /** carries `data-name` */
  mergeTake: 'staff-merge-take',
  /** carries `data-faces`: alike, unlike, not-comparable */
  mergePreview: 'staff-merge-preview',
  mergeStart: 'staff-merge-start',
  /** carries `data-weeks`: how many are shown; its rows carry `data-measure` */
  weeks: 'staff-weeks',
  /** how many own customers a choice would miss; carries `data-strictness`, `data-looks`, `data-missed` */
  strictnessMissed: 'staff-strictness-missed',

  /** carries `data-strictness` */
  strictness: 'staff-strictness',
  strictnessDone: 'staff-strictness-done',
  backupPassphrase: 'backup-passphrase',
  backupAgain: 'backup-again',
  backupMake: 'backup-make',
  /** of a saved file; carries `data-saved`: there, gone, removed */
  backupDone: 'backup-done',
  savedRemove: 'saved-remove',
  restoreFile: 'restore-file',
  restorePassphrase: 'restore-passphrase',
  restorePreview: 'restore-preview',
  /** carries `data-added`, `data-updated`, `data-withdrawn`, `data-removed` */
  restoreCounts: 'restore-counts',
  /** the log here is not the one that the backup remembers */
  restoreLogGone: 'restore-log-gone',
  restoreMerge: 'restore-merge',
  restoreReplace: 'restore-replace',
  restoreKnown: 'restore-known',
  restoreStart: 'restore-start',
  restoreDone: 'restore-done',
  /** carries `data-findings`: how much is wrong */
  incident: 'incident',
  incidentCheck: 'incident-check',
  incidentBackup: 'incident-backup',
  incidentNoticed: 'incident-noticed',
  incidentBy: 'incident-by',
  incidentReport: 'incident-report',
  incidentNames: 'incident-names',
  /** the dialog that asks for a PIN again; its field and button are `pin` and `pinSubmit` */
  askPin: 'staff-ask-pin',
  /** one for each; carries `data-name` */
  member: 'staff-member',
  memberName: 'staff-member-name',
  memberPin: 'staff-member-pin',
  memberAgain: 'staff-member-again',
  memberAdd: 'staff-member-add',
  memberNewPin: 'staff-member-new-pin',
  memberRemove: 'staff-member-remove',
  memberDone: 'staff-member-done',
  stop: 'staff-stop',
  needs: 'staff-needs',
  rekey: 'staff-rekey',
  rekeyDone: 'staff-rekey-done',
  wipe: 'staff-wipe',
  wipeWord: 'staff-wipe-word',
  /** a refusal in words; carries `data-code` */
  problem: 'staff-problem',

  /** carries `data-good`, and `data-broken` where a part has failed */
  healthVerdict: 'health-verdict',
  /** one for each thing to see to; carries `data-code` (`WarningCode`) */
  healthWarning: 'health-warning',
  acceptView: 'health-accept-view',
  /** carries `data-intact` */
  logChain: 'log-chain',
  logExport: 'log-export',
  /** one for each line; carries `data-action` */
  logLine: 'log-line',
} as const;
