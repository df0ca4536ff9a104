/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** when the sources of this build were made, milliseconds since 1970; empty: not known */
  readonly VITE_SOURCES_AT: string;
}
